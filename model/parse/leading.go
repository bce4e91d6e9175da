package parse

import "unicode/utf8"

// longestLeading is how many bytes the first of the words before a number has at most.
const longestLeading = len("approximately")

// leading gives the length of the words before a number that say about, at least or at most, with the space behind them:
// "from $5", "ab 120 €", "ca. 15"; 0 where text does not begin so.
func leading(text []byte) int {
	if !mayLead(text[0]) {
		return 0
	}
	n := 0
	for n < len(text) && (isASCIILetter(text[n]) || text[n] == '\'' || text[n] >= utf8.RuneSelf && wideSpace(text, n) == 0) {
		n++
	}
	if n == len(text) || n > longestLeading {
		return 0
	}
	var lower [longestLeading]byte
	for i, c := range text[:n] {
		lower[i] = lowerASCII(c)
	}
	if text[n] == dot {
		if !isLeadingShort(lower[:n]) {
			return 0
		}
		return skipSpace(text, n+1)
	}
	from := skipSpace(text, n)
	if from == n {
		return 0
	}
	if isLeadingWord(lower[:n]) || isLeadingShort(lower[:n]) {
		if rest := "zu "; string(lower[:n]) == "bis" && beginsWith(text[from:], rest) {
			return skipSpace(text, from+len(rest))
		}
		return from
	}
	for _, rest := range leadingRest(lower[:n]) {
		if rest != "" && beginsWith(text[from:], rest) {
			return skipSpace(text, from+len(rest))
		}
	}
	return 0
}

// mayLead refuses many texts by their first byte.
func mayLead(first byte) bool {
	if first >= utf8.RuneSelf {
		return true
	}
	switch first | ' ' {
	case 'a', 'b', 'c', 'd', 'e', 'f', 'h', 'j', 'l', 'm', 'n', 'o', 'p', 'r', 's', 'u':
		return true
	default:
		return false
	}
}

// isLeadingWord tells of a word in small letters whether it leads to a number by itself.
func isLeadingWord(word []byte) bool {
	switch string(word) {
	case "from", "about", "around", "approximately", "circa", "roughly", "nearly", "almost", "over", "under", "above", "below", "only",
		"ab", "etwa", "ungefähr", "rund", "bis", "unter", "über", "nur", "mindestens", "höchstens",
		"dès", "environ", "jusqu'à", "desde", "hasta":
		return true
	default:
		return false
	}
}

// isLeadingShort tells of a word in small letters whether it leads to a number, and is short for another: a dot may follow.
func isLeadingShort(word []byte) bool {
	switch string(word) {
	case "ca", "approx", "aprox", "env", "mind":
		return true
	default:
		return false
	}
}

// leadingRest is what must follow a word in small letters for it to lead to a number: one of these, if there is any.
func leadingRest(word []byte) [2]string {
	switch string(word) {
	case "up":
		return [2]string{"to "}
	case "less", "more":
		return [2]string{"than "}
	case "at":
		return [2]string{"least ", "most "}
	case "starting":
		return [2]string{"at ", "from "}
	case "as":
		return [2]string{"low as "}
	case "a", "à", "À":
		return [2]string{"partir de "}
	case "plus", "moins", "menos", "más":
		return [2]string{"de "}
	default:
		return [2]string{}
	}
}

func beginsWith(text []byte, words string) bool {
	return len(text) > len(words) && string(text[:len(words)]) == words
}
