package parquetfile

import (
	"encoding/binary"
	"slices"

	"sbwatch/model/jsonscan"
)

// field renders the values of a top-level column, or of a part of it, as members of JSON objects. It renders many rows
// at a time. Several goroutines can render different fields.
type field struct {
	node *node
	// column is the only column of a field that is not nested. It is nil for nested fields.
	column   *column
	assembly assembly
	frame    frame
	// minLevel is the minimum definition level of rows with a value in this field. parentLevel is the minimum
	// definition level of rows in which the struct around the field has a value.
	minLevel, parentLevel int
	// isPart is true if the field is a part of a struct. The fields of a struct follow each other. isFirst is true for
	// the first of them, and isLast for the last. Both are true if there is only one field.
	isPart, isFirst, isLast bool
	// sharedLevel is the definition level of the innermost struct that contains both this field and the previous one.
	sharedLevel int
	// valueAt is the offset of the value of the top-level column in the text of the column's first field.
	valueAt int
	// mayNest is true if the values of the top-level column may be objects or arrays. hasKnownKeys is the result of
	// [node.hasKnownKeys] for that column.
	mayNest, hasKnownKeys bool
	rows, left            int64 // number of rows in the row group, and of those that are not rendered yet
	isShort               bool  // whether rows had too long texts to render all that were wanted

	back        *members // the rows that are rendered now
	copiesTexts bool     // whether to copy the texts of a dictionary; see maxIndexed
	isFull      bool     // whether the next row does not fit into back
	err         error    // error of the row after the rendered rows

	state fieldState // see pipeline

	// queue holds definition levels that are read but not used yet. levelsErr is the error that came after these
	// levels.
	queue     []uint32
	levelsErr error
	levels    [fillSize]uint32
}

// fillSize is the maximum number of levels or indexes that are decoded in one step.
const fillSize = 512

// freeText is the number of bytes of text that the memory budget does not count, because maxText already limits them.
const freeText = 512 << 10

// start begins a row group.
func (f *field) start(rows int64) {
	f.rows, f.left, f.err, f.queue, f.levelsErr = rows, rows, nil, nil, nil
}

func (f *field) columns() []*column {
	return f.assembly.columns[f.node.first : f.node.first+f.node.leaves]
}

// packedSize returns the size of the pages of the field in the row group.
func (f *field) packedSize() (size int64) {
	for _, c := range f.columns() {
		size += c.chunk.size
	}
	return size
}

// render renders the next rows, until the total number of rendered rows in the row group is a multiple of step. It
// renders fewer rows if their text becomes longer than maxText bytes. It stores an error in f.err.
func (f *field) render(u *unpacker, step, maxText int) {
	defer recoverBroken(&f.err)
	rows := step - int((f.rows-f.left)%int64(step))
	for _, c := range f.columns() {
		c.unpacker = u
	}
	f.back.reset()
	f.isFull = false
	for f.err == nil && f.left > 0 && !f.isFull && f.back.count() < rows && len(f.back.text) < maxText {
		want := int(min(int64(rows-f.back.count()), f.left))
		before, size := f.back.count(), cap(f.back.text)
		if f.column != nil {
			f.err = f.renderFlat(want, maxText)
		} else {
			f.err = f.renderNested()
		}
		f.left -= int64(f.back.count() - before)
		if grown := max(cap(f.back.text), freeText) - max(size, freeText); grown > 0 && f.err == nil {
			f.err = f.assembly.budget.reserve(int64(grown))
		}
	}
	f.isShort = f.back.count() < rows && f.left > 0
	if f.copiesTexts {
		f.back.copyTexts()
	}
}

// renderNested converts one row of a nested field to JSON.
func (f *field) renderNested() error {
	a := &f.assembly
	a.from, a.hasNonFinite = len(f.back.text), false
	if f.minLevel > 0 {
		at, err := a.next(f.node.first, 0)
		if err != nil {
			return err
		}
		if at.definition < f.minLevel {
			if err := a.skip(f.node, 0); err != nil {
				return err
			}
			f.absent(at.definition)
			return nil
		}
	}
	a.text = append(f.back.text, f.frame.prefix...)
	err := a.value(f.node, 0)
	f.back.text = append(a.text, f.frame.suffix...)
	if err != nil {
		return err
	}
	f.end(a.hasNonFinite)
	return nil
}

