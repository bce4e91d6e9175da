package vector

import (
	"math"
	"slices"
	"time"

	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// Form says how a vector stores values.
type Form uint8

// The forms, from the most specific one to the least specific one.
const (
	// Codes stands for at most [MaxValues] different values. Each entry is the code of its value.
	Codes Form = iota
	// Numbers stands for JSON numbers. All other values are stored as NaN.
	Numbers
	// Times stands for text with dates such as "2024-05-01T12:30:00Z". All values that are not text are stored as
	// NoTime.
	Times
	// Places stands for the positions of any values in their items. The values themselves are not stored.
	Places
	// None means that nothing is stored, because the values fit none of the forms.
	None
)

// Size returns the size of an entry in bytes.
func (f Form) Size() int {
	switch f {
	case Codes:
		return 1
	case Numbers, Times:
		return 8
	case Places:
		return 4
	case None:
	}
	return 0
}

// MaxValues is the maximum number of different values of a vector with codes. A missing value counts, too.
const MaxValues = 1 << 8

// NoTime is the entry of a value that is not a date.
const NoTime = math.MinInt64

// Vector stores the values of consecutive items. The zero value is an empty vector with codes. A copy is a snapshot: it
// does not change when more values are added to the original.
type Vector struct {
	form    Form
	values  dictionary
	codes   []uint8
	numbers []float64
	times   []int64
	places  []Place
}

// New returns an empty vector.
func New(form Form) Vector { return Vector{form: form} }

// Form returns how the values are stored.
func (v *Vector) Form() Form { return v.form }

// Len returns the number of entries, or 0 for the form [None].
func (v *Vector) Len() int { return len(v.codes) + len(v.numbers) + len(v.times) + len(v.places) }

// Size returns the size of the entries in bytes.
func (v *Vector) Size() int { return v.form.Size() * v.Len() }

// Codes returns the code of each item, for the form [Codes].
func (v *Vector) Codes() []uint8 { return slices.Clip(v.codes) }

// First returns, for each code, the number of the first item with this code.
func (v *Vector) First() []uint32 { return slices.Clip(v.values.first) }

// Numbers returns the number of each item, or NaN for a value that is not a number, for the form [Numbers].
func (v *Vector) Numbers() []float64 { return slices.Clip(v.numbers) }

// Times returns the date of each item in microseconds since the start of year 1, or [NoTime], for the form [Times].
func (v *Vector) Times() []int64 { return slices.Clip(v.times) }

// Places returns where in its item each value is, for the form [Places].
func (v *Vector) Places() []Place { return slices.Clip(v.places) }

// Reserve allocates memory, so that the vector can grow to the given number of entries without being copied.
func (v *Vector) Reserve(entries int) {
	switch v.form {
	case Codes:
		v.codes = reserved(v.codes, entries)
	case Numbers:
		v.numbers = reserved(v.numbers, entries)
	case Times:
		v.times = reserved(v.times, entries)
	case Places:
		v.places = reserved(v.places, entries)
	case None:
	}
}

// reserved returns a slice with at least the given capacity. Unlike [slices.Grow], it does not write to the memory that
// is not used yet, so the operating system need not provide it.
func reserved[T any](entries []T, capacity int) []T {
	if capacity <= cap(entries) {
		return entries
	}
	return append(make([]T, 0, capacity), entries...)
}

// Reset removes all entries and sets the form. It overwrites the memory of snapshots.
func (v *Vector) Reset(form Form) {
	v.form = form
	v.values.reset()
	v.codes, v.numbers, v.times, v.places = v.codes[:0], v.numbers[:0], v.times[:0], v.places[:0]
}

// Add adds an entry for the value of an item. The value is valid JSON, or empty if it is missing. The parameter from is
// its offset in the item. The vector keeps the value, so its bytes must not change.
func (v *Vector) Add(value []byte, from int) {
	switch v.form {
	case Codes:
		code, ok := v.values.code(value, len(v.codes))
		if ok {
			v.codes = append(v.codes, code)
			return
		}
		v.change(formOfValues(v.values.values))
		v.Add(value, from)
	case Numbers:
		number, ok := numberOf(value)
		if !ok {
			v.change(None)
			return
		}
		v.numbers = append(v.numbers, number)
	case Times:
		micros, ok := timeOf(value)
		if !ok {
			v.change(None)
			return
		}
		v.times = append(v.times, micros)
	case Places:
		v.places = append(v.places, PlaceOf(from, len(value)))
	case None:
	}
}

// Append adds the entries of part.
func (v *Vector) Append(part *Vector) {
	if v.form != part.form {
		v.unify(part)
	}
	switch v.form {
	case Codes:
		if !v.appendCodes(part) {
			v.change(formOfValues(v.values.values))
			v.Append(part)
		}
	case Numbers:
		v.numbers = append(v.numbers, part.numbers...)
	case Times:
		v.times = append(v.times, part.times...)
	case Places:
		v.places = append(v.places, part.places...)
	case None:
	}
}

// unify gives two vectors with different forms the same form.
func (v *Vector) unify(part *Vector) {
	switch {
	case v.form == Codes:
		v.change(part.form)
	case part.form == Codes:
		part.change(v.form)
	}
	if v.form != part.form {
		v.change(None)
		part.change(None)
	}
}

// appendCodes adds the entries of a vector with codes. If there are too many different values, it returns false and
// adds no entry.
func (v *Vector) appendCodes(part *Vector) bool {
	var translated [MaxValues]uint8
	for i, value := range part.values.values {
		code, ok := v.values.code(value, len(v.codes)+int(part.values.first[i]))
		if !ok {
			return false
		}
		translated[i] = code
	}
	from := len(v.codes)
	v.codes = append(v.codes, part.codes...)
	for i, code := range v.codes[from:] {
		v.codes[from+i] = translated[code]
	}
	return true
}

// change changes the form to a less specific one. The entries of a vector with codes are converted to numbers or dates,
// if all values fit. All other entries are lost, and the form becomes None.
func (v *Vector) change(to Form) {
	changed := Vector{form: to}
	if v.form == Codes && (to == Numbers || to == Times) {
		changed.Reserve(cap(v.codes))
		for _, code := range v.codes {
			changed.Add(v.values.values[code], 0)
		}
	} else {
		changed.form = None
	}
	*v = changed
}

// FormOf selects the form for values by a sample of them. It returns None, and not Places, if no other form fits.
func FormOf(sample [][]byte) Form {
	const fewest = 4 // Codes are worthwhile if a value occurs at least this often on average.
	var values dictionary
	for i, value := range sample {
		if _, ok := values.code(value, i); !ok {
			return formOfValues(sample)
		}
	}
	if len(values.values)*fewest > len(sample) {
		return formOfValues(sample)
	}
	return Codes
}

// formOfValues returns the form that fits all values: Numbers, Times or None.
func formOfValues(values [][]byte) Form {
	numbers, times := Vector{form: Numbers}, Vector{form: Times}
	hasNumber, hasTime := false, false
	for _, value := range values {
		numbers.Add(value, 0)
		times.Add(value, 0)
		hasNumber = hasNumber || numbers.form == Numbers && !math.IsNaN(numbers.numbers[len(numbers.numbers)-1])
		hasTime = hasTime || times.form == Times && times.times[len(times.times)-1] != NoTime
	}
	switch {
	case numbers.form == Numbers && hasNumber:
		return Numbers
	case times.form == Times && hasTime:
		return Times
	default:
		return None
	}
}

// numberOf returns a number, or NaN for a value that is neither a number nor text. It returns false for text, because
// text can be a number, too, depending on the other values.
func numberOf(value []byte) (float64, bool) {
	if len(value) == 0 {
		return math.NaN(), true
	}
	switch c := value[0]; {
	case c == '-' || c-'0' <= 9:
		return parse.JSON(value), true
	default:
		return math.NaN(), c != '"'
	}
}

// timeOf returns the date in text as microseconds, or NoTime for a value that is not text. It returns false for all
// other text, except for empty text.
func timeOf(value []byte) (int64, bool) {
	if len(value) == 0 || value[0] != '"' {
		return NoTime, true
	}
	text := value[1 : len(value)-1]
	if len(text) == 0 {
		return NoTime, true
	}
	if !startsWithYear(text) || jsonscan.HasEscape(text) {
		return 0, false
	}
	date, ok := parse.Date(text)
	if !ok {
		return 0, false
	}
	return Micros(date)
}

// startsWithYear reports whether text starts with four digits and a hyphen. Such a date is read in the same way
// whatever the other values are.
func startsWithYear(text []byte) bool {
	const year = 4
	return len(text) > year && text[year] == '-' && !slices.ContainsFunc(text[:year], func(c byte) bool { return c-'0' > 9 })
}

// Micros converts a time to microseconds since the start of year 1. It returns false if the time is earlier, or is not
// a whole number of microseconds.
func Micros(date time.Time) (int64, bool) {
	const yearOne = -62135596800 // start of year 1 as Unix time
	seconds, nanos := date.Unix()-yearOne, date.Nanosecond()
	return seconds*1e6 + int64(nanos/1e3), seconds >= 0 && nanos%1e3 == 0
}
