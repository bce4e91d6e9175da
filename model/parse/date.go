package parse

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"
)

// Dates describes how one column writes its dates. The zero value makes no assumption about the column.
type Dates struct {
	// DayFirst and MonthFirst decide how to read "05/01/2024". If neither is set, only unambiguous dates are read:
	// "25/01/2024" and "01/25/2024" are both January 25.
	DayFirst, MonthFirst bool
	// short is the order of day, month and year in dates such as "04/27/20", whose year has two digits. If it is 0,
	// such dates are rejected.
	short shortOrder
}

// shortOrder is the order of day, month and year in dates whose parts all have two digits.
type shortOrder uint8

// The orders are bits, so that one value can hold several possible orders.
const (
	dayMonthYear shortOrder = 1 << iota
	monthDayYear
	yearMonthDay
	anyShortOrder = dayMonthYear | monthDayYear | yearMonthDay
)

// Date parses text as a date or a time without knowledge of its column. It returns false if text is not a date or is
// ambiguous. See [Dates.Date].
func Date(text []byte) (time.Time, bool) { return Dates{}.Date(text) }

// Date parses text as a date with an optional time of day. A weekday may precede the date. These forms are accepted:
//
//	2024-05-01  2024/05/01  2024.05.01  01.05.2024  25/12/2024  12-25-2024  2024年5月1日
//	May 1, 2024  1 May 2024  1-May-2024  23-Sep-11  1st of May 2024  May 2024  Wed May 1 12:30:00 UTC 2024
//	1. Mai 2024  le 1er mai 2024  1 de mayo de 2024  1 мая 2024 г.  2024. május 1.
//
// A time of day may follow: "T12:30", "12:30:05.25" or "at 3:04 PM", with an optional zone: "Z", "+02:00", "GMT" or an
// American zone. Month names are those of the major European languages. A date without a zone is read as UTC, and the
// result is in UTC. Bare numbers, such as Unix timestamps, and months without a year are rejected.
//
// A year of two digits is from 1969 to 2068. Such a year is accepted in dates with the name of a month, if they are
// written in the order day, month, year. Such a year is also accepted in "04/27/20" if the column allows only one
// order.
func (d Dates) Date(text []byte) (time.Time, bool) {
	if date, ok := plainDate(text); ok {
		return date, true
	}
	text = text[:trimmedLen(text)]
	text = text[skipSpace(text, 0):]
	if len(text) < len("1/1/24") || len(text) > maxDateLen {
		return time.Time{}, false
	}
	has := contentsOf(text)
	if !has.digits && !has.wide {
		return time.Time{}, false
	}
	if couldBeDate(text) {
		if date, ok := d.parse(text); ok {
			return date, true
		}
	}
	if !has.wide || isClean(text) {
		return time.Time{}, false
	}
	var buffer [maxClean]byte
	if text = clean(text, &buffer); len(text) < len("1/1/24") || !couldBeDate(text) {
		return time.Time{}, false
	}
	return d.parse(text)
}

// plainDate is a fast path for the most common forms, "2024-05-01" and "2024-05-01T12:30:05Z". It does not accept
// February 29. It returns what Date would return, or false if Date must decide.
func plainDate(text []byte) (time.Time, bool) {
	const day, second = len("2024-05-01"), len("2024-05-01T12:30:05Z")
	switch {
	case len(text) != day && len(text) != second || !hasForm(text, 0x2d30302d30303030, 0x7f76767f76767676): // "0000-00-"
		return time.Time{}, false
	case len(text) == day && !hasForm(text[2:], 0x30302d30302d3030, 0x76767f76767f7676): // "00-00-00"
		return time.Time{}, false
	case len(text) == second && !hasForm(text[8:], 0x30303a3030543030, 0x76767f76767f7676): // "00T00:00"
		return time.Time{}, false
	case len(text) == second && !hasForm(text[12:], 0x5a30303a30303a30, 0x7f76767f76767f76): // "0:00:00Z"
		return time.Time{}, false
	}
	two := func(at int) int { return int(text[at]-'0')*10 + int(text[at+1]-'0') }
	year, month, date := two(0)*100+two(2), two(5), two(8)
	if year < 1 || month < 1 || month > 12 || date < 1 || date > 28 && date > commonDays(month) {
		return time.Time{}, false
	}
	seconds := 0
	if len(text) == second {
		hours, minutes := two(11), two(14)
		seconds = (hours*60+minutes)*60 + two(17)
		if hours > 23 || minutes > 59 || two(17) > 59 {
			return time.Time{}, false
		}
	}
	return time.Unix(daysSince1970(year, month, date)*secondsPerDay+int64(seconds), 0).UTC(), true
}

