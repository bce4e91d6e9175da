package parse

import "unicode/utf8"

// unitRule says which units the numbers of a column may have. The rule "" allows all units. The rule noUnit allows
// none, for a column that mixes units. Any other rule is the name of the only unit that is allowed. Numbers without a
// unit are always allowed.
type unitRule string

const noUnit unitRule = "\x00"

// allow reports whether a number can be compared with the other numbers of the column. The parameter measure is the
// unit of this number. It is nil if the number has no unit, or has a currency.
func (u unitRule) allow(measure []byte) bool {
	return u == "" || measure == nil || u != noUnit && isSameUnit(measure, []byte(u))
}

// unitCount counts the numbers with a unit in a sample.
type unitCount struct {
	unit  string
	count int
}

// addUnit counts a number with the given unit. The first seven units have their own counts. All other units are counted
// together.
func (l *Learner) addUnit(measure []byte) {
	if measure == nil {
		return
	}
	const maxUnits = 8
	for i := range l.units {
		if isSameUnit(measure, []byte(l.units[i].unit)) || i == maxUnits-1 {
			l.units[i].count++
			return
		}
	}
	l.units = append(l.units, unitCount{string(measure), 1})
}

// unitRule returns which units the column may have. If the sample has at most one unit, it returns "". If more than one
// in ten numbers with a unit has another unit than the most frequent one, it returns noUnit. Otherwise it returns the
// most frequent unit.
func (l *Learner) unitRule() unitRule {
	if len(l.units) < 2 {
		return ""
	}
	all := 0
	most := l.units[0]
	for _, u := range l.units {
		all += u.count
		if u.count > most.count {
			most = u
		}
	}
	const tenth = 10
	if (all-most.count)*tenth > all {
		return noUnit
	}
	return unitRule(most.unit)
}

// isUnit reports whether word can be a unit: "reviews", "GB", "zł". An ASCII word that is attached to the digits or in
// upper case must be a common unit or currency, because it may be part of an id. Month names, "am" and "pm" are not
// accepted, because they belong to dates.
func isUnit(word []byte, attached bool) bool {
	n := unitLen(word)
	return n > 0 && n == len(word) && isUnitWord(word, attached)
}

// isUnitWord is like isUnit, for a word that is not too long.
func isUnitWord(word []byte, attached bool) bool {
	n := len(word)
	if squareLen(word) == n {
		return true
	}
	if word[0] < utf8.RuneSelf && word[n-1] < utf8.RuneSelf && !attached && n > 1 && !isUpper(word[:2]) {
		return isKnownUnit(word) || (monthOf(word) == 0 || isWordInEnglish(word)) && !isMeridiem(word) || isCurrencyCode(word) || isCurrencyWord(word)
	}
	switch {
	case word[0] >= utf8.RuneSelf && monthOf(word) > 0: // "5 августа"
		return false
	case isKnownUnit(word) || isCurrencyCode(word) || isCurrencyWord(word):
		return true
	default:
		return word[0] >= utf8.RuneSelf || word[n-1] >= utf8.RuneSelf // "zł", "Kč", "руб", "個"
	}
}

// isWordInEnglish reports whether word is the name of a month in another language, but more often an English word. For
// example, "set" is September in Italian, but "1 set" is a number with a unit.
func isWordInEnglish(word []byte) bool {
	switch string(word) {
	case "set", "out", "pro", "cut":
		return true
	default:
		return false
	}
}

// isKnownUnit reports whether a short ASCII word, in upper or lower case, is a unit that is commonly attached to the
// digits.
func isKnownUnit(word []byte) bool {
	if len(word) == 1 {
		switch word[0] { // upper-case letters are not accepted if they often end an id
		case 'm', 'g', 't', 'l', 'L', 'w', 'W', 'v', 'V', 'h', 's', 'd', 'y', 'x', 'p', 'c':
			return true
		default:
			return false
		}
	}
	var lower [4]byte
	if len(word) > len(lower) {
		return false
	}
	for i, c := range word {
		if c >= 'A' && c <= 'Z' {
			c |= ' '
		}
		lower[i] = c
	}
	switch string(lower[:len(word)]) {
	case "mm", "cm", "km", "m2", "m3", "cm2", "cm3", "km2", "in", "ft", "ft2", "yd", "mi", "sqm", "sqft",
		"mg", "kg", "oz", "lb", "lbs", "ml", "cl", "dl", "gal",
		"kw", "kwh", "wh", "mah", "hz", "khz", "mhz", "ghz", "dpi", "px", "mp", "rpm", "bar", "psi", "hp", "ps",
		"kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "mbps", "gbps", "mph", "kmh",
		"hr", "hrs", "min", "mins", "sec", "ms", "yr", "yrs", "kcal", "cal", "kj",
		"pc", "pcs", "pkt", "st", "stk", "nd", "rd", "th", "ct", "cts", "eur", "usd", "gbp":
		return true
	default:
		return false
	}
}

// isMeridiem reports whether word is "am" or "pm", in upper or lower case.
func isMeridiem(word []byte) bool {
	return len(word) == 2 && (word[0]|' ' == 'a' || word[0]|' ' == 'p') && word[1]|' ' == 'm'
}

// isCounter reports whether a word only counts: it is the ending of an ordinal ("1st") or of a count ("3x", "5 個").
// Numbers with counters can be compared with other numbers.
func isCounter(word []byte) bool {
	switch string(word) {
	case "st", "nd", "rd", "th", "x", "個", "个", "件", "개", "шт":
		return true
	default:
		return false
	}
}

// usualUnit returns the usual spelling of a unit in lower case.
func usualUnit(unit []byte) []byte {
	switch string(unit) {
	case "m²", "㎡", "qm", "sqm", "sq m", "sq. m", "sq meters", "sq metres":
		return []byte("m2")
	case "ft²", "sqft", "sq ft", "sq. ft", "sq feet", "sq. feet", "sf":
		return []byte("ft2")
	case "m³":
		return []byte("m3")
	case "km²", "sq km", "sq. km":
		return []byte("km2")
	case "cm²":
		return []byte("cm2")
	default:
		return unit
	}
}

// isSameUnit reports whether two words are forms of one unit: "review" and "reviews", "отзыв" and "отзывов". Short
// units may differ only in case and in a plural s.
func isSameUnit(a, b []byte) bool {
	var one, other [maxUnitLen * utf8.UTFMax]byte
	a, b = usualUnit(appendLower(a, one[:0])), usualUnit(appendLower(b, other[:0]))
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	for n < len(b) && n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	switch {
	case n == len(b):
		return true
	case n == len(a) && (len(b) == n+1 && b[n] == 's' && n > 1 || n > 2):
		return true
	case isKnownUnit(a) || isKnownUnit(b):
		return false
	default:
		const maxEnding = 3
		return n > 2 && utf8.RuneCount(a[n:]) <= maxEnding && utf8.RuneCount(b[n:]) <= maxEnding
	}
}
