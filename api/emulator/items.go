package emulator

import (
	"io"
	"math/rand/v2"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// position identifies an item within a run. An item depends only on its position and the seed. The item is therefore
// the same in every answer to a poll, and can be generated without any other item.
type position struct {
	ordinal   int // number of the run, counted per recipe
	page      int // page number, from 1
	pageIndex int // index on the page, from 0
	index     int // index in the run, from 0
}

// itemFunc appends an item, one JSON value, to dst.
type itemFunc func(dst []byte, dice *dice, at position) []byte

// itemSource writes the items of a run page by page.
type itemSource struct {
	seed    uint64
	ordinal int
	pages   []int // number of items on each page
	write   itemFunc
}

// chunkSize is the approximate number of bytes that are passed to one call of Write. It limits the memory for a long
// answer.
const chunkSize = 64 << 10

// writePages writes the pages as a JSON array. It writes head before the array and tail after it.
func (s *itemSource) writePages(w io.Writer, head, tail []byte) error {
	dice := newDice(s.seed)
	out := make([]byte, 0, chunkSize+chunkSize/4)
	out = append(out, head...)
	out = append(out, `"pages":[`...)
	at := position{ordinal: s.ordinal}
	for i, items := range s.pages {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"items":[`...)
		at.page = i + 1
		for at.pageIndex = range items {
			if at.pageIndex > 0 {
				out = append(out, ',')
			}
			out = s.write(out, dice, at)
			at.index++
			if len(out) >= chunkSize {
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

// dice is the random source of item values. Callers must call reseed before each value, so that a value does not depend
// on the values that were generated before it.
type dice struct {
	*rand.Rand
	source *rand.PCG
	seed   uint64
}

func newDice(seed uint64) *dice {
	source := rand.NewPCG(0, 0)
	return &dice{Rand: rand.New(source), source: source, seed: seed}
}

// reseed seeds the source with a topic, such as "price", and the number of an item or product.
func (d *dice) reseed(topic string, number int) {
	seed := d.seed
	for i := range len(topic) {
		seed = seed*31 + uint64(topic[i])
	}
	d.source.Seed(seed, mix(uint64(number)))
}

// percent returns true with a probability of p percent.
func (d *dice) percent(p int) bool { return d.IntN(100) < p }

func (d *dice) pick(words []string) string { return words[d.IntN(len(words))] }

// between returns a random number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// object writes a JSON object field by field, escaping only what JSON requires.
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
	o.out = append(o.out, key...) // the emulator's own keys need no escapes
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

// decimal writes a number with the given number of decimal places: decimal("rating", 43, 1) writes 4.3.
func (o *object) decimal(key string, value, digits int) {
	o.key(key)
	o.out = appendDecimal(o.out, value, digits)
}

func (o *object) boolean(key string, value bool) {
	o.key(key)
	o.out = strconv.AppendBool(o.out, value)
}

// raw writes a value that is already JSON.
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

// quote appends text as a JSON string, escaping only what JSON requires.
func quote(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text) // fails only for invalid UTF-8, which the emulator does not contain
	return dst
}

// appendDecimal appends value divided by 10 to the power of digits: appendDecimal(dst, 1999, 2) appends 19.99.
func appendDecimal(dst []byte, value, digits int) []byte {
	unit := 1
	for range digits {
		unit *= 10
	}
	dst = strconv.AppendInt(dst, int64(value/unit), 10)
	dst = append(dst, '.')
	return appendPadded(dst, value%unit, digits)
}

// appendPadded appends value with zeros in front, so that it has at least the given number of digits: 7 with 3 digits
// is 007.
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
