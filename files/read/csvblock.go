package read

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"sbwatch/files/read/csvscan"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/work"
)

// The size, in bytes, of a span: the part of the text that is split into blocks, so that all cores can convert it.
const (
	minSpan = 32 << 10
	maxSpan = 8 << 20
	// minBlock and maxBlock are the limits on the size of a block, in bytes. With many small blocks, all cores stay
	// busy until the end of the span.
	minBlock, maxBlock = 8 << 10, 128 << 10
	spanBlocks         = 16
)

// csvBlocks converts the text in memory on all cores. It splits the text into blocks that probably begin with a record,
// and converts each block independently. Each block is converted as if earlier blocks did not change how records are
// read.
//
// A block ends early at a record that changes how later records are read, such as the first text in a column of
// numbers. That record is then read without blocks. If a block does not end where the next block begins, the text after
// it is also read without blocks.
type csvBlocks struct {
	// span is the number of bytes to split into blocks and convert in the next step. It shrinks when a block ends
	// early, because the work on the blocks after it is lost. It grows when it has no complete record.
	span int
	// resume is an offset in the text. Text before this offset is not split into blocks.
	resume int64

	mutex   sync.Mutex // for the fields below
	workers []*csvWorker
	busy    int // number of workers in use: workers[:busy]
}

// worker returns an unused worker for the calling goroutine.
func (b *csvBlocks) worker(c *csvReader) *csvWorker {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.busy == len(b.workers) {
		b.workers = append(b.workers, &csvWorker{csvReader: c})
	}
	b.busy++
	return b.workers[b.busy-1]
}

// csvBlock is a part of a CSV text that is converted by itself, with the items from it.
type csvBlock struct {
	text  []byte
	end   int // offset in text after the last record that was converted
	items item.Part
	notes []csvNote
	// isShort is true if the text ends inside a record.
	isShort bool
}

// csvNote is a note about a record, with the offset of the record in its block.
type csvNote struct {
	kind run.NoteKind
	at   int
}

// convertBlocks adds the items of as many complete records as possible, from the text in memory.
func (c *csvReader) convertBlocks() {
	b := &c.blocks
	for !c.in.Full() && !c.limits.CountOnly && c.in.Offset() >= b.resume {
		b.span = min(max(b.span, minSpan), maxSpan)
		text := c.in.Bytes()
		if len(text) < minSpan {
			return
		}
		text = text[:min(len(text), b.span)]
		blocks := splitRecords(text, min(max(b.span/spanBlocks, minBlock), maxBlock))
		b.busy = 0
		_ = work.Each(context.Background(), len(blocks), func() *csvWorker { return b.worker(c) }, func(w *csvWorker, i int) {
			w.convert(&blocks[i])
		})
		switch {
		case c.join(blocks):
			b.span *= 2
			continue
		case len(blocks) == 1 && blocks[0].isShort: // the record is longer than the span
			b.span *= 2
		default:
			b.span /= 2
		}
		b.resume = c.in.Offset() + int64(len(text)/2)
		return
	}
}

// join adds the items of the blocks in order. It stops after a block that was not converted to its end. It returns
// false if that block is not the last one, or if no block was converted. Otherwise it returns true. The last block
// usually ends inside a record.
func (c *csvReader) join(blocks []csvBlock) bool {
	for i := range blocks {
		block := &blocks[i]
		for _, note := range block.notes {
			c.in.note(note.kind, c.in.Offset()+int64(note.at), "")
		}
		c.in.Join(&block.items)
		c.in.Advance(block.end)
		if block.end < len(block.text) {
			return i == len(blocks)-1 && (i > 0 || block.end > 0)
		}
	}
	return true
}

