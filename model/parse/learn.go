package parse

import (
	"iter"
	"math/bits"
)

// Learner learns from sample text how one column writes numbers and dates. The zero value is ready to use.
type Learner struct {
	dots, commas         int
	universalDots        int // dots that mark decimals or thousands for any currency
	units                []unitCount
	dayFirst, monthFirst int
	// short is the number of dates with a two-digit year. notShort holds the orders of day, month and year that at
	// least one of these dates rules out. If hasDots is set but isPadded is not, no order is learned, because the dates
	// may be versions such as "1.2.24".
	short             int
	notShort          shortOrder
	hasDots, isPadded bool
	hasDashes         bool
	// firsts and lasts hold the first number and the last number of each date with a two-digit year: 4 and 20 for
	// "04/27/20".
	firsts, lasts numberSet
}

// Add learns from one text of the column. Ambiguous text is ignored.
func (l *Learner) Add(text []byte) {
	var buffer [maxClean]byte
	text = clean(text, &buffer)
	var r reading
	if n := (Numbers{learns: true}); n.read(text, &r) {
		l.addUnit(r.measure(text))
		switch r.columnHabit {
		case habitDot:
			l.dots++
			l.universalDots++
		case habitLocalDot:
			l.dots++
		case habitComma:
			l.commas++
		case habitUnknown:
		}
		return
	}
	l.addDate(text)
}

// addDate learns from a numeric date such as "25/12/2024" or "04/27/20".
func (l *Learner) addDate(text []byte) {
	text = text[skipSpace(text, 0):]
	if len(text) < len("1/1/24") || !isDigit(text[0]) {
		return
	}
	r := dateReader{rest: text}
	first, firstWidth := r.number()
	if firstWidth > 2 || len(r.rest) == 0 || r.rest[0] != '/' && r.rest[0] != '-' && r.rest[0] != '.' {
		return
	}
	sep := r.rest[0]
	r.rest = r.rest[1:]
	second, width := r.number()
	if width == 0 || width > 2 || !r.skip(sep) {
		return
	}
	third, width := r.number()
	switch {
	case width == 2:
		l.addShort(sep, first, second, third)
		l.isPadded = l.isPadded || text[0] == '0'
	case width == 4 && sep != '.':
		l.addLong(first, second)
	}
}

// addLong learns from the first two numbers of a date with four digits for the year.
func (l *Learner) addLong(first, second int) {
	switch {
	case first > 12 && first <= 31 && second >= 1 && second <= 12:
		l.dayFirst++
	case second > 12 && second <= 31 && first >= 1 && first <= 12:
		l.monthFirst++
	}
}

// addShort learns from a date with two digits for the year.
func (l *Learner) addShort(sep byte, first, second, third int) {
	l.short++
	l.notShort |= anyShortOrder &^ possibleOrders(sep, first, second, third)
	l.hasDots = l.hasDots || sep == '.'
	l.hasDashes = l.hasDashes || sep == '-'
	l.firsts.add(first)
	l.lasts.add(third)
}

// possibleOrders returns the orders in which three numbers form a valid date. If the separator is a dot, as in
// "01.05.24", the day comes first if possible.
func possibleOrders(sep byte, first, second, third int) shortOrder {
	isDay := func(n int) bool { return n >= 1 && n <= 31 }
	isMonth := func(n int) bool { return n >= 1 && n <= 12 }
	var possible shortOrder
	if isDay(first) && isMonth(second) {
		possible |= dayMonthYear
	}
	if isMonth(first) && isDay(second) && sep != '.' {
		possible |= monthDayYear
	}
	if isMonth(second) && isDay(third) && (sep != '.' || possible == 0) {
		possible |= yearMonthDay
	}
	return possible
}

// Numbers returns how most numbers of the column are written, such as with a comma before decimals.
func (l *Learner) Numbers() Numbers {
	return Numbers{CommaIsDecimal: l.commas > l.dots, DotIsDecimal: l.universalDots > l.commas, units: l.unitRule()}
}

// Dates returns how the column writes dates. It sets an order of day, month and year only if no text contradicts that
// order.
func (l *Learner) Dates() Dates {
	d := Dates{DayFirst: l.dayFirst > 0 && l.monthFirst == 0, MonthFirst: l.monthFirst > 0 && l.dayFirst == 0}
	if l.short == 0 || l.hasDots && !l.isPadded { // with dots, the text may be a version
		return d
	}
	possible := anyShortOrder &^ l.notShort
	if d.DayFirst {
		possible &^= monthDayYear
	}
	if d.MonthFirst {
		possible &^= dayMonthYear
	}
	if possible == dayMonthYear|yearMonthDay {
		possible = l.yearPosition()
	}
	if possible == dayMonthYear || possible == monthDayYear || possible == yearMonthDay {
		d.short = possible
	}
	return d
}

// yearPosition decides whether the year is the first or the last number of dates with a two-digit year. The year is the
// number that has far fewer different values. If there are only a few dates, and they have slashes, the year is assumed
// to come last. yearPosition returns 0 if it cannot decide.
func (l *Learner) yearPosition() shortOrder {
	firsts, lasts := l.firsts.len(), l.lasts.len()
	switch {
	case firsts >= 2*lasts && firsts > 2 || firsts >= lasts && !l.hasDashes:
		return dayMonthYear
	case lasts >= 2*firsts && lasts > 2:
		return yearMonthDay
	default:
		return 0
	}
}

// numberSet is a set of numbers below 100.
type numberSet [2]uint64

func (s *numberSet) add(n int) { s[n/64%2] |= 1 << (n % 64) }

func (s *numberSet) len() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// Sample returns about 1,000 evenly spaced row numbers of a table. The parameter rows is the number of rows. All users
// of a [Learner] sample these rows, so that sorting, filters and profiles read a column the same way.
func Sample(rows int) iter.Seq[int] {
	const sampleSize = 1000
	return func(yield func(int) bool) {
		for row := 0; row < rows; row += max(1, rows/sampleSize) {
			if !yield(row) {
				return
			}
		}
	}
}
