package parse

import "unicode/utf8"

// maxLeadInLen is the maximum length of the first lead-in word, in bytes.
const maxLeadInLen = len("approximately")

// leadInLen returns the length of the words that introduce a number ("from $5", "ab 120 €", "ca. 15"), including the
// space after them, or 0 if text does not start with such words.
func leadInLen(text []byte) int {
	if !couldLeadIn(text[0]) {
		return 0
	}
	n := 0
	for n < len(text) && (isASCIILetter(text[n]) || text[n] == '\'' || text[n] >= utf8.RuneSelf && wideSpace(text, n) == 0) {
		n++
	}
	if n == len(text) || n > maxLeadInLen {
		return 0
	}
	var lower [maxLeadInLen]byte
	for i, c := range text[:n] {
		lower[i] = lowerASCII(c)
	}
	if text[n] == dot {
		if !isLeadInAbbreviation(lower[:n]) {
			return 0
		}
		return skipSpace(text, n+1)
	}
	start := skipSpace(text, n)
	if start == n {
		return 0
	}
	if isLeadInWord(lower[:n]) || isLeadInAbbreviation(lower[:n]) {
		if rest := "zu "; string(lower[:n]) == "bis" && hasPrefix(text[start:], rest) {
			return skipSpace(text, start+len(rest))
		}
		return start
	}
	for _, rest := range leadInRest(lower[:n]) {
		if rest != "" && hasPrefix(text[start:], rest) {
			return skipSpace(text, start+len(rest))
		}
	}
	return 0
}

// couldLeadIn is a quick check that rejects most text by its first byte.
func couldLeadIn(first byte) bool {
	if first >= utf8.RuneSelf {
		return true
	}
	switch first | ' ' {
	case 'a', 'b', 'c', 'd', 'e', 'f', 'h', 'j', 'l', 'm', 'n', 'o', 'p', 'r', 's', 'u', 'v':
		return true
	default:
		return false
	}
}

// isLeadInWord reports whether a lower-case word alone can introduce a number.
func isLeadInWord(word []byte) bool {
	switch string(word) {
	case "from", "about", "around", "approximately", "circa", "roughly", "nearly", "almost", "over", "under", "above", "below", "only",
		"ab", "etwa", "ungefähr", "rund", "bis", "unter", "über", "nur", "mindestens", "höchstens",
		"dès", "environ", "jusqu'à", "desde", "hasta", "vanaf", "från", "fra", "od", "da", "от", "до", "mulai":
		return true
	default:
		return false
	}
}

// isLeadInAbbreviation reports whether a lower-case word is an abbreviation that can introduce a number. A dot may
// follow it.
func isLeadInAbbreviation(word []byte) bool {
	switch string(word) {
	case "ca", "approx", "aprox", "env", "mind":
		return true
	default:
		return false
	}
}

// leadInRest returns the phrases that may follow a lower-case word to introduce a number. It returns empty
// strings if the word never introduces one.
func leadInRest(word []byte) [2]string {
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

// rangeLeadInLen returns the length of the word that introduces a range but not a single number, and of the space after
// it: "between $5 and $10", "von 5 bis 10". It returns 0 if text does not start with one.
func rangeLeadInLen(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	switch c := text[0]; c | ' ' {
	case 'b', 'z', 'v', 'd', 'e', 't', 'm':
	default:
		if c < utf8.RuneSelf {
			return 0
		}
	}
	n := 0
	for n < len(text) && (isASCIILetter(text[n]) || text[n] >= utf8.RuneSelf && wideSpace(text, n) == 0) {
		n++
	}
	start := skipSpace(text, n)
	if n == 0 || n == start {
		return 0
	}
	var buffer [maxLeadInLen]byte
	switch string(lower(text[:n], buffer[:0])) {
	case "between", "zwischen", "von", "de", "van", "entre", "tra", "tussen", "mellan", "mellem", "mellom", "между", "między":
		return start
	default:
		return 0
	}
}

func hasPrefix(text []byte, words string) bool {
	return len(text) > len(words) && string(text[:len(words)]) == words
}