// commonDays returns the number of days of a month in a year that is not a leap year.
func commonDays(month int) int {
	if month == 2 {
		return 28
	}
	return 30 + (month^month>>3)&1 // odd months up to July, and even months from August, have 31 days
}

// hasForm reports whether the first eight bytes of text have the given form: a digit where form has the character 0,
// and elsewhere the same byte as form. The parameter addend must have 0x76 where form has the character 0, and 0x7f
// elsewhere. Adding addend to the difference sets the highest bit of each byte that does not match.
func hasForm(text []byte, form, addend uint64) bool {
	differs := binary.LittleEndian.Uint64(text) ^ form
	return (differs|(differs+addend))&highs == 0
}

const secondsPerDay = 24 * 60 * 60

// daysSince1970 returns the number of days from January 1, 1970 to a date.
func daysSince1970(year, month, date int) int64 {
	if month <= 2 { // years begin in March here, so that a leap day is the last day of its year
		year--
		month += 12
	}
	const daysTo1970 = 719_468
	leap := year/4 - year/100 + year/400
	return int64(365*year + leap + (153*(month-3)+2)/5 + date - 1 - daysTo1970)
}

// parse parses text without surrounding space.
func (d Dates) parse(text []byte) (time.Time, bool) {
	r := dateReader{rest: text}
	if !isDigit(text[0]) {
		r.skipWeekday()
	}
	if !r.calendarDate(d) {
		return time.Time{}, false
	}
	if !r.yearLast && len(r.rest) > 0 {
		if len(r.rest) > 1 && (r.rest[1] >= utf8.RuneSelf || r.rest[1] == 'r') {
			r.skipAny(" г.", " года", " г", " р.", " року", " roku", " r.") // the word for "year"
		}
		if len(r.rest) > 0 && !r.parseTimeOfDay() {
			return time.Time{}, false
		}
	}
	return r.time()
}

// maxDateLen is the length of the longest date that is accepted, in bytes.
const maxDateLen = len("понедельник, 30 сентября 2024 года, 12:30:00.123456789 PM +02:00 (UTC)")

// couldBeDate is a quick check. It returns true for every date, and false for most other text.
func couldBeDate(text []byte) bool {
	switch c := text[0]; {
	case isDigit(c):
		if isDigit(text[1]) && isDigit(text[2]) {
			return isDigit(text[3]) && (text[4] == '-' || text[4] == '/' || text[4] == '.' || text[4] == ' ' || text[4] >= utf8.RuneSelf)
		}
		return hasDigit(text[2:])
	case isASCIILetter(c):
		return englishMonth(text[:3]) > 0 || isEnglishWeekday(text[:3]) || startsWithName(text)
	default:
		const sign = 0xe2 // the first byte of "€" and other symbols
		return c > 0xc2 && c != sign && startsWithName(text)
	}
}

func hasDigit(text []byte) bool { return slices.ContainsFunc(text, isDigit) }

// startsWithName reports whether text starts with a foreign name of a month or a weekday, or with an article. The
// digits of a day or a year, or the word "de", must follow. It checks what follows the first word before it checks the
// word, because most text has no digits after its first word.
func startsWithName(text []byte) bool {
	r := dateReader{rest: text}
	n := r.wordLen()
	if n == 0 || n == len(text) {
		return false
	}
	r.rest = text[n:]
	r.skip('.')
	r.skip(',')
	if !r.skipSpaces() && !r.skip('-') || len(r.rest) == 0 {
		return false
	}
	word := text[:n]
	if isDigit(r.rest[0]) {
		_, width := r.number()
		isYear, isDay := width == 4, width == 1 || width == 2
		return (isYear || isDay && hasDigit(r.rest)) && (isArticle(word) || isForeignName(word))
	}
	return (r.rest[0] == 'd' || r.rest[0] == 'l' || r.rest[0] == 'f') &&
		(hasPrefix(r.rest, "de ") || hasPrefix(r.rest, "den ") || hasPrefix(r.rest, "le ") || hasPrefix(r.rest, "feira")) && isForeignName(word)
}

