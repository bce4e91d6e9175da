package order

import (
	"math"
	"time"
)

// code is a number that sorts like the value it stands for: if two codes differ, they are in the order of their values.
// The code of a number is made from the bits of its float64. Higher codes stand for dates, text and other values, in
// the order of the [class] constants.
//
// Equal codes mean equal values, unless needsTieBreak returns true or Column.hasImprecise is set.
type code uint64

// The lowest code of each kind of value other than numbers.
const (
	codeShare                  = 48
	codeDate              code = 0xfff1 << codeShare
	codeText              code = 0xfff5 << codeShare // sorts before text with the common prefix
	codeTextCommon        code = 0xfff6 << codeShare
	codeTextAfter         code = 0xfff7 << codeShare
	codeBool              code = 0xfff8 << codeShare
	codeList              code = 0xfff9 << codeShare
	codeObject            code = 0xfffa << codeShare
	codeBlank             code = 0xfffd << codeShare
	codeNull              code = 0xfffe << codeShare
	codeMissing           code = 0xffff << codeShare
	textBytes                  = codeShare / 8 // number of bytes of text in a code
	firstDate                  = -62135683200  // one day before the year 1, as Unix time, because converting the time zone can move a date there
	millisecondsPerSecond      = 1000
	nanosPerMillisecond        = int(time.Millisecond)
	positive              code = 1 << 63
)

// hasValue reports whether the value is not blank, null or missing. Blank, null and missing values come last in both
// sort directions.
func (c code) hasValue() bool { return c < codeBlank }

// needsTieBreak reports whether different values may share this code. Different numbers below 2^53 may do so, too, if
// Column.hasImprecise is set.
func (c code) needsTieBreak() bool {
	switch {
	case c < codeDate:
		return isCoarse(c.number())
	case c < codeText:
		return c&1 == 1
	default:
		return c < codeBool || c >= codeList && c < codeBlank
	}
}

// isText reports whether the code stands for text, a list or an object. Lists and objects are sorted by their JSON
// text.
func (c code) isText() bool { return c >= codeText && c.needsTieBreak() }

func (c code) number() float64 {
	if c&positive != 0 {
		return math.Float64frombits(uint64(c &^ positive))
	}
	return math.Float64frombits(uint64(^c))
}

// numberCode returns the code of a number, which must be finite.
func numberCode(number float64) code {
	if number == 0 {
		number = 0 // also for -0
	}
	bits := code(math.Float64bits(number))
	if bits&positive != 0 {
		return ^bits
	}
	return bits | positive
}

// dateCode returns the code of a date. The code consists of the milliseconds since firstDate, and one bit that is set
// if the date has a fraction of a millisecond.
func dateCode(date time.Time) code {
	nanos := date.Nanosecond()
	c := code((date.Unix()-firstDate)*millisecondsPerSecond+int64(nanos/nanosPerMillisecond)) << 1 // not negative, because firstDate is before all dates
	if nanos%nanosPerMillisecond > 0 {
		c |= 1
	}
	return codeDate + min(c, codeText-codeDate-1)
}

// microsCode returns the code of a date in microseconds since the start of year 1.
func microsCode(micros int64) code {
	const secondsPerDay = 24 * 60 * 60
	milliseconds := micros/1000 + secondsPerDay*millisecondsPerSecond // since firstDate
	c := code(milliseconds) << 1
	if micros%1000 > 0 {
		c |= 1
	}
	return codeDate + min(c, codeText-codeDate-1)
}