func (f *field) end(hasNonFinite bool) {
	if hasNonFinite {
		f.back.nonFinite = append(f.back.nonFinite, len(f.back.ends))
	}
	f.back.ends = append(f.back.ends, len(f.back.text))
}

// absent adds a row without a value. The parameter level is the definition level of the row.
func (f *field) absent(level int) {
	if f.isPart {
		f.back.absent = append(f.back.absent, absentRow{len(f.back.ends), level})
	}
	f.back.text = append(f.back.text, f.frame.absent[level]...)
	f.end(false)
}

// renderFlat renders rows of a field that is not nested. It renders at most the given number of rows, and only rows of
// the current page.
func (f *field) renderFlat(rows, maxText int) error {
	c := f.column
	if len(f.queue) == 0 {
		if err := f.readLevels(); err != nil {
			return err
		}
	}
	before := f.back.count()
	levels := f.queue[:min(rows, len(f.queue))]
	var err error
	if x, isIndexed := c.values.(*indexed); isIndexed && c.render(f.node, &f.frame) && !c.rendered.hasNonFinite {
		err = f.renderIndexed(x, levels, maxText)
	} else if len(f.back.indexes) > 0 {
		f.isFull = true
	} else {
		err = f.renderLevels(levels, maxText)
	}
	done := f.back.count() - before
	f.queue = f.queue[done:]
	c.left, c.inPage = c.left-int64(done), c.inPage-int64(done)
	if err != nil {
		return c.withName(err)
	}
	return nil
}

// readLevels reads definition levels of the current page, or of the next page if the current one has ended.
func (f *field) readLevels() error {
	c := f.column
	if f.levelsErr != nil {
		return c.withName(f.levelsErr)
	}
	for c.inPage == 0 {
		if c.left == 0 {
			return c.withName(errLevels)
		}
		if err := c.page(); err != nil {
			return err
		}
	}
	var n int
	n, f.levelsErr = c.definitions.fill(f.levels[:min(c.inPage, fillSize)])
	f.queue = f.levels[:n]
	if n == 0 && f.levelsErr != nil {
		return c.withName(f.levelsErr)
	}
	return nil
}

// renderLevels converts values to JSON, one for each definition level, until the text has maxText bytes.
func (f *field) renderLevels(levels []uint32, maxText int) error {
	present := uint32(f.minLevel)
	plain, isPlain := f.column.values.(*plain)
	tries := 0 // number of attempts at renderTexts that may fail
	if isPlain && f.node.isText && plain.kind == kindBytes && !plain.source.copying {
		const enough = 16
		tries = enough
	}
	for len(levels) > 0 && len(f.back.text) < maxText {
		if levels[0] < present {
			f.absent(int(levels[0]))
			levels = levels[1:]
			continue
		}
		if tries > 0 {
			if quick := f.renderTexts(plain.source, levels, maxText); quick > 0 {
				levels = levels[quick:]
				continue
			}
			tries--
		}
		if err := f.renderNext(); err != nil {
			return err
		}
		levels = levels[1:]
	}
	return nil
}

// renderNext converts the next value to JSON. The value must not be null.
func (f *field) renderNext() error {
	v, err := f.column.values.next()
	if err != nil {
		return err
	}
	prefix := f.frame.prefix
	f.back.text = f.node.write(appendShort(f.back.text, prefix[:cap(prefix)], len(prefix)), v)
	hasNonFinite := isNonFinite(f.back.text)
	if len(f.frame.suffix) > 0 {
		f.back.text = append(f.back.text, f.frame.suffix...)
	}
	f.end(hasNonFinite)
	return nil
}