// splitRecords splits a text into blocks that probably begin with a record. The blocks have at least size bytes. Each
// block but the last ends at a line break with an even number of quotes before it in the block.
func splitRecords(text []byte, size int) []csvBlock {
	const tries = 64 // limits the search in a field with many lines, or after an unpaired quote
	var blocks []csvBlock
	for len(text) > 0 {
		end, first, quotes := min(size, len(text)), 0, 0
		for counted := 0; end < len(text); {
			length := bytes.IndexByte(text[end:], '\n')
			if length < 0 {
				end = len(text)
				break
			}
			end += length + 1
			quotes += bytes.Count(text[counted:end], []byte{'"'})
			counted = end
			if first++; quotes%2 == 0 || first > tries {
				break
			}
		}
		blocks = append(blocks, csvBlock{text: text[:end]})
		text = text[end:]
	}
	return blocks
}

// csvWorker converts blocks on one core. It does not change its csvReader, so several workers can share one.
type csvWorker struct {
	*csvReader

	items         item.Part
	fields        []csvscan.Field
	nested        [][]byte
	item, scratch []byte
	width         int // number of fields of the newest item of the block, or -1 if the block has no items yet
}

// convert converts the records of a block. It stops at an incomplete record, and at a record that changes how later
// records are read.
func (w *csvWorker) convert(b *csvBlock) {
	w.width = -1
	defer func() { b.items = w.items.Cut() }()
	for b.end < len(b.text) {
		text := b.text[b.end:]
		if text[0] == csvMark[0] && bytes.HasPrefix(text, []byte(csvMark)) {
			return
		}
		var length int
		var err error
		w.fields, length, err = csvscan.Record(w.fields[:0], text, w.in.dialect, w.limits.Columns)
		if err != nil {
			b.isShort = errors.Is(err, csvscan.ErrShort)
			return
		}
		isEmpty := len(w.fields) == 1 && !w.fields[0].Quoted && w.fields[0].IsEmpty()
		notes := len(b.notes)
		if !isEmpty && !w.add(b, text[:length]) {
			b.notes = b.notes[:notes]
			return
		}
		b.end += length
	}
}

// add adds a record to a block. It returns false, without adding the record, if the record changes how later records
// are read.
func (w *csvWorker) add(b *csvBlock, record []byte) bool {
	if len(w.fields) > len(w.columns) || w.isTitle(record) {
		return false
	}
	switch {
	case len(w.fields) < w.header:
		b.notes = append(b.notes, csvNote{run.NoteShortRow, b.end})
	case len(w.fields) > w.header:
		b.notes = append(b.notes, csvNote{run.NoteLongRow, b.end})
	}
	w.item = append(w.item[:0], '{')
	w.nested = w.nested[:0]
	maxSize := w.limits.ItemSize()
	for i := range w.fields {
		field, column := &w.fields[i], &w.columns[i]
		if field.Backslash && !w.in.dialect.Backslash {
			return false
		}
		if field.Repaired {
			b.notes = append(b.notes, csvNote{run.NoteQuote, b.end})
		}
		if i > 0 {
			w.item = append(w.item, ',')
		}
		w.item = append(w.item, column.key...)
		from := len(w.item)
		var kind csvKind
		if w.item, kind = w.appendField(w.item, field, column.kind); kind != column.kind || len(w.item) > maxSize {
			return false
		}
		if kind == kindNested {
			w.nested = append(w.nested, w.item[from:len(w.item):len(w.item)])
		}
	}
	w.item = append(w.item, '}')
	if w.items.AppendLike(w.item, len(w.fields), w.nested) != nil {
		return false
	}
	w.width = len(w.fields)
	return true
}

// appendField is like the function appendField. If an array or object is expected and [item.Part.AppendLike] will
// validate the value, appendField does not validate it.
func (w *csvWorker) appendField(dst []byte, f *csvscan.Field, columnKind csvKind) ([]byte, csvKind) {
	if columnKind == kindNested && f.Quoted && len(w.fields) == w.width {
		from := len(dst)
		if dst = f.AppendText(dst); len(dst) > from && (dst[from] == '[' || dst[from] == '{') {
			return dst, kindNested
		}
		dst = dst[:from]
	}
	return appendField(dst, f, columnKind, kindNested, &w.scratch)
}

// isTitle reports whether a record may repeat the header.
func (w *csvWorker) isTitle(record []byte) bool {
	return len(w.title) > 0 && bytes.HasPrefix(record, w.title) && len(trimLine(record)) == len(w.title)
}
