package parse

// timeOfDay reads what follows a date: a time and its zone, to the end.
func (r *dateReader) timeOfDay() bool {
	if !r.skip('T') && !r.skip('t') {
		r.skip(',')
		spaced := r.spaces()
		if !spaced {
			return false
		}
		if len(r.rest) > 3 && string(r.rest[:3]) == "at " {
			r.rest = r.rest[3:]
			r.spaces()
		}
	}
	return r.hours() && r.zone() && len(r.rest) == 0
}

// timeOfDayThenYear reads the end of the dates of C and of the Unix tools.
func (r *dateReader) timeOfDayThenYear() bool {
	if !r.hours() {
		return false
	}
	r.spaces()
	if r.letters() > 0 {
		if !r.zone() {
			return false
		}
		r.spaces()
	}
	return r.fullYear()
}

// hours reads a time of day.
func (r *dateReader) hours() bool {
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
			r.fraction()
		}
	}
	before := r.rest
	r.spaces()
	if n := r.letters(); n == 2 && isHalfOfDay(r.rest[:n]) {
		if hour == 0 || hour > 12 {
			return false
		}
		hour %= 12
		if r.rest[0]|' ' == 'p' {
			hour += 12
		}
		r.rest = r.rest[n:]
	} else {
		r.rest = before
	}
	r.seconds = (hour*60+minute)*60 + second
	return true
}

// fraction reads the decimals of a second; those below nanoseconds are left out.
func (r *dateReader) fraction() {
	unit := 100_000_000
	for len(r.rest) > 0 && isDigit(r.rest[0]) {
		r.nanos += unit * int(r.rest[0]-'0')
		unit /= 10
		r.rest = r.rest[1:]
	}
}

// zone reads the zone of a time, if there is one.
func (r *dateReader) zone() bool {
	r.spaces()
	if len(r.rest) == 0 {
		return true
	}
	if n := r.letters(); n > 0 {
		offset, known := zoneOffset(r.rest[:n])
		r.rest = r.rest[n:]
		r.offset = offset
		return known
	}
	east := r.skip('+')
	if !east && !r.skip('-') {
		return false
	}
	hours, width := r.number()
	minutes := 0
	switch width {
	case 1, 2:
		if r.skip(':') {
			if minutes, width = r.number(); width != 2 {
				return false
			}
		}
	case 4:
		hours, minutes = hours/100, hours%100
	default:
		return false
	}
	r.offset = (hours*60 + minutes) * 60
	if !east {
		r.offset = -r.offset
	}
	r.spaces()
	if size := len(r.rest); size > 2 && r.rest[0] == '(' && r.rest[size-1] == ')' { // "+0200 (CEST)"
		r.rest = nil
	}
	return hours <= 15 && minutes <= 59
}

// zoneOffset gives the offset of a zone that has a name: those of RFC 5322, as most others are names of several.
func zoneOffset(name []byte) (seconds int, known bool) {
	hours := 0
	switch string(name) {
	case "Z", "z", "UTC", "UT", "GMT", "utc", "gmt":
	case "EDT":
		hours = -4
	case "EST", "CDT":
		hours = -5
	case "CST", "MDT":
		hours = -6
	case "MST", "PDT":
		hours = -7
	case "PST":
		hours = -8
	default:
		return 0, false
	}
	return hours * 3600, true
}

// monthOf gives the number of the month that a word names, whole or short; 0 where it names none.
func monthOf(word []byte) int {
	switch firstThree(word) {
	case "jan":
		return isNamed(word, "january", 1)
	case "feb":
		return isNamed(word, "february", 2)
	case "mar":
		return isNamed(word, "march", 3)
	case "apr":
		return isNamed(word, "april", 4)
	case "may":
		return isNamed(word, "may", 5)
	case "jun":
		return isNamed(word, "june", 6)
	case "jul":
		return isNamed(word, "july", 7)
	case "aug":
		return isNamed(word, "august", 8)
	case "sep":
		return isNamed(word, "september", 9)
	case "oct":
		return isNamed(word, "october", 10)
	case "nov":
		return isNamed(word, "november", 11)
	case "dec":
		return isNamed(word, "december", 12)
	default:
		return 0
	}
}

// isWeekday tells whether a word names a day of the week, whole or short.
func isWeekday(word []byte) bool {
	n := 0
	switch firstThree(word) {
	case "mon":
		n = isNamed(word, "monday", 1)
	case "tue":
		n = isNamed(word, "tuesday", 2)
	case "wed":
		n = isNamed(word, "wednesday", 3)
	case "thu":
		n = isNamed(word, "thursday", 4)
	case "fri":
		n = isNamed(word, "friday", 5)
	case "sat":
		n = isNamed(word, "saturday", 6)
	case "sun":
		n = isNamed(word, "sunday", 7)
	}
	return n > 0
}

// firstThree gives the first letters of a word in small.
func firstThree(word []byte) string {
	if len(word) < 3 {
		return ""
	}
	return string([]byte{word[0] | ' ', word[1] | ' ', word[2] | ' '})
}

// isNamed gives n where a word, whose first three letters are those of a name, is that name in any case or the beginning
// of it: "Sep", "Sept", "September"; else 0.
func isNamed(word []byte, name string, n int) int {
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

// order is which of the two numbers before a year comes first.
type order int8

const (
	noOrder order = iota
	dayFirst
	monthFirst
)

// slashOrder tells what a date such as 25/12/2024 tells of its column; noOrder for one that could be both, and for
// other text.
func slashOrder(text []byte) order {
	text = text[skipSpace(text, 0):]
	if len(text) < len("1/1/2024") || !isDigit(text[0]) {
		return noOrder
	}
	r := dateReader{rest: text}
	first, width := r.number()
	if width > 2 || len(r.rest) == 0 || r.rest[0] != '/' && r.rest[0] != '-' {
		return noOrder
	}
	mark := r.rest[0]
	r.rest = r.rest[1:]
	second, width := r.number()
	if width == 0 || width > 2 || !r.skip(mark) || !r.fullYear() {
		return noOrder
	}
	switch {
	case first > 12 && first <= 31 && second >= 1 && second <= 12:
		return dayFirst
	case second > 12 && second <= 31 && first >= 1 && first <= 12:
		return monthFirst
	default:
		return noOrder
	}
}
