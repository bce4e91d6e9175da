package parse

// parseTimeOfDay parses the rest of the text after a date: a time and an optional zone.
func (r *dateReader) parseTimeOfDay() bool {
	if !r.skip('T') && !r.skip('t') {
		r.skip(',')
		spaced := r.skipSpaces()
		if !spaced {
			return false
		}
		if len(r.rest) > 3 && string(r.rest[:3]) == "at " {
			r.rest = r.rest[3:]
			r.skipSpaces()
		}
	}
	return r.parseTime() && r.parseZone() && len(r.rest) == 0
}

// parseTimeAndYear parses the end of a date in the format of C and of the Unix date command.
func (r *dateReader) parseTimeAndYear() bool {
	if !r.parseTime() {
		return false
	}
	r.skipSpaces()
	if r.wordLen() > 0 {
		if !r.parseZone() {
			return false
		}
		r.skipSpaces()
	}
	return r.parseYear()
}

// parseTime parses a time of day without a zone.
func (r *dateReader) parseTime() bool {
	hour, width := r.number()
	if width == 0 || width > 2 || hour > 23 || !r.skip(':') {
		return false
	}
	minute, width := r.number()
	if width != 2 || minute > 59 {
		return false
	}
	second := 0
	if r.skip(':') {
		second, width = r.number()
		if width != 2 || second > 59 {
			return false
		}
		if len(r.rest) > 1 && (r.rest[0] == '.' || r.rest[0] == ',') && isDigit(r.rest[1]) {
			r.rest = r.rest[1:]
			r.parseFraction()
		}
	}
	prefix := r.rest
	r.skipSpaces()
	if n := r.wordLen(); n == 2 && isMeridiem(r.rest[:n]) {
		if hour == 0 || hour > 12 {
			return false
		}
		hour %= 12
		if r.rest[0]|' ' == 'p' {
			hour += 12
		}
		r.rest = r.rest[n:]
	} else {
		r.rest = prefix
	}
	r.seconds = (hour*60+minute)*60 + second
	return true
}

// parseFraction parses the decimals of a second. Digits below one nanosecond are ignored.
func (r *dateReader) parseFraction() {
	unit := 100_000_000
	for len(r.rest) > 0 && isDigit(r.rest[0]) {
		r.nanos += unit * int(r.rest[0]-'0')
		unit /= 10
		r.rest = r.rest[1:]
	}
}

// parseZone parses the zone of a time, if there is one.
func (r *dateReader) parseZone() bool {
	r.skipSpaces()
	if len(r.rest) == 0 {
		return true
	}
	if n := r.wordLen(); n > 0 {
		offset, known := zoneOffset(r.rest[:n])
		r.rest = r.rest[n:]
		r.offset = offset
		return known
	}
	east := r.skip('+')
	if !east && !r.skip('-') {
		return false
	}
	parseTime, width := r.number()
	minutes := 0
	switch width {
	case 1, 2:
		if r.skip(':') {
			if minutes, width = r.number(); width != 2 {
				return false
			}
		}
	case 4:
		parseTime, minutes = parseTime/100, parseTime%100
	default:
		return false
	}
	r.offset = (parseTime*60 + minutes) * 60
	if !east {
		r.offset = -r.offset
	}
	r.skipSpaces()
	if size := len(r.rest); size > 2 && r.rest[0] == '(' && r.rest[size-1] == ')' { // "+0200 (CEST)"
		r.rest = nil
	}
	return parseTime <= 15 && minutes <= 59
}

// zoneOffset returns the offset of a named zone. Only the names in RFC 5322 are known, because most others are
// ambiguous.
func zoneOffset(name []byte) (seconds int, known bool) {
	parseTime := 0
	switch string(name) {
	case "Z", "z", "UTC", "UT", "GMT", "utc", "gmt":
	case "EDT":
		parseTime = -4
	case "EST", "CDT":
		parseTime = -5
	case "CST", "MDT":
		parseTime = -6
	case "MST", "PDT":
		parseTime = -7
	case "PST":
		parseTime = -8
	default:
		return 0, false
	}
	return parseTime * 3600, true
}

// monthOf returns the number of the month that word names in full or abbreviated, or 0 if it names none.
func monthOf(word []byte) int {
	switch lowerPrefix3(word) {
	case "jan":
		return matchName(word, "january", 1)
	case "feb":
		return matchName(word, "february", 2)
	case "mar":
		return matchName(word, "march", 3)
	case "apr":
		return matchName(word, "april", 4)
	case "may":
		return matchName(word, "may", 5)
	case "jun":
		return matchName(word, "june", 6)
	case "jul":
		return matchName(word, "july", 7)
	case "aug":
		return matchName(word, "august", 8)
	case "sep":
		return matchName(word, "september", 9)
	case "oct":
		return matchName(word, "october", 10)
	case "nov":
		return matchName(word, "november", 11)
	case "dec":
		return matchName(word, "december", 12)
	default:
		return 0
	}
}

// isWeekday reports whether word is the name of a weekday, in full or abbreviated.
func isWeekday(word []byte) bool {
	n := 0
	switch lowerPrefix3(word) {
	case "mon":
		n = matchName(word, "monday", 1)
	case "tue":
		n = matchName(word, "tuesday", 2)
	case "wed":
		n = matchName(word, "wednesday", 3)
	case "thu":
		n = matchName(word, "thursday", 4)
	case "fri":
		n = matchName(word, "friday", 5)
	case "sat":
		n = matchName(word, "saturday", 6)
	case "sun":
		n = matchName(word, "sunday", 7)
	}
	return n > 0
}

// lowerPrefix3 returns the first three letters of word in lower case, or "" if it is shorter.
func lowerPrefix3(word []byte) string {
	if len(word) < 3 {
		return ""
	}
	return string([]byte{word[0] | ' ', word[1] | ' ', word[2] | ' '})
}

// matchName returns n if word is a prefix of name in any case ("Sep", "Sept", "September"), and 0 otherwise. The first
// three letters must already match.
func matchName(word []byte, name string, n int) int {
	if len(word) > len(name) {
		return 0
	}
	for i, c := range word {
		if c|' ' != name[i] {
			return 0
		}
	}
	return n
}

// dateOrder is the order of the day and the month in a numeric date.
type dateOrder int8

const (
	unknownOrder dateOrder = iota
	dayFirst
	monthFirst
)

// dateOrderOf returns the order that a date such as "25/12/2024" implies for its column. It returns unknownOrder for
// ambiguous dates and other text.
func dateOrderOf(text []byte) dateOrder {
	text = text[skipSpace(text, 0):]
	if len(text) < len("1/1/2024") || !isDigit(text[0]) {
		return unknownOrder
	}
	r := dateReader{rest: text}
	first, width := r.number()
	if width > 2 || len(r.rest) == 0 || r.rest[0] != '/' && r.rest[0] != '-' {
		return unknownOrder
	}
	sep := r.rest[0]
	r.rest = r.rest[1:]
	second, width := r.number()
	if width == 0 || width > 2 || !r.skip(sep) || !r.parseYear() {
		return unknownOrder
	}
	switch {
	case first > 12 && first <= 31 && second >= 1 && second <= 12:
		return dayFirst
	case second > 12 && second <= 31 && first >= 1 && first <= 12:
		return monthFirst
	default:
		return unknownOrder
	}
}
