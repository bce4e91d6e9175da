package parse

import (
	"time"
	"unicode/utf8"
)

// Dates is how the dates of one column are written. Its zero value knows nothing of the column yet.
type Dates struct {
	// DayFirst and MonthFirst tell what "05/01/2024" is. Where neither is set it is read only if it can be one thing:
	// "25/01/2024" is January, and so is "01/25/2024".
	DayFirst, MonthFirst bool
}

// Date reads a text as a date or a time, knowing nothing of its column; false where a person would not, or could read it
// in two ways. See [Dates.Date].
func Date(text []byte) (time.Time, bool) { return Dates{}.Date(text) }

// Date reads a text as a date, with or without a time of day. It takes years of four digits, in these orders, with a
// weekday before them or without:
//
//	2024-05-01  2024/05/01  2024.05.01  01.05.2024  25/12/2024  12-25-2024
//	May 1, 2024  1 May 2024  1-May-2024  1st of May 2024  May 2024  Wed May 1 12:30:00 UTC 2024
//
// A time of day may follow: "T12:30", "12:30:05.25", "at 3:04 PM", with "Z", "+02:00", "GMT" or an American zone. Months
// have English names. A date without a zone is taken as of UTC, and the result is in UTC. Numbers alone, such as the
// seconds of Unix, and months without a year are no dates.
func (d Dates) Date(text []byte) (time.Time, bool) {
	text = text[:trimmedEnd(text)]
	text = text[skipSpace(text, 0):]
	if len(text) < len("May 2024") || len(text) > longestDate || !mayBeDate(text) {
		return time.Time{}, false
	}
	r := dateReader{rest: text}
	r.weekday()
	if !r.date(d) {
		return time.Time{}, false
	}
	if !r.yearAhead && len(r.rest) > 0 && !r.timeOfDay() {
		return time.Time{}, false
	}
	return r.moment()
}

// longestDate is how long the longest of them is.
const longestDate = len("Wednesday, September 30th, 2024 at 12:30:00.123456789 PM +02:00 (UTC)")

// mayBeDate refuses most texts by their beginning.
func mayBeDate(text []byte) bool {
	if isDigit(text[0]) {
		if isDigit(text[1]) && isDigit(text[2]) {
			return isDigit(text[3]) && (text[4] == '-' || text[4] == '/' || text[4] == '.')
		}
		return true
	}
	return isASCIILetter(text[0]) && (monthOf(text[:3]) > 0 || isWeekday(text[:3]))
}

// lastYear is the last year behind a day and a month in digits; beyond it "1.2.3456" is rather a version.
const lastYear = 2999

// dateReader reads a date from left to right.
type dateReader struct {
	rest             []byte
	year, month, day int
	seconds, nanos   int // since midnight, and of the last second
	offset           int // of the zone, in seconds east of Greenwich
	yearAhead        bool
}

// moment is what was read, if there is such a day.
func (r *dateReader) moment() (time.Time, bool) {
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

// weekday skips the name of one.
func (r *dateReader) weekday() {
	n := r.letters()
	if n < 3 || !isWeekday(r.rest[:n]) {
		return
	}
	r.rest = r.rest[n:]
	r.skip('.')
	r.skip(',')
	r.spaces()
}

// date reads the day.
func (r *dateReader) date(known Dates) bool {
	if r.letters() > 0 {
		return r.monthFirst()
	}
	first, width := r.number()
	switch {
	case width == 0 || len(r.rest) == 0:
		return false
	case width == 4:
		return r.yearFirst(first)
	case width > 2:
		return false
	}
	switch mark := r.rest[0]; mark {
	case '.', '/', '-':
		r.rest = r.rest[1:]
		r.spaces()
		if r.letters() > 0 {
			return r.dayThenName(first)
		}
		second, width := r.number()
		if width == 0 || width > 2 || !r.skip(mark) || !r.fullYear() || r.year > lastYear {
			return false
		}
		return r.twoNumbers(mark, first, second, known)
	default:
		r.ordinal()
		r.spaces()
		if len(r.rest) > 3 && string(r.rest[:3]) == "of " {
			r.rest = r.rest[3:]
		}
		return r.dayThenName(first)
	}
}

// yearFirst reads the rest of 2024-05-01.
func (r *dateReader) yearFirst(year int) bool {
	mark := r.rest[0]
	if mark != '-' && mark != '/' && mark != '.' {
		return false
	}
	r.rest = r.rest[1:]
	month, monthWidth := r.number()
	if monthWidth == 0 || monthWidth > 2 || !r.skip(mark) {
		return false
	}
	day, width := r.number()
	r.year, r.month, r.day = year, month, day
	return width > 0 && width <= 2
}

// twoNumbers decides which of two numbers is the month. Between dots the day comes first.
func (r *dateReader) twoNumbers(mark byte, first, second int, known Dates) bool {
	dayIsFirst := mark == '.' || first > 12 || first == second || known.DayFirst
	monthIsFirst := second > 12 || known.MonthFirst && first <= 12
	switch {
	case mark != '.' && second > 12:
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

// dayThenName reads the rest of 1 May 2024.
func (r *dateReader) dayThenName(day int) bool {
	r.day = day
	if !r.monthName() {
		return false
	}
	if !r.skip('-') && !r.skip('/') {
		r.skip('.')
		r.skip(',')
		r.spaces()
	}
	return r.fullYear()
}

// monthFirst reads May 1, 2024 and May 2024.
func (r *dateReader) monthFirst() bool {
	if !r.monthName() {
		return false
	}
	r.skip('.')
	if !r.skip('-') {
		r.skip(',')
		r.spaces()
	}
	number, width := r.number()
	if width == 4 {
		r.year, r.day = number, 1
		return len(r.rest) == 0
	}
	r.day = number
	r.ordinal()
	if width == 0 || width > 2 {
		return false
	}
	if r.skip('-') {
		return r.fullYear()
	}
	comma := r.skip(',')
	r.spaces()
	if !comma && len(r.rest) > 2 && (r.rest[1] == ':' || r.rest[2] == ':') { // Wed May 1 12:30:00 UTC 2024
		if !r.timeOfDayThenYear() {
			return false
		}
		r.yearAhead = true
		return len(r.rest) == 0
	}
	return r.fullYear()
}

// monthName reads the name of a month.
func (r *dateReader) monthName() bool {
	n := r.letters()
	r.month = monthOf(r.rest[:n])
	r.rest = r.rest[n:]
	return r.month > 0
}

// fullYear reads a year of four digits.
func (r *dateReader) fullYear() bool {
	year, width := r.number()
	r.year = year
	return width == 4
}

// ordinal skips what makes 1 the 1st.
func (r *dateReader) ordinal() {
	if r.letters() != 2 {
		return
	}
	switch string(r.rest[:2]) {
	case "st", "nd", "rd", "th":
		r.rest = r.rest[2:]
	}
}

// number reads up to nine digits, and gives how many there were; 0 where there are more.
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

// spaces skips any, and tells whether there were some.
func (r *dateReader) spaces() bool {
	from := skipSpace(r.rest, 0)
	r.rest = r.rest[from:]
	return from > 0
}

// letters is the length of the word of ASCII letters that comes next; 0 where it goes on in another script.
func (r *dateReader) letters() int {
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
