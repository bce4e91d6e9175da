package compact

import (
	"bytes"
	"hash/maphash"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
	"sbwatch/model/vector"
)

// Builder builds a column. Each [Loader] reads the values of a range of rows. Several loaders can run in parallel.
type Builder struct {
	column *Column
	// shared maps each value of the dictionary to its index.
	shared struct {
		sync.Mutex
		codes map[string]uint16
	}
	seed maphash.Seed
	// isFull is set if there are more different values than a dictionary can hold.
	isFull atomic.Bool
	// isInexact is set if [Column.times] cannot represent all dates: if a date has a fraction of a microsecond, or if a
	// value is both a date and a number.
	isInexact atomic.Bool
	// hasNumbers means that the numbers or dates were collected while the items were read. hasPlaces means that the
	// places of the values were.
	hasNumbers, hasPlaces bool
}

const maxValues = 1 << 16

// NewBuilder returns a builder. It reads a sample to decide whether the column gets a dictionary.
func NewBuilder(items item.Table, path item.Path) *Builder {
	b := &Builder{column: &Column{items: items, path: path}, seed: maphash.MakeSeed()}
	var s sample
	s.read(items, path)
	b.column.numbers, b.column.dates = s.learner.Numbers(), s.learner.Dates()
	if s.isRepetitive() {
		b.shared.codes = map[string]uint16{}
		b.column.large = make([]uint16, items.Len())
	} else {
		b.locate(s.kinds(b.column))
	}
	return b
}

// locate makes the column store the position of each value in its row, instead of a dictionary. It also makes the
// column store numbers or dates, if most values are numbers or dates.
func (b *Builder) locate(mostlyNumbers, mostlyDates bool) {
	c := b.column
	c.large, b.shared.codes = nil, nil
	values, _ := c.items.Vector(c.path)
	b.hasPlaces = values.Form() == vector.Places
	if b.hasPlaces {
		c.places = values.Places()
	} else {
		c.places = make([]vector.Place, c.items.Len())
	}
	b.hasNumbers = values.Form() == vector.Numbers || values.Form() == vector.Times
	if b.hasNumbers {
		c.floats, c.times = values.Numbers(), values.Times()
		return
	}
	if mostlyNumbers {
		c.floats = make([]float64, c.items.Len())
	}
	if mostlyDates {
		c.times = make([]int64, c.items.Len())
	}
}

// Path returns the path of the column.
func (b *Builder) Path() item.Path { return b.column.path }

// Size returns the size of the unfinished column in bytes.
func (b *Builder) Size() int { return b.column.Size() }

// Loading returns the column while its values are being loaded. It returns nil if the column may still get a
// dictionary. A goroutine may read only the values that it has loaded.
func (b *Builder) Loading() *Column {
	if b.shared.codes != nil {
		return nil
	}
	return b.column
}

// Column returns the finished column. Call it after all loaders have ended. If it returns nil, the column has too many
// different values for a dictionary, and new loaders must read all rows again. After Column has returned a column, the
// builder must not be used.
func (b *Builder) Column() *Column {
	c := b.column
	if b.isFull.Swap(false) {
		c.values, c.first = nil, nil
		var s sample
		s.read(c.items, c.path)
		b.locate(s.kinds(c))
		return nil
	}
	if b.isInexact.Load() {
		c.times = nil
	}
	if c.large != nil && len(c.values) <= 1<<8 {
		c.small = make([]uint8, len(c.large))
		for row, code := range c.large {
			c.small[row] = uint8(code)
		}
		c.large = nil
	}
	return c
}

type sample struct {
	learner parse.Learner
	cells   []item.Cell
}

// read reads the rows that [parse.Sample] selects. Filters and sorting use the same rows to learn the number and date
// formats of a column, so they interpret its texts in the same way.
func (s *sample) read(items item.Table, path item.Path) {
	reader := items.Reader(path)
	var decoded []byte
	for row := range reader.Sample(parse.Sample(items.Len())) {
		cell := reader.Cell(row)
		s.cells = append(s.cells, cell)
		if cell.Kind() == item.CellString {
			s.learner.Add(textOf(cell, &decoded))
		}
	}
}

// isRepetitive reports whether values repeat so often in the sample that a dictionary is useful.
func (s *sample) isRepetitive() bool {
	seen := map[string]bool{}
	for _, cell := range s.cells {
		seen[string(cell.Raw())] = true
	}
	return len(seen)*10 <= len(s.cells)*9 || len(s.cells) == 0
}

// kinds reports whether most values are numbers and whether most are dates.
func (s *sample) kinds(c *Column) (mostlyNumbers, mostlyDates bool) {
	numbers, dates := 0, 0
	var decoded []byte
	for _, cell := range s.cells {
		if _, ok := c.number(cell, &decoded); ok {
			numbers++
		}
		if _, ok := c.date(cell, &decoded); ok {
			dates++
		}
	}
	return numbers*2 > len(s.cells), dates*2 > len(s.cells)
}

func textOf(cell item.Cell, decoded *[]byte) []byte {
	raw := cell.Raw()
	return jsonscan.Decoded(raw[1:len(raw)-1], decoded)
}