// isArticle reports whether word is an article that can precede a day: "le 5 mai 2024", "den 5 maj 2024".
func isArticle(word []byte) bool {
	switch string(word) {
	case "le", "Le", "den", "Den", "am", "Am", "el", "El", "il", "Il", "dne", "the", "The":
		return true
	default:
		return false
	}
}

// maxYear is the last year accepted after a numeric day and month. "1.2.3456" is more likely to be a version.
const maxYear = 2999

// dateReader parses a date from left to right. Its methods remove the text that they have parsed from the field rest.
type dateReader struct {
	rest             []byte
	year, month, day int
	seconds, nanos   int // seconds since midnight, and nanoseconds
	offset           int // offset of the zone, in seconds east of UTC
	yearLast         bool
}

// time returns the parsed time, or false if there is no such day.
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

// skipWeekday skips the name of a weekday and an article, if there are any.
func (r *dateReader) skipWeekday() {
	n := r.wordLen()
	if n == 0 {
		return
	}
	if word := r.rest[:n]; n >= 3 && isEnglishWeekday(word) || monthOf(word) == 0 && isForeignWeekday(word) {
		r.rest = r.rest[n:]
		r.skipAny("-feira")
		r.skip('.')
		r.skip(',')
		r.skipSpaces()
		n = r.wordLen()
	}
	if n > 0 && isArticle(r.rest[:n]) {
		r.rest = r.rest[n:]
		r.skipSpaces()
	}
}

// calendarDate parses the date, without a time of day.
func (r *dateReader) calendarDate(dates Dates) bool {
	if len(r.rest) > 0 && !isDigit(r.rest[0]) && r.wordLen() > 0 {
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
		if len(r.rest) > 0 && !isDigit(r.rest[0]) && r.wordLen() > 0 {
			return r.parseDayMonthName(first)
		}
		second, width := r.number()
		if width == 0 || width > 2 || !r.skip(sep) {
			return false
		}
		r.skip(' ') // "1. 5. 2024"
		third, width := r.number()
		switch {
		case width == 2:
			return r.assignShort(dates.short, first, second, third)
		case width != 4 || third > maxYear:
			return false
		}
		r.year = third
		return r.assignDayMonth(sep, first, second, dates)
	default:
		r.skipOrdinal()
		r.skipSpaces()
		return r.parseDayMonthName(first)
	}
}

// parseYearFirst parses the text after the year in "2024-05-01", "2024-May-01", "2024. május 1." and "2024年5月1日".
func (r *dateReader) parseYearFirst(year int) bool {
	r.year = year
	sep := r.rest[0]
	if sep >= utf8.RuneSelf {
		return r.skipAny("年", "년") && r.parseEastAsian()
	}
	if sep != '-' && sep != '/' && sep != '.' && sep != ' ' {
		return false
	}
	r.rest = r.rest[1:]
	if len(r.rest) > 0 && !isDigit(r.rest[0]) || sep == ' ' {
		r.skipSpaces()
		if !r.parseMonthName() {
			return false
		}
		if !r.skip('-') && !r.skip('/') {
			r.skip('.')
			r.skipSpaces()
		}
		var width int
		r.day, width = r.number()
		r.skip('.')
		return width == 1 || width == 2
	}
	month, monthWidth := r.number()
	if monthWidth == 0 || monthWidth > 2 || !r.skip(sep) {
		return false
	}
	day, width := r.number()
	r.month, r.day = month, day
	return width > 0 && width <= 2
}

// parseEastAsian parses the text after the year in "2024年5月1日" or "2024년 5월 1일". If there is no day, the date is the
// first of the month.
func (r *dateReader) parseEastAsian() bool {
	r.skipSpaces()
	month, width := r.number()
	if width == 0 || width > 2 || !r.skipAny("月", "월") {
		return false
	}
	r.month, r.day = month, 1
	r.skipSpaces()
	day, width := r.number()
	if width == 0 {
		return len(r.rest) == 0
	}
	r.day = day
	if width > 2 || !r.skipAny("日", "일", "号") {
		return false
	}
	if end := bytes.IndexByte(r.rest, ')'); len(r.rest) > 0 && r.rest[0] == '(' && end > 0 { // a weekday in parentheses
		r.rest = r.rest[end+1:]
	}
	return true
}

