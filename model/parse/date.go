package parse

import (
	"time"
	"unicode/utf8"
)

// Dates describes how one column writes its dates. The zero value makes no assumption about the column.
type Dates struct {
	// DayFirst and MonthFirst decide how to read "05/01/2024". If neither is set, only unambiguous dates are read:
	// "25/01/2024" and "01/25/2024" are both January 25.
	DayFirst, MonthFirst bool
}

// Date parses text as a date or a time without knowledge of its column. It reports false if text is not a date or is
// ambiguous. See [Dates.Date].
func Date(text []byte) (time.Time, bool) { return Dates{}.Date(text) }

// Date parses text as a date with an optional time of day. Years have four digits. A weekday may precede the date.
// These forms are accepted:
//
//	2024-05-01  2024/05/01  2024.05.01  01.05.2024  25/12/2024  12-25-2024
//	May 1, 2024  1 May 2024  1-May-2024  1st of May 2024  May 2024  Wed May 1 12:30:00 UTC 2024
//
// A time of day may follow: "T12:30", "12:30:05.25" or "at 3:04 PM", with an optional zone: "Z", "+02:00", "GMT" or an
// American zone. Month names are English. A date without a zone is read as UTC, and the result is in UTC. Bare numbers,
// such as Unix timestamps, and months without a year are rejected.
func (d Dates) Date(text []byte) (time.Time, bool) {
	text = text[:trimmedLen(text)]
	text = text[skipSpace(text, 0):]
	if len(text) < len("May 2024") || len(text) > maxDateLen || !couldBeDate(text) {
		return time.Time{}, false
	}
	r := dateReader{rest: text}
	r.skipWeekday()
	if !r.calendarDate(d) {
		return time.Time{}, false
	}
	if !r.yearLast && len(r.rest) > 0 && !r.parseTimeOfDay() {
		return time.Time{}, false
	}
	return r.time()
}

// maxDateLen is the length of the longest date that is accepted, in bytes.
const maxDateLen = len("Wednesday, September 30th, 2024 at 12:30:00.123456789 PM +02:00 (UTC)")

// couldBeDate is a quick check that rejects most other text by its first bytes.
func couldBeDate(text []byte) bool {
	if isDigit(text[0]) {
		if isDigit(text[1]) && isDigit(text[2]) {
			return isDigit(text[3]) && (text[4] == '-' || text[4] == '/' || text[4] == '.')
		}
		return true
	}
	return isASCIILetter(text[0]) && (monthOf(text[:3]) > 0 || isWeekday(text[:3]))
}

// maxYear is the last year accepted after a numeric day and month. "1.2.3456" is more likely to be a version.
const maxYear = 2999

// dateReader parses a date from left to right. Its methods consume rest.
type dateReader struct {
	rest             []byte
	year, month, day int
	seconds, nanos   int // seconds since midnight, and nanoseconds
	offset           int // of the zone, in seconds east of UTC
	yearLast         bool
}

// time returns the parsed time, or false if that day does not exist.
func (r *dateReader) time() (time.Time, bool) {
	if r.year < 1 || r.month < 1 || r.month > 12 || r.day < 1 || r.day > 31 {
		return time.Time{}, false
	}
	date := time.Date(r.year, time.Month(r.month), r.day, 0, 0, r.seconds-r.offset, r.nanos, time.UTC)
	if r.day > 28 {
		if midnight := time.Date(r.year, time.Month(r.month), r.day, 0, 0, 0, 0, time.UTC); midnight.Day() != r.day {
			return time.Time{}, false
		}
	}
	return date, true
}

// skipWeekday skips the name of a weekday, if there is one.
func (r *dateReader) skipWeekday() {
	n := r.wordLen()
	if n < 3 || !isWeekday(r.rest[:n]) {
		return
	}
	r.rest = r.rest[n:]
	r.skip('.')
	r.skip(',')
	r.skipSpaces()
}

// calendarDate parses the date, without a time of day.
func (r *dateReader) calendarDate(known Dates) bool {
	if r.wordLen() > 0 {
		return r.parseMonthFirst()
	}
	first, width := r.number()
	switch {
	case width == 0 || len(r.rest) == 0:
		return false
	case width == 4:
		return r.parseYearFirst(first)
	case width > 2:
		return false
	}
	switch sep := r.rest[0]; sep {
	case '.', '/', '-':
		r.rest = r.rest[1:]
		r.skipSpaces()
		if r.wordLen() > 0 {
			return r.parseDayMonthName(first)
		}
		second, width := r.number()
		if width == 0 || width > 2 || !r.skip(sep) || !r.parseYear() || r.year > maxYear {
			return false
		}
		return r.assignDayMonth(sep, first, second, known)
	default:
		r.skipOrdinal()
		r.skipSpaces()
		if len(r.rest) > 3 && string(r.rest[:3]) == "of " {
			r.rest = r.rest[3:]
		}
		return r.parseDayMonthName(first)
	}
}