// renderTexts is a fast form of renderLevels for plain texts. It stops before a row without a value, and before a text
// that is long, needs escapes, or is not completely in memory. It returns the number of rows.
func (f *field) renderTexts(page *source, levels []uint32, maxText int) (rows int) {
	prefix, suffix, present := f.frame.prefix, f.frame.suffix, uint32(f.minLevel)
	prefix = prefix[:cap(prefix)]
	maxLength, around := min(plainShort, page.budget.maxValue), len(f.frame.prefix)+len(suffix)+2*maxShort
	text, ends, unread := f.back.text, f.back.ends, page.unread
	for rows < len(levels) && levels[rows] == present && len(text) < maxText {
		value, n := quickNext(unread, maxLength)
		if value == nil || cap(text)-len(text) < n+around {
			break
		}
		row := append(appendShort(text, prefix, len(f.frame.prefix)), '"')
		if !copyText(row[len(row):cap(row)], value, n) {
			break
		}
		row = append(row[:len(row)+n], '"')
		if len(suffix) > 0 {
			row = append(row, suffix...)
		}
		text, unread = row, unread[plainHeader+n:]
		ends = append(ends, len(text))
		rows++
	}
	f.back.text, f.back.ends, page.unread = text, ends, unread
	return rows
}

// copyText copies the first n bytes of text, and up to plainSlack further ones. It returns false if the text needs
// escapes in JSON.
func copyText(to, text []byte, n int) bool {
	const word = 8
	for n > word {
		w := binary.LittleEndian.Uint64(text)
		if jsonscan.HasSpecial(w, word) {
			return false
		}
		binary.LittleEndian.PutUint64(to, w)
		to, text, n = to[word:], text[word:], n-word
	}
	w := binary.LittleEndian.Uint64(text)
	binary.LittleEndian.PutUint64(to, w)
	return !jsonscan.HasSpecial(w, n)
}

// isNonFinite reports whether a text ends in NaN or Infinity.
func isNonFinite(text []byte) bool {
	last := text[len(text)-1]
	return last == 'N' || last == 'y'
}

// renderIndexed is like renderLevels, but for a column whose dictionary is rendered. It renders only the indexes of the
// values in the dictionary.
func (f *field) renderIndexed(x *indexed, levels []uint32, maxText int) error {
	values, m := &f.column.rendered, f.back
	mayBeLong := values.longest > maxText/batchRows
	if mayBeLong {
		levels = levels[:min(len(levels), max(0, maxText-m.size)/values.longest)]
	}
	if len(m.ends) > 0 || len(levels) == 0 && m.size > 0 {
		f.isFull = true
		return nil
	}
	if len(levels) == 0 { // a value is longer than maxText
		levels = f.queue[:1]
	}
	present, count := uint32(f.minLevel), 0
	for _, level := range levels {
		if level >= present {
			count++
		}
	}
	from, n := len(m.indexes), 0
	m.dictionary = values
	m.indexes = slices.Grow(m.indexes, len(levels))[:from+len(levels)]
	var err error
	if count > 0 {
		n, err = x.fill(m.indexes[from : from+count])
	}
	if n < len(levels) {
		levels = f.withAbsent(levels, from, n)
	}
	m.indexes = m.indexes[:from+len(levels)]
	if mayBeLong {
		for _, index := range m.indexes[from:] {
			m.size += values.sizeOf(index)
		}
	}
	return err
}

// withAbsent inserts an index for each row without a value. The parameter levels holds the definition levels of
// consecutive rows. On call, f.back.indexes[from:] begins with the indexes of the first n values in these rows.
// withAbsent returns levels. If the rows have more than n values, the result ends before the row with value n+1.
func (f *field) withAbsent(levels []uint32, from, n int) []uint32 {
	present, first := uint32(f.minLevel), uint32(f.column.decoders.dictionary.count)
	used := 0
	for i, level := range levels {
		if level >= present {
			if used == n {
				levels = levels[:i]
				break
			}
			used++
		} else if f.isPart {
			f.back.absent = append(f.back.absent, absentRow{from + i, int(level)})
		}
	}
	indexes := f.back.indexes[from:]
	for i := len(levels) - 1; i >= 0; i-- {
		if levels[i] >= present {
			used--
			indexes[i] = indexes[used]
		} else {
			indexes[i] = first + levels[i]
		}
	}
	return levels
}
