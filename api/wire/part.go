package wire

import (
	"errors"

	"sbwatch/model/jsonscan"
)

// Part says which part of an answer to a poll a text contains. A saved file may contain the whole answer, only its
// data, only its result, or only its items.
type Part int

const (
	// PartItems is a sequence of items or arrays of items.
	PartItems Part = iota
	// PartResult is the result of a run.
	PartResult
	// PartData is the data of an answer.
	PartData
	// PartAnswer is an answer with its envelope.
	PartAnswer
)

// partWindow is the maximum number of bytes that [Decoder.Part] reads to recognize a text. A text that is not
// recognized by then is treated as items.
const partWindow = 64 << 10

// Part returns which part of an answer the text contains. It reads ahead until the part is certain, but consumes only
// white space.
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

// partOf returns the part of an answer that begins with text. sure is false if more text could change the result.
//
// Items may have keys named data, result, pages or status, so one key is not enough:
//   - A result has an array of pages. In addition, the first page has items, or the result has mode, drift or warnings.
//   - The data of a poll has such a result, or it has an id and at least two more fields of a run.
//   - An answer has such data, or it has a status, a request id, and either data or an error.
//   - Any other text is items.
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

// DecodePart decodes a text that contains only part p of an answer, and adds its items to the table. It returns the
// same errors as [Decoder.Decode]. p must not be PartItems, which only files contain.
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
	return errBareItems
}

// DecodePart returns errBareItems if it is called with PartItems.
var errBareItems = errors.New("the text contains items without an answer around them")

// NoteItems makes [Decoder.Around] return the number of items decoded so far. Call NoteItems for a text that contains
// items without an answer around them.
func (d *Decoder) NoteItems() { d.skeleton.put(nil, itemsWord(d.builder.Total())) }

// peeked maps the keys of an object to their values. If the object was cut short, the last value is incomplete.
type peeked object

// peek parses an object that may be cut off. It returns no fields if text is not an object. ended is false if text ends
// inside the object.
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

// begins reports whether the value of a key starts with a certain byte.
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