// parseYearFirst parses the rest of "2024-05-01".
func (r *dateReader) parseYearFirst(year int) bool {
	sep := r.rest[0]
	if sep != '-' && sep != '/' && sep != '.' {
		return false
	}
	r.rest = r.rest[1:]
	month, monthWidth := r.number()
	if monthWidth == 0 || monthWidth > 2 || !r.skip(sep) {
		return false
	}
	day, width := r.number()
	r.year, r.month, r.day = year, month, day
	return width > 0 && width <= 2
}

// assignDayMonth decides which of two numbers is the day. In dates with dots, the day comes first.
func (r *dateReader) assignDayMonth(sep byte, first, second int, known Dates) bool {
	dayIsFirst := sep == '.' || first > 12 || first == second || known.DayFirst
	monthIsFirst := second > 12 || known.MonthFirst && first <= 12
	switch {
	case sep != '.' && second > 12:
		r.month, r.day = first, second
	case dayIsFirst:
		r.day, r.month = first, second
	case monthIsFirst:
		r.month, r.day = first, second
	default:
		return false
	}
	return true
}

// parseDayMonthName parses the rest of "1 May 2024".
func (r *dateReader) parseDayMonthName(day int) bool {
	r.day = day
	if !r.parseMonthName() {
		return false
	}
	if !r.skip('-') && !r.skip('/') {
		r.skip('.')
		r.skip(',')
		r.skipSpaces()
	}
	return r.parseYear()
}

// parseMonthFirst parses "May 1, 2024" and "May 2024".
func (r *dateReader) parseMonthFirst() bool {
	if !r.parseMonthName() {
		return false
	}
	r.skip('.')
	if !r.skip('-') {
		r.skip(',')
		r.skipSpaces()
	}
	number, width := r.number()
	if width == 4 {
		r.year, r.day = number, 1
		return len(r.rest) == 0
	}
	r.day = number
	r.skipOrdinal()
	if width == 0 || width > 2 {
		return false
	}
	if r.skip('-') {
		return r.parseYear()
	}
	comma := r.skip(',')
	r.skipSpaces()
	if !comma && len(r.rest) > 2 && (r.rest[1] == ':' || r.rest[2] == ':') { // "Wed May 1 12:30:00 UTC 2024"
		if !r.parseTimeAndYear() {
			return false
		}
		r.yearLast = true
		return len(r.rest) == 0
	}
	return r.parseYear()
}

// parseMonthName parses the name of a month.
func (r *dateReader) parseMonthName() bool {
	n := r.wordLen()
	r.month = monthOf(r.rest[:n])
	r.rest = r.rest[n:]
	return r.month > 0
}

// parseYear parses a year of four digits.
func (r *dateReader) parseYear() bool {
	year, width := r.number()
	r.year = year
	return width == 4
}

// skipOrdinal skips the suffix of "1st", "2nd", "3rd" and "4th".
func (r *dateReader) skipOrdinal() {
	if r.wordLen() != 2 {
		return
	}
	switch string(r.rest[:2]) {
	case "st", "nd", "rd", "th":
		r.rest = r.rest[2:]
	}
}

// number parses an integer of at most nine digits and returns its number of digits, or 0 if it has more.
func (r *dateReader) number() (value, width int) {
	for width < len(r.rest) && isDigit(r.rest[width]) {
		value = value*10 + int(r.rest[width]-'0')
		if width++; width > 9 {
			return 0, 0
		}
	}
	r.rest = r.rest[width:]
	return value, width
}

func (r *dateReader) skip(c byte) bool {
	if len(r.rest) == 0 || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// skipSpaces skips white space and reports whether there was any.
func (r *dateReader) skipSpaces() bool {
	start := skipSpace(r.rest, 0)
	r.rest = r.rest[start:]
	return start > 0
}

// wordLen returns the length of the word of ASCII letters that comes next, or 0 if the word contains other letters.
func (r *dateReader) wordLen() int {
	n := 0
	for n < len(r.rest) && isASCIILetter(r.rest[n]) {
		n++
	}
	if n < len(r.rest) && r.rest[n] >= utf8.RuneSelf && wideSpace(r.rest, n) == 0 {
		return 0
	}
	return n
}

func isASCIILetter(c byte) bool { return c|' ' >= 'a' && c|' ' <= 'z' }