// pivotYear is the lowest two-digit year that belongs to the 20th century, as in POSIX.
const pivotYear = 69

// setShortYear sets a year of two digits.
func (r *dateReader) setShortYear(year int) {
	r.year = 2000 + year
	if year >= pivotYear {
		r.year = 1900 + year
	}
}

// assignShort sets day, month and year from three numbers; the year has two digits. The parameter order says which
// number is which. assignShort returns false unless order is exactly one of the orders, such as dayMonthYear.
func (r *dateReader) assignShort(order shortOrder, first, second, third int) bool {
	switch order {
	case dayMonthYear:
		r.day, r.month = first, second
		r.setShortYear(third)
	case monthDayYear:
		r.month, r.day = first, second
		r.setShortYear(third)
	case yearMonthDay:
		r.month, r.day = second, third
		r.setShortYear(first)
	default:
		return false
	}
	return true
}

// assignDayMonth sets day and month from two numbers. In dates with dots, the day comes first. It returns false if it
// cannot decide which number is the day.
func (r *dateReader) assignDayMonth(sep byte, first, second int, dates Dates) bool {
	dayIsFirst := sep == '.' || first > 12 || first == second || dates.DayFirst
	monthIsFirst := second > 12 || dates.MonthFirst && first <= 12
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

// parseDayMonthName parses the rest of "1 May 2024" and "1 de mayo de 2024".
func (r *dateReader) parseDayMonthName(day int) bool {
	r.day = day
	r.skipOf()
	if !r.parseMonthName() {
		return false
	}
	if !r.skip('-') && !r.skip('/') {
		r.skip('.')
		r.skip(',')
		r.skipSpaces()
		r.skipOf()
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
		r.skipOf()
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

// parseYear parses a year of two or four digits.
func (r *dateReader) parseYear() bool {
	isShort := r.skip('\'') // "'24"
	year, width := r.number()
	if width == 2 {
		r.setShortYear(year)
		return true
	}
	r.year = year
	return width == 4 && !isShort
}

// skipOrdinal skips the suffix of "1st", "2nd", "3rd", "4th", "1er" and "1º".
func (r *dateReader) skipOrdinal() {
	if len(r.rest) == 0 || r.rest[0] == ' ' {
		return
	}
	n := r.wordLen()
	switch string(r.rest[:n]) {
	case "st", "nd", "rd", "th", "er", "º", "ª":
		r.rest = r.rest[n:]
	}
	if len(r.rest) > 0 && r.rest[0] >= utf8.RuneSelf {
		r.skipAny("°")
	}
}

// skipOf skips the word for "of" in several languages.
func (r *dateReader) skipOf() {
	if len(r.rest) > 0 && (r.rest[0] == 'o' || r.rest[0] == 'd') {
		r.skipAny("of ", "de ", "del ", "di ", "d'", "d’")
	}
}

// skipAny skips one of several texts if it comes next. It tries the texts in order, and reports whether it skipped one.
func (r *dateReader) skipAny(texts ...string) bool {
	for _, text := range texts {
		if hasStart(r.rest, text) {
			r.rest = r.rest[len(text):]
			return true
		}
	}
	return false
}

// number parses an integer and returns the number of its digits. It returns 0 digits if there are more than nine.
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

// wordLen returns the length, in bytes, of the letters at the start of the field rest.
func (r *dateReader) wordLen() int {
	n := 0
	for n < len(r.rest) {
		if c := r.rest[n]; c < utf8.RuneSelf {
			if !isASCIILetter(c) {
				break
			}
			n++
			continue
		}
		letter, size := utf8.DecodeRune(r.rest[n:])
		if !unicode.IsLetter(letter) {
			break
		}
		n += size
	}
	return n
}

func isASCIILetter(c byte) bool { return c|' ' >= 'a' && c|' ' <= 'z' }
