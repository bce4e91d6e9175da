package wire

import (
	"errors"
	"io"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// Decode reads an answer to a poll in one pass while it arrives. It adds each item at data.result.pages[].items[] to
// the table as soon as the item is complete.
//
// The answer must be a single JSON value. If it is cut off, the error wraps [io.ErrUnexpectedEOF]. If it is invalid,
// the error wraps a [*jsonscan.SyntaxError] with the offset. Any other error comes from the reader. After an error, the
// table contains the items before it.
func (d *Decoder) Decode() error {
	d.maxBlank = maxBlank
	return d.answer(stepAnswer)
}

// Items returns a table of the items so far.
func (d *Decoder) Items() item.Table { return d.builder.Items() }

// Around returns the answer without its items, as compact JSON. A string such as "29 items" replaces each array of
// items. If the answer was cut off, Around closes the open values.
func (d *Decoder) Around() []byte { return d.skeleton.end() }

// Decoder reads an answer to a poll and collects its items in a table.
type Decoder struct {
	Window
	skeleton skeleton
	builder  item.Builder
	key      []byte // key of the current member, in quotes
	limits   Limits
	maxItem  int // maximum size of an item in bytes
	source   *limitedSource
	pieces   *pieces

	onItems func(item.Table)
	told    int // number of items at the last call of onItems
	toldAt  time.Time
}

// maxCounted is the maximum size of an item, in bytes, if items are only counted.
const maxCounted = 16 << 20

// NewDecoder returns a decoder that reads an answer from r. If onItems is not nil, the decoder calls it with all items
// decoded so far: after the first item, and then about every 50 ms. It calls onItems on the goroutine that calls
// Decode.
func NewDecoder(r io.Reader, limits Limits, onItems func(item.Table)) *Decoder {
	limits = limits.withDefaults()
	source := &limitedSource{source: r, left: limits.Body}
	pieces := newPieces(source)
	d := &Decoder{
		Window: Window{read: pieces.read}, pieces: pieces, skeleton: skeleton{limit: maxSkeleton},
		limits: limits, maxItem: limits.ItemSize(), source: source, onItems: onItems,
	}
	d.builder.SetLimit(limits.TableSize())
	if limits.CountOnly {
		d.maxItem = min(d.maxItem, maxCounted)
		d.builder.CountOnly()
	}
	d.beforeRead = d.Report
	return d
}

// reportPause is the minimum time between two calls of onItems.
const reportPause = 50 * time.Millisecond

// Report calls onItems with the items so far, if some of them are new and the last call was at least reportPause ago.
// The decoder calls Report before each read, so that items that have arrived are shown while it waits for more.
func (d *Decoder) Report() {
	if d.onItems == nil || d.builder.Len() == d.told {
		return
	}
	now := time.Now()
	if d.told > 0 && now.Sub(d.toldAt) < reportPause {
		return
	}
	d.told, d.toldAt = d.builder.Len(), now
	d.onItems(d.builder.Items())
}

// step is a level of nesting on the path from the answer to its items.
type step int

const (
	stepAnswer step = iota
	stepData
	stepResult
	stepPage
)

// leadsOn reports whether a member of an object at level s is on the path to the items. key is the key of the member,
// in quotes. The parameter first is the first byte of the value of the member.
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

// answer reads a text that must be a single value. If this value is an object, s is its level of nesting.
func (d *Decoder) answer(s step) error {
	first, err := d.expect()
	switch {
	case err != nil:
		return err
	case first == '{':
		err = d.object(nil, s)
	default:
		var value []byte
		if value, err = d.ScanOuter(jsonscan.Value, maxValue, errValueTooLarge); err == nil {
			d.skeleton.put(nil, value)
		}
	}
	if err != nil {
		return err
	}
	return d.end()
}

// end returns an error if anything but white space follows.
func (d *Decoder) end() error {
	switch _, err := d.Next(); {
	case err == nil:
		return &jsonscan.SyntaxError{Offset: d.Offset(), Reason: "unexpected data after the answer"}
	case errors.Is(err, io.EOF):
		return nil
	default:
		return d.Broken(err)
	}
}

// object reads an object that contains items, including its braces. s is its level of nesting.
func (d *Decoder) object(key []byte, s step) error {
	d.skeleton.open(key, "{}")
	if err := d.list('}', func() error { return d.member(s) }); err != nil {
		return err
	}
	d.skeleton.close()
	return nil
}

// list reads the brackets and commas of an object or an array, and calls readElement for each element. closing is the
// closing bracket.
func (d *Decoder) list(closing byte, readElement func() error) error {
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
		if err := readElement(); err != nil {
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
func (d *Decoder) member(s step) error {
	if first := d.buffer[d.from]; first != '"' {
		return d.unexpected()
	}
	key, err := d.Scan(jsonscan.Value, maxValue, errKeyTooLarge)
	if errors.Is(err, errKeyTooLarge) {
		return d.skipMember()
	}
	if err != nil {
		return err
	}
	d.key = append(d.key[:0], key...)
	if err := d.consume(':'); err != nil {
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
		return d.itemArray(d.key)
	default:
		return d.object(d.key, s+1)
	}
}

// skipMember skips a member whose key is too large.
func (d *Decoder) skipMember() error {
	d.skeleton.cut = true
	if err := d.Skip(); err != nil {
		return err
	}
	if err := d.consume(':'); err != nil {
		return err
	}
	if _, err := d.expect(); err != nil {
		return err
	}
	return d.Skip()
}

// plainValue reads a value that contains no items. A value that is too large is ignored.
func (d *Decoder) plainValue(key []byte) error {
	value, err := d.Scan(jsonscan.Value, maxValue, errValueTooLarge)
	if errors.Is(err, errValueTooLarge) {
		d.skeleton.cut = true
		d.skeleton.put(key, []byte("null"))
		return d.Skip()
	}
	if err == nil {
		d.skeleton.put(key, value)
	}
	return err
}

// pages reads the array of pages. An element that is not an object counts as a page without items.
func (d *Decoder) pages(key []byte) error {
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

// itemArray reads an array of items. In the answer without items, d.skeleton, a text such as "29 items" replaces the
// array, even if the array is truncated.
func (d *Decoder) itemArray(key []byte) error {
	before := d.builder.Total()
	err := d.list(']', d.item)
	d.skeleton.put(key, itemsWord(d.builder.Total()-before))
	return err
}

// item adds one item to the table.
func (d *Decoder) item() error {
	take := d.appendItem
	if d.builder.Full() {
		take = d.builder.Pass
	}
	if _, err := d.Scan(take, d.maxItem, item.ErrItemTooLarge); err != nil {
		return d.passTooLarge(err)
	}
	return nil
}

// passTooLarge skips the next item if err says that the item is too large. Otherwise it returns err.
func (d *Decoder) passTooLarge(err error) error {
	if errors.Is(err, item.ErrItemTooLarge) {
		if err = d.Skip(); err == nil {
			d.builder.Skip()
		}
	}
	return err
}

// AddItem adds the item at the beginning of text to the table and returns its length in bytes. If the table is full,
// the item is only validated and counted.
func (d *Decoder) AddItem(text []byte) (int, error) {
	if d.builder.Full() {
		return d.builder.Pass(text)
	}
	return d.appendItem(text)
}

// appendItem adds the item at the start of text to the table. If text is already in the buffer of the window, the item
// is not copied.
func (d *Decoder) appendItem(text []byte) (int, error) {
	if d.from < d.to && len(text) > 0 && &text[0] == &d.buffer[d.from] {
		return d.builder.AppendIn(d.buffer, d.from, d.to)
	}
	d.builder.StopCollecting() // the item was converted from another format, whose blocks have no collected values either
	return d.builder.Append(text)
}

// Join adds the items of p, which were parsed separately, to the table; see [item.Builder.Join].
func (d *Decoder) Join(p *item.Part) { d.builder.Join(p) }

// Scanner returns a scanner for blocks to pass to [Decoder.JoinBlock]; see [item.Builder.Scanner].
func (d *Decoder) Scanner() *item.Scanner { return d.builder.Scanner() }

// Expect tells the decoder how many bytes of items to expect; see [item.Builder.Expect].
func (d *Decoder) Expect(bytes int64) { d.builder.Expect(bytes) }

// JoinBlock adds the items of b, which were parsed separately, to the table. Their text is in the window, starts at
// offset, and is not copied. JoinBlock returns false if the items exceed a limit; see [item.Builder.JoinBlock].
func (d *Decoder) JoinBlock(offset int, b *item.Block) bool {
	return d.builder.JoinBlock(d.buffer, d.from+offset, b)
}

// AddRepaired adds an item that contains NaN or Infinity. original is the text of the item. repaired is valid JSON: the
// same text, but with numbers in place of these words. See [item.Builder.AppendRepaired].
func (d *Decoder) AddRepaired(original, repaired []byte) error {
	return d.builder.AppendRepaired(original, repaired)
}

// Full reports whether the table is full. Items that follow are counted, but not kept.
func (d *Decoder) Full() bool { return d.builder.Full() }

// SkipItem counts an item that is not kept.
func (d *Decoder) SkipItem() { d.builder.Skip() }

// Rewrite replaces each of the first n items. The function appendNew receives the JSON of an item as row, and appends
// the new JSON of this item to dst. About every 50 ms, Rewrite calls the function onItems given to [NewDecoder].
func (d *Decoder) Rewrite(n int, appendNew func(dst, row []byte) []byte) {
	d.builder.Rewrite(n, appendNew, func() {
		if d.onItems != nil && time.Since(d.toldAt) >= reportPause {
			d.toldAt = time.Now()
			d.onItems(d.builder.Items())
		}
	})
}

// Limits returns the limits of the decoder, with their defaults filled in.
func (d *Decoder) Limits() Limits { return d.limits }

// Unpacked returns a decoder with the same limits that reads decompressed text from r. The function packed returns the
// number of compressed bytes that were read so far. The decoder returns an error if the ratio of decompressed bytes to
// compressed bytes exceeds maxExpansion.
func (d *Decoder) Unpacked(r io.Reader, packed func() int64) *Decoder {
	inner := NewDecoder(r, d.limits, d.onItems)
	inner.source.packed = packed
	return inner
}

// ReadAhead makes the decoder read the source in another goroutine while it decodes, which makes reading files faster.
// It must be called before the first read. Call stop to end the goroutine.
func (d *Decoder) ReadAhead() (stop func()) {
	d.read, stop = d.pieces.ahead()
	return stop
}

// Recycle makes the decoder reuse memory as soon as the text in it is decoded. The decoder then copies each item.
// Callers must not keep parts of [Window.Bytes].
func (d *Decoder) Recycle() { d.recycle = d.pieces.recycle }
