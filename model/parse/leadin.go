package parse

import "unicode/utf8"

// maxLeadInLen is the maximum length of the first lead-in word, in bytes.
const maxLeadInLen = len("approximately")

// leadInLen returns the length of the words that introduce a number ("from $5", "ab 120 €", "ca. 15"), including the
// space after them. It returns 0 if text does not start with such words.
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
	start := skipColon(text, n)
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

// skipColon returns the offset after white space and a colon, as in "Price: $5" and "Prix : 5 €". i is the offset at
// which they start.
func skipColon(text []byte, i int) int {
	if i = skipSpace(text, i); i < len(text) && text[i] == ':' {
		i = skipSpace(text, i+1)
	}
	return i
}

// couldLeadIn returns true for the first byte of every lead-in word, and false for the first byte of most other text.
func couldLeadIn(first byte) bool {
	switch first | ' ' {
	case 0xe3, 0xf0: // the first bytes of à, ü, and Cyrillic letters
		return true
	case 'a', 'b', 'c', 'd', 'e', 'f', 'h', 'j', 'l', 'm', 'n', 'o', 'p', 'r', 's', 'u', 'v', 'w':
		return true
	default:
		return false
	}
}

// couldIntroduce is a quick check of the first three letters of a word. It returns true for every word that introduces
// a number or a range, for every name of a currency, and for some other words. The word must have at least four ASCII
// letters.
func couldIntroduce(word []byte) bool {
	switch firstLetters(word) {
	case 'a'<<16 | 'b'<<8 | 'o', 'a'<<16 | 'l'<<8 | 'm', 'a'<<16 | 'p'<<8 | 'p', 'a'<<16 | 'p'<<8 | 'r', 'a'<<16 | 'r'<<8 | 'o', 'b'<<16 | 'a'<<8 | 'h',
		'b'<<16 | 'e'<<8 | 'l', 'b'<<16 | 'e'<<8 | 't', 'c'<<16 | 'i'<<8 | 'r', 'd'<<16 | 'e'<<8 | 's', 'd'<<16 | 'i'<<8 | 'n', 'd'<<16 | 'i'<<8 | 'r',
		'd'<<16 | 'o'<<8 | 'l', 'd'<<16 | 'o'<<8 | 'n', 'e'<<16 | 'n'<<8 | 't', 'e'<<16 | 'n'<<8 | 'v', 'e'<<16 | 't'<<8 | 'w', 'e'<<16 | 'u'<<8 | 'r',
		'f'<<16 | 'c'<<8 | 'f', 'f'<<16 | 'o'<<8 | 'r', 'f'<<16 | 'r'<<8 | 'a', 'f'<<16 | 'r'<<8 | 'o', 'h'<<16 | 'a'<<8 | 's', 'h'<<16 | 'r'<<8 | 'y',
		'j'<<16 | 'u'<<8 | 's', 'k'<<16 | 'o'<<8 | 'r', 'k'<<16 | 'r'<<8 | 'o', 'l'<<16 | 'e'<<8 | 's', 'l'<<16 | 'i'<<8 | 'r', 'm'<<16 | 'e'<<8 | 'l',
		'm'<<16 | 'e'<<8 | 'n', 'm'<<16 | 'i'<<8 | 'n', 'm'<<16 | 'o'<<8 | 'i', 'm'<<16 | 'o'<<8 | 'r', 'm'<<16 | 'u'<<8 | 'l', 'n'<<16 | 'a'<<8 | 'i',
		'n'<<16 | 'e'<<8 | 'a', 'o'<<16 | 'n'<<8 | 'l', 'o'<<16 | 'v'<<8 | 'e', 'p'<<16 | 'e'<<8 | 's', 'p'<<16 | 'l'<<8 | 'u', 'p'<<16 | 'o'<<8 | 'u',
		'r'<<16 | 'a'<<8 | 'n', 'r'<<16 | 'e'<<8 | 'a', 'r'<<16 | 'i'<<8 | 'a', 'r'<<16 | 'i'<<8 | 'n', 'r'<<16 | 'i'<<8 | 'y', 'r'<<16 | 'o'<<8 | 'u',
		'r'<<16 | 'u'<<8 | 'n', 'r'<<16 | 'u'<<8 | 'p', 's'<<16 | 'h'<<8 | 'i', 's'<<16 | 't'<<8 | 'a', 't'<<16 | 'a'<<8 | 'k', 't'<<16 | 'u'<<8 | 's',
		'u'<<16 | 'n'<<8 | 'd', 'u'<<16 | 'n'<<8 | 'g', 'u'<<16 | 'n'<<8 | 't', 'v'<<16 | 'a'<<8 | 'n', 'y'<<16 | 'u'<<8 | 'a', 'z'<<16 | 'l'<<8 | 'o',
		'z'<<16 | 'w'<<8 | 'i', 'p'<<16 | 'r'<<8 | 'i', 'p'<<16 | 'r'<<8 | 'e', 's'<<16 | 'a'<<8 | 'l', 'r'<<16 | 'e'<<8 | 'g', 'l'<<16 | 'i'<<8 | 's',
		'u'<<16 | 'n'<<8 | 'i', 's'<<16 | 'e'<<8 | 'u', 'c'<<16 | 'e'<<8 | 'n', 'j'<<16 | 'e'<<8 | 't', 'm'<<16 | 's'<<8 | 'r', 'k'<<16 | 's'<<8 | 'h':
		return true
	default:
		return false
	}
}

// isLeadInWord reports whether a lower-case word can introduce a number by itself.
func isLeadInWord(word []byte) bool {
	switch string(word) {
	case "from", "about", "around", "approximately", "circa", "roughly", "nearly", "almost", "over", "under", "above", "below", "only",
		"ab", "etwa", "ungefähr", "rund", "bis", "unter", "über", "nur", "mindestens", "höchstens",
		"price", "now", "was", "msrp", "rrp", "preis", "jetzt", "statt", "uvp", "prix", "seulement", "precio", "preço", "prezzo", "prijs", "pris", "cena", "цена",
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

// leadInRest returns the phrases that can follow word in the words before a number: "to " after "up", as in "up to 5".
// The word is in lower case. The results are empty if no phrase can follow it.
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
	case "sale", "regular", "list", "unit":
		return [2]string{"price ", "price: "}
	case "a", "à", "À":
		return [2]string{"partir de ", "partire da "}
	case "plus", "moins", "menos", "más":
		return [2]string{"de "}
	default:
		return [2]string{}
	}
}

// rangeLeadInLen returns the length of a word that introduces only ranges, and of the space after it: "between $5 and
// $10", "von 5 bis 10". It returns 0 if text does not start with such a word.
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
	switch string(appendLower(text[:n], buffer[:0])) {
	case "between", "zwischen", "von", "de", "van", "entre", "tra", "tussen", "mellan", "mellem", "mellom", "между", "między":
		return start
	default:
		return 0
	}
}

func hasPrefix(text []byte, words string) bool {
	return len(text) > len(words) && string(text[:len(words)]) == words
}
