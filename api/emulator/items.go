package emulator

import (
	"io"
	"math/rand/v2"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// place is where an item stands, and in which run. An item depends on nothing else, so that it is the same each time it
// is asked for, and any of them can be made without those before it.
type place struct {
	ordinal int // of the run among those of its recipe
	page    int // from 1
	onPage  int // index on the page
	index   int // in the run
}

// itemFunc appends an item: one JSON value.
type itemFunc func(dst []byte, dice *dice, at place) []byte

// itemSource writes the items of a run, page by page.
type itemSource struct {
	seed    uint64
	ordinal int
	pages   []int // items on each
	write   itemFunc
}

// chunk is about how many bytes are written at once: the most that an answer of any length holds in memory.
const chunk = 64 << 10

// writePages writes the pages as a JSON array between head and tail.
func (s *itemSource) writePages(w io.Writer, head, tail []byte) error {
	dice := newDice(s.seed)
	out := make([]byte, 0, chunk+chunk/4)
	out = append(out, head...)
	out = append(out, `"pages":[`...)
	at := place{ordinal: s.ordinal}
	for i, items := range s.pages {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"items":[`...)
		at.page = i + 1
		for at.onPage = range items {
			if at.onPage > 0 {
				out = append(out, ',')
			}
			out = s.write(out, dice, at)
			at.index++
			if len(out) >= chunk {
				if _, err := w.Write(out); err != nil {
					return err
				}
				out = out[:0]
			}
		}
		out = append(out, `]}`...)
	}
	out = append(out, ']')
	out = append(out, tail...)
	_, err := w.Write(out)
	return err
}

// dice decide on what items hold. Before each use they are set to what is decided on, so that the same question has
// the same answer in whatever order questions come.
type dice struct {
	*rand.Rand
	source *rand.PCG
	seed   uint64
}

func newDice(seed uint64) *dice {
	source := rand.NewPCG(0, 0)
	return &dice{Rand: rand.New(source), source: source, seed: seed}
}

// set takes up a question: a topic, and the number of what is asked about.
func (d *dice) set(topic string, number int) {
	seed := d.seed
	for i := range len(topic) {
		seed = seed*31 + uint64(topic[i])
	}
	d.source.Seed(seed, mix(uint64(number)))
}

// percent is true so many times of a hundred.
func (d *dice) percent(p int) bool { return d.IntN(100) < p }

// pick chooses one of several words.
func (d *dice) pick(words []string) string { return words[d.IntN(len(words))] }

// between is a number from low to high.
func (d *dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// object writes a JSON object field by field, with nothing escaped that JSON lets stand.
type object struct {
	out   []byte
	count int
}

func newObject(dst []byte) *object { return &object{out: append(dst, '{')} }

func (o *object) key(key string) {
	if o.count > 0 {
		o.out = append(o.out, ',')
	}
	o.count++
	o.out = append(o.out, '"')
	o.out = append(o.out, key...) // keys of ours need no escapes
	o.out = append(o.out, '"', ':')
}

func (o *object) text(key, value string) {
	o.key(key)
	o.out = quote(o.out, value)
}

func (o *object) integer(key string, value int) {
	o.key(key)
	o.out = strconv.AppendInt(o.out, int64(value), 10)
}

// decimal writes a number of tenths, hundredths and so on: decimal("rating", 43, 1) is 4.3.
func (o *object) decimal(key string, value, digits int) {
	o.key(key)
	o.out = appendDecimal(o.out, value, digits)
}

func (o *object) boolean(key string, value bool) {
	o.key(key)
	o.out = strconv.AppendBool(o.out, value)
}

// raw writes a value that is JSON already.
func (o *object) raw(key, value string) {
	o.key(key)
	o.out = append(o.out, value...)
}

func (o *object) texts(key string, values ...string) {
	o.key(key)
	o.out = append(o.out, '[')
	for i, value := range values {
		if i > 0 {
			o.out = append(o.out, ',')
		}
		o.out = quote(o.out, value)
	}
	o.out = append(o.out, ']')
}

func (o *object) end() []byte { return append(o.out, '}') }

// quote appends a JSON string with no more escapes than JSON needs.
func quote(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text) // an error would mean that text, which is ours, is not UTF-8
	return dst
}

// appendDecimal writes value with its last digits behind a point.
func appendDecimal(dst []byte, value, digits int) []byte {
	unit := 1
	for range digits {
		unit *= 10
	}
	dst = strconv.AppendInt(dst, int64(value/unit), 10)
	dst = append(dst, '.')
	return appendPadded(dst, value%unit, digits)
}

// appendPadded writes value in at least so many digits.
func appendPadded(dst []byte, value, digits int) []byte {
	width := 1
	for rest := value; rest >= 10; rest /= 10 {
		width++
	}
	for range digits - width {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(value), 10)
}