func (c *Column) number(cell item.Cell, decoded *[]byte) (float64, bool) {
	switch cell.Kind() {
	case item.CellNumber:
		number := parse.JSON(cell.Raw())
		return number, !math.IsNaN(number)
	case item.CellString:
		return c.numbers.Number(textOf(cell, decoded))
	default:
		return 0, false
	}
}

// date returns the date in a cell, if there is one.
func (c *Column) date(cell item.Cell, decoded *[]byte) (time.Time, bool) {
	if cell.Kind() != item.CellString {
		return time.Time{}, false
	}
	return c.dates.Date(textOf(cell, decoded))
}

// Loader reads values into a column. It is not safe for concurrent use.
type Loader struct {
	builder *Builder
	reader  *item.Reader
	decoded []byte
	slots   []slot
	used    int
	// isComputed means that the column is computed, so its values are not in the rows.
	isComputed bool
}

// slot is an entry of the hash table in which a loader keeps the values that it has already seen.
type slot struct {
	hash  uint64
	value []byte
	code  uint16
	taken bool
}

// Loader returns a new loader.
func (b *Builder) Loader() *Loader {
	const firstSlots = 64
	c := b.column
	return &Loader{builder: b, reader: c.items.Reader(c.path), slots: make([]slot, firstSlots), isComputed: c.items.IsComputed(c.path)}
}

// Load reads the values of the rows in [from, to).
func (l *Loader) Load(from, to int) {
	l.reader.Ahead(from, to)
	for row := from; row < to; row++ {
		l.Put(row, l.reader.Cell(row))
	}
}

// Put stores a value of a row. The value must be the same as [item.Reader.Cell] would return. If all rows are stored
// with Put, Load is not needed.
func (l *Loader) Put(row int, value item.Cell) {
	switch b := l.builder; {
	case b.shared.codes == nil:
		l.place(row, value)
	case !b.isFull.Load():
		b.column.large[row] = l.code(row, value)
	}
}

// code returns the index of a value in the dictionary. If the dictionary is full, the result is meaningless.
func (l *Loader) code(row int, cell item.Cell) uint16 {
	raw := cell.Raw()
	hash := maphash.Bytes(l.builder.seed, raw)
	mask := uint64(len(l.slots) - 1)
	for i := hash; ; i++ {
		s := &l.slots[i&mask]
		if !s.taken {
			break
		}
		if s.hash == hash && bytes.Equal(s.value, raw) {
			return s.code
		}
	}
	code, ok := l.builder.share(row, cell)
	if ok {
		l.add(slot{hash, raw, code, true})
	}
	return code
}

// share adds a value that the loader has not seen before to the dictionary, unless it is already there. It returns the
// index of the value. It returns false if the dictionary is full.
func (b *Builder) share(row int, cell item.Cell) (uint16, bool) {
	b.shared.Lock()
	defer b.shared.Unlock()
	code, known := b.shared.codes[string(cell.Raw())]
	if !known {
		if len(b.column.values) == maxValues {
			b.isFull.Store(true)
			return 0, false
		}
		code = uint16(len(b.column.values))
		b.shared.codes[string(cell.Raw())] = code
		b.column.values = append(b.column.values, cell)
		b.column.first = append(b.column.first, uint32(row))
	}
	return code, true
}

func (l *Loader) add(s slot) {
	if l.used*2 >= len(l.slots) {
		old := l.slots
		l.slots, l.used = make([]slot, 4*len(old)), 0
		for _, other := range old {
			if other.taken {
				l.add(other)
			}
		}
	}
	mask := uint64(len(l.slots) - 1)
	i := s.hash
	for l.slots[i&mask].taken {
		i++
	}
	l.slots[i&mask] = s
	l.used++
}

// place stores where in its row a value is, unless that is known. If the column stores numbers or dates, place also
// stores the number or the date of the value.
func (l *Loader) place(row int, cell item.Cell) {
	c := l.builder.column
	switch {
	case l.builder.hasPlaces:
	case l.isComputed:
		c.places[row] = vector.Far
	default:
		c.places[row] = vector.PlaceOf(c.items.OffsetIn(row, cell), len(cell.Raw()))
	}
	if l.builder.hasNumbers {
		return
	}
	if c.floats != nil {
		number, ok := c.number(cell, &l.decoded)
		if !ok {
			number = math.NaN()
		}
		c.floats[row] = number
	}
	if c.times != nil {
		c.times[row] = l.time(cell)
	}
}

// time returns the date of a value in microseconds, or vector.NoTime.
func (l *Loader) time(cell item.Cell) int64 {
	if cell.Kind() != item.CellString {
		return vector.NoTime
	}
	c, text := l.builder.column, textOf(cell, &l.decoded)
	date, ok := c.dates.Date(text)
	if !ok {
		return vector.NoTime
	}
	micros, exact := vector.Micros(date)
	if _, isNumber := c.numbers.Number(text); isNumber || !exact {
		l.builder.isInexact.Store(true)
		return vector.NoTime
	}
	return micros
}
