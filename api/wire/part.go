package wire

import (
	"errors"
	"io"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// Part is how much of an answer to a poll a text holds.
type Part int

const (
	// PartItems is items and arrays of items, one after the other.
	PartItems Part = iota
	// PartResult is the result of a run.
	PartResult
	// PartData is the data of an answer.
	PartData
	// PartAnswer is an answer with its envelope.
	PartAnswer
)

// partWindow is how much of a text is examined, in bytes, before it counts as items.
const partWindow = 64 << 10

// Part returns the part of an answer that the text holds. It reads no more than it needs to be sure, and uses up only white
// space.
func (d *Decoder) Part() Part {
	if _, err := d.Next(); err != nil {
		return PartItems
	}
	for {
		p, sure := partOf(d.Bytes())
		if sure || len(d.Bytes()) >= partWindow || d.Grow() != nil {
			return p
		}
	}
}

// partOf returns the part of an answer that a text begins with, and reports whether more of the text could not change that.
//
// An item may have keys named data, result, pages or status, so a name alone proves nothing. A result is an object
// with an array of pages that have items, or with mode, drift or warnings next to it. The data of a poll is an object with such
// a result, or with an id and at least two other fields of a run. An answer is an object with such data, or with a status and
// a request id next to data or an error. Everything else is items.
func partOf(text []byte) (p Part, sure bool) {
	fields, ended := peek(text)
	switch {
	case fields.isAnswer():
		return PartAnswer, true
	case fields.isData():
		return PartData, true
	case fields.isResult():
		return PartResult, true
	default:
		return PartItems, ended
	}
}

// DecodePart reads the whole text, which holds a part of an answer, and adds its items to the table. Errors are those of
// [Decoder.Decode].
func (d *Decoder) DecodePart(p Part) error {
	switch p {
	case PartAnswer:
		return d.answer(stepAnswer)
	case PartData:
		return d.answer(stepData)
	case PartResult:
		return d.answer(stepResult)
	case PartItems:
	}
	err := d.sequence()
	d.NoteItems()
	return err
}

// NoteItems makes the number of items all that [Decoder.Around] returns, for items without an enclosing answer.
func (d *Decoder) NoteItems() { d.skeleton.put(nil, itemsWord(d.builder.Total())) }

// sequence reads values to the end of the text. Each value is an item. If the first value is an array, the items are the
// elements of all arrays instead.
func (d *Decoder) sequence() error {
	lists := false
	for values := 0; ; values++ {
		first, err := d.Next()
		if values == 0 {
			lists = first == '['
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return d.Broken(err)
		case first == '[' && lists:
			err = d.list(']', d.item)
		default:
			_, err = d.scanOuter(d.AddItem, d.limits.ItemSize(), item.ErrItemTooLarge)
			err = d.passTooLarge(err)
		}
		if err != nil {
			return err
		}
	}
}

// peeked holds the values of an object that may be cut short; the last value may be incomplete.
type peeked object

// peek parses the fields of an object as far as it is there, and reports whether more of the text could not add any. Anything
// but an object has none.
func peek(text []byte) (fields peeked, ended bool) {
	if len(text) == 0 || text[0] != '{' {
		return nil, true
	}
	fields = peeked{}
	for {
		text = text[1:] // the brace, or the comma
		text = text[jsonscan.Space(text, 0):]
		key, err := jsonscan.Value(text)
		if err != nil || text[0] != '"' {
			return fields, !errors.Is(err, jsonscan.ErrShort)
		}
		name := string(jsonscan.AppendDecoded(nil, text[1:key-1]))
		text = text[jsonscan.Space(text, key):]
		if len(text) == 0 || text[0] != ':' {
			return fields, len(text) > 0
		}
		text = text[jsonscan.Space(text, 1):]
		value, err := jsonscan.Value(text)
		if err != nil {
			fields[name] = text
			return fields, !errors.Is(err, jsonscan.ErrShort)
		}
		fields[name] = text[:value]
		text = text[jsonscan.Space(text, value):]
		if len(text) == 0 || text[0] != ',' {
			return fields, len(text) > 0
		}
	}
}

// begins reports whether the value of a field begins with a byte.
func (p peeked) begins(key string, first byte) bool { return len(p[key]) > 0 && p[key][0] == first }

// count returns how many of the keys are present.
func (p peeked) count(keys ...string) int {
	n := 0
	for _, key := range keys {
		if _, there := p[key]; there {
			n++
		}
	}
	return n
}

func (p peeked) isAnswer() bool {
	if data, _ := peek(p["data"]); data.isData() {
		return true
	}
	return p.begins("status", '"') && p.begins("request_id", '"') && (p.begins("data", '{') || p.begins("error", '{'))
}

func (p peeked) isData() bool {
	if result, _ := peek(p["result"]); result.isResult() {
		return true
	}
	return p.begins("id", '"') && p.count("recipe_id", "run_status", "pages_extracted", "items_extracted") >= 2
}

func (p peeked) isResult() bool {
	if !p.begins("pages", '[') {
		return false
	}
	pages := p["pages"]
	page, _ := peek(pages[jsonscan.Space(pages, 1):])
	return page.begins("items", '[') || p.count("mode", "drift", "warnings") > 0
}
