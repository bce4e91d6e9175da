package parse

// parseTimeOfDay parses the rest of the text after a date: a time and an optional zone.
func (r *dateReader) parseTimeOfDay() bool {
	if !r.skip('T') && !r.skip('t') {
		r.skip(',')
		spaced := r.skipSpaces()
		if !spaced {
			return false
		}
		if len(r.rest) > 0 && isDigit(r.rest[0]) {
			return r.parseTimeAndZone()
		}
		r.skipAny("at ", "um ", "om ", "à ", "às ", "a las ", "alle ", "kl. ", "kl ", "o ", "в ", "- ")
		r.skipSpaces()
	}
	return r.parseTimeAndZone()
}

// parseTimeAndZone parses a time of day with an optional zone, and nothing else.
func (r *dateReader) parseTimeAndZone() bool {
	if !r.parseTime() {
		return false
	}
	if len(r.rest) > 1 && r.rest[0] == ' ' {
		r.skipAny(" Uhr", " h")
	}
	return r.parseZone() && len(r.rest) == 0
}

// parseTimeAndYear parses the end of a date in the format of C and of the Unix date command, such as "12:30:00 UTC
// 2024".
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
	if width == 0 || width > 2 || hour > 23 || !r.skip(':') && !r.skip('h') {
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
