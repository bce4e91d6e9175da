package order

import (
	"math"
	"time"
	"unicode"
	"unicode/utf8"
)

// code is a value as a number that orders it: where two codes differ they are in the order of the values. Numbers take all
// codes up to the largest finite one; what is left above them, where a float64 is not a number, the other classes share.
//
// Equal codes are those of equal values, unless isOpen.
type code uint64

// The first codes of classes other than numbers. Dates take four shares of codeShare, the others one.
const (
	codeShare                  = 48
	codeDate              code = 0xfff1 << codeShare
	codeText              code = 0xfff5 << codeShare // before those that begin as most do
	codeTextAsMost        code = 0xfff6 << codeShare
	codeTextBehind        code = 0xfff7 << codeShare
	codeBool              code = 0xfff8 << codeShare
	codeList              code = 0xfff9 << codeShare
	codeObject            code = 0xfffa << codeShare
	codeBlank             code = 0xfffd << codeShare
	codeNull              code = 0xfffe << codeShare
	codeMissing           code = 0xffff << codeShare
	textBytes                  = codeShare / 8 // that a code holds of a text
	firstDate                  = -62135683200  // a day before the year 1, to which a zone can lead back, in seconds of Unix
	millisecondsPerSecond      = 1000
	nanosPerMillisecond        = int(time.Millisecond)
	positive              code = 1 << 63
)

// isSaid tells whether the value says something; what says nothing stands last whichever way is sorted.
func (c code) isSaid() bool { return c < codeBlank }

// isOpen tells whether values of this code may differ.
func (c code) isOpen() bool {
	switch {
	case c < codeDate:
		return isCoarse(c.number())
	case c < codeText:
		return c&1 == 1
	default:
		return c < codeBool || c >= codeList && c < codeBlank
	}
}

// isText tells whether the code is that of a text, or of a list or an object, which go by the text of their JSON.
func (c code) isText() bool { return c >= codeText && c.isOpen() }

// number is the number that the code was made of.
func (c code) number() float64 {
	if c&positive != 0 {
		return math.Float64frombits(uint64(c &^ positive))
	}
	return math.Float64frombits(uint64(^c))
}

// numberCode is the code of a number, which must be finite.
func numberCode(number float64) code {
	if number == 0 {
		number = 0 // be it -0
	}
	bits := code(math.Float64bits(number))
	if bits&positive != 0 {
		return ^bits
	}
	return bits | positive
}

// dateCode is the code of a date: its milliseconds, and whether there is more to it.
func dateCode(date time.Time) code {
	nanos := date.Nanosecond()
	c := code((date.Unix()-firstDate)*millisecondsPerSecond+int64(nanos/nanosPerMillisecond)) << 1 // not negative: no date is before the first
	if nanos%nanosPerMillisecond > 0 {
		c |= 1
	}
	return codeDate + min(c, codeText-codeDate-1)
}

// collation writes a text as bytes whose order is its natural order, but for case and leading zeros.
//
// Letters become small ones. Digits that follow each other become one byte for how many they are, which is itself one of a
// digit, and then the digits. Characters stay in UTF-8, whose order is theirs; a byte that is none comes behind them all.
type collation struct {
	skip int // so many bytes are not wanted
	most int // so many are, behind those
	size int
	bits uint64
}

// collate gives so many bytes, at most eight, of a text's collation as a number, from a place on; behind its end are zeros.
func collate(text []byte, from, count int) uint64 {
	c := collation{skip: from, most: count}
	for i := 0; i < len(text) && c.size < c.most; {
		switch b := text[i]; {
		case b-'0' <= 9:
			i = c.digits(text, i)
		case b < utf8.RuneSelf:
			if b-'A' <= 'Z'-'A' {
				b |= ' '
			}
			c.add(b)
			i++
		default:
			i += c.character(text[i:])
		}
	}
	return c.bits << (8 * (c.most - c.size))
}

func (c *collation) add(b byte) {
	switch {
	case c.skip > 0:
		c.skip--
	case c.size < c.most:
		c.bits = c.bits<<8 | uint64(b)
		c.size++
	}
}

// mostCounted is how many digits one byte can count. Longer numbers have as many further bytes as it takes.
const mostCounted = 9

func (c *collation) digits(text []byte, i int) int {
	for i < len(text) && text[i] == '0' {
		i++
	}
	from := i
	for i < len(text) && text[i]-'0' <= 9 {
		i++
	}
	count := i - from
	for ; count >= mostCounted; count -= mostCounted {
		c.add('0' + mostCounted)
	}
	c.add('0' + byte(count))
	for _, digit := range text[from:i] {
		c.add(digit)
	}
	return i
}

func (c *collation) character(text []byte) int {
	r, size := utf8.DecodeRune(text)
	if r == utf8.RuneError && size == 1 {
		c.add(0xff)
		c.add(text[0])
		return 1
	}
	var buffer [utf8.UTFMax]byte
	for _, b := range buffer[:utf8.EncodeRune(buffer[:], unicode.ToLower(r))] {
		c.add(b)
	}
	return size
}
