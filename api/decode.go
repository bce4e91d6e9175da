package api

import (
	"errors"
	"io"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// polled reads an answer to a poll in one pass, while it arrives: the items at data.result.pages[].items[] go to the table as
// they end, and the skeleton gets the answer without them: valid JSON in which a text such as "29 items" stands for each
// array of items, and white space between fields is left out.
//
// onItems, unless nil, is told of the items so far: at once of the first, then about every 50 ms, always on the calling
// goroutine.
//
// Anything but one JSON value is an error: [io.ErrUnexpectedEOF] for a body that was cut, [*jsonscan.SyntaxError] with the
// offset in the body, or whatever the reader returned; each can be found by errors.Is or errors.As. The items before it are
// kept all the same, and so is the answer around them, closed where it broke off.
func (d *decoder) polled() error {
	d.mostBlank = maxBlank
	return d.answer(stepAnswer)
}

// decoder takes the items out of an answer.
type decoder struct {
	window
	skeleton skeleton
	builder  item.Builder
	key      []byte // of the member that is being read, in its quotes
	limits   Limits
	maxItem  int // bytes
	source   *limitedSource

	// What [OpenNamed] found out about its source.
	wrapping  string // words for what was around the text: " unpacked from gzip"
	delimiter byte   // of CSV
	placeless bool   // what the source holds has no lines

	onItems func(item.Table)
	told    int // items that onItems knows of
	toldAt  time.Time
}

// maxCounted is how large an item may be, in bytes, that is checked before it is counted where none is kept.
const maxCounted = 16 << 20

func newDecoder(r io.Reader, limits Limits, onItems func(item.Table)) *decoder {
	limits = limits.withDefaults()
	source := &limitedSource{source: r, left: limits.Body}
	d := &decoder{
		window: window{read: newPieces(source).read}, skeleton: skeleton{most: maxSkeleton},
		limits: limits, maxItem: limits.item(), source: source, onItems: onItems,
	}
	d.builder.SetLimit(limits.table())
	if limits.CountOnly {
		d.maxItem = min(d.maxItem, maxCounted)
		d.builder.CountOnly()
	}
	d.beforeRead = d.tell
	return d
}

// tellingPause is how long after it was told of items onItems is left alone.
const tellingPause = 50 * time.Millisecond

// tell tells of the items so far, unless it was done just now. It happens before each read, so that what has arrived is
// known while the next part is waited for.
func (d *decoder) tell() {
	if d.onItems == nil || d.builder.Len() == d.told {
		return
	}
	now := time.Now()
	if d.told > 0 && now.Sub(d.toldAt) < tellingPause {
		return
	}
	d.told, d.toldAt = d.builder.Len(), now
	d.onItems(d.builder.Items())
}

// step is an object on the way from an answer to its items.
type step int

const (
	stepAnswer step = iota
	stepData
	stepResult
	stepPage
)

// leadsOn tells whether the items lie within the value of a key, which stands in its quotes, of an object on the way, by
// the value's first byte.
func (s step) leadsOn(key []byte, first byte) bool {
	name, opening := "", byte('{')
	switch s {
	case stepAnswer:
		name = "data"
	case stepData:
		name = "result"
	case stepResult:
		name, opening = "pages", '['
	case stepPage:
		name, opening = "items", '['
	}
	return first == opening && jsonscan.IsKey(key[1:len(key)-1], name)
}

// answer reads the one value of a text and all of the text. The value is the object at a step.
func (d *decoder) answer(s step) error {
	first, err := d.expect()
	switch {
	case err != nil:
		return err
	case first == '{':
		err = d.object(nil, s)
	default:
		var value []byte
		if value, err = d.scanOuter(jsonscan.Value, maxValue, errValueTooLarge); err == nil {
			d.skeleton.put(nil, value)
		}
	}
	if err != nil {
		return err
	}
	return d.end()
}

// end makes sure that nothing follows.
func (d *decoder) end() error {
	switch _, err := d.next(); {
	case err == nil:
		return &jsonscan.SyntaxError{Offset: d.offset(), Reason: "something follows the answer's end"}
	case errors.Is(err, io.EOF):
		return nil
	default:
		return d.broken(err)
	}
}

// object reads an object on the way to the items, from its brace to its brace.
func (d *decoder) object(key []byte, s step) error {
	d.skeleton.open(key, "{}")
	if err := d.list('}', func() error { return d.member(s) }); err != nil {
		return err
	}
	d.skeleton.close()
	return nil
}

// list reads an object or an array, whose closing bracket is given: its brackets and commas, and by part what stands
// between them.
func (d *decoder) list(closing byte, part func() error) error {
	d.from++ // the opening bracket
	for empty := true; ; empty = false {
		next, err := d.expect()
		if err != nil {
			return err
		}
		if empty && next == closing {
			d.from++
			return nil
		}
		if err := part(); err != nil {
			return err
		}
		switch next, err := d.expect(); {
		case err != nil:
			return err
		case next != closing && next != ',':
			return d.unexpected()
		case next == closing:
			d.from++
			return nil
		}
		d.from++
	}
}

// member reads a key and its value.
func (d *decoder) member(s step) error {
	if first := d.buffer[d.from]; first != '"' {
		return d.unexpected()
	}
	key, err := d.scan(jsonscan.Value, maxValue, errKeyTooLarge)
	if errors.Is(err, errKeyTooLarge) {
		return d.skipMember()
	}
	if err != nil {
		return err
	}
	d.key = append(d.key[:0], key...)
	if err := d.take(':'); err != nil {
		return err
	}
	first, err := d.expect()
	switch {
	case err != nil:
		return err
	case !s.leadsOn(d.key, first):
		return d.plainValue(d.key)
	case s == stepResult:
		return d.pages(d.key)
	case s == stepPage:
		return d.items(d.key)
	default:
		return d.object(d.key, s+1)
	}
}

// skipMember passes over a member whose key is too large.
func (d *decoder) skipMember() error {
	d.skeleton.cut = true
	if err := d.skip(); err != nil {
		return err
	}
	if err := d.take(':'); err != nil {
		return err
	}
	if _, err := d.expect(); err != nil {
		return err
	}
	return d.skip()
}

// plainValue reads a value that no items are in. One that is too large counts as not sent.
func (d *decoder) plainValue(key []byte) error {
	value, err := d.scan(jsonscan.Value, maxValue, errValueTooLarge)
	if errors.Is(err, errValueTooLarge) {
		d.skeleton.cut = true
		d.skeleton.put(key, []byte("null"))
		return d.skip()
	}
	if err == nil {
		d.skeleton.put(key, value)
	}
	return err
}

// pages reads the array of pages. Whatever is not an object in it is a page without items.
func (d *decoder) pages(key []byte) error {
	d.skeleton.open(key, "[]")
	d.skeleton.inPages = true
	err := d.list(']', func() error {
		d.builder.StartPage()
		if d.buffer[d.from] == '{' {
			return d.object(nil, stepPage)
		}
		return d.plainValue(nil)
	})
	if err != nil {
		return err
	}
	d.skeleton.inPages = false
	d.skeleton.close()
	return nil
}

// items reads an array of items, and leaves a word for it in the skeleton even where it breaks off.
func (d *decoder) items(key []byte) error {
	before := d.builder.Total()
	err := d.list(']', d.item)
	d.skeleton.put(key, itemsWord(d.builder.Total()-before))
	return err
}

// item reads one item into the table.
func (d *decoder) item() error {
	take := d.appendItem
	if d.builder.Full() {
		take = d.builder.Pass
	}
	if _, err := d.scan(take, d.maxItem, item.ErrItemTooLarge); err != nil {
		return d.passTooLarge(err)
	}
	return nil
}

// passTooLarge passes over an item that is too large, where err says so.
func (d *decoder) passTooLarge(err error) error {
	if errors.Is(err, item.ErrItemTooLarge) {
		if err = d.skip(); err == nil {
			d.builder.Skip()
		}
	}
	return err
}

// takeItem reads the item that a text begins with, into the table as long as that is not full.
func (d *decoder) takeItem(text []byte) (int, error) {
	if d.builder.Full() {
		return d.builder.Pass(text)
	}
	return d.appendItem(text)
}

// appendItem reads the item that a text begins with into the table, without copying it if it is in the window.
func (d *decoder) appendItem(text []byte) (int, error) {
	if d.from < d.to && len(text) > 0 && &text[0] == &d.buffer[d.from] {
		return d.builder.AppendIn(d.buffer, d.from, d.to)
	}
	return d.builder.Append(text)
}
