package parse

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// magnitude describes a number and the word after it, which may be a multiplier such as "million".
type magnitude struct {
	currency, symbol []byte // the currency before the number and the symbol after it
	attached         bool   // there is no space before the word
	hasCurrency      bool
	hasDecimals      bool
}

// multiplication is a word that multiplies a number by a power of ten.
type multiplication struct {
	exponent int
	size     int // length of the word with its dot; 0 if there is no multiplier
	// refused means that the word stands for different numbers in several languages, so the text is not read as a
	// number.
	refused bool
}

// multiplierAt reads the multiplier at the start of text: "k", "million", "Mrd.", "lakh", "億". n is the length of the
// first word of text. A second multiplier may follow, as in "mil millones" and "lakh crore".
func (m *magnitude) multiplierAt(text []byte, n int) multiplication {
	if exponent, size := eastAsianMultiplier(text); size > 0 {
		return multiplication{exponent: exponent, size: size}
	}
	if n == 0 {
		return multiplication{}
	}
	n = len(bytes.TrimSuffix(text[:n], []byte("บาท"))) // Thai has no spaces between words
	if n == 0 {
		return multiplication{}
	}
	word := text[:n]
	exponent := m.letter(word)
	if exponent == 0 {
		exponent = multiplierWord(word)
	}
	if exponent == 0 {
		if string(word) != "mil" {
			return multiplication{}
		}
		if exponent = m.thousandOrMillion(text[n:]); exponent == 0 {
			return multiplication{refused: true}
		}
	}
	if n < len(text) && text[n] == dot {
		n++
	}
	next := skipSpace(text, n)
	size := unitLen(text[next:])
	if second := multiplierWord(text[next : next+size]); second > 3 && (exponent == 3 || exponent == 5) {
		return multiplication{exponent: exponent + second, size: next + size}
	}
	return multiplication{exponent: exponent, size: n}
}

// letter returns the exponent for a multiplier of one or two letters, or 0. Such letters may also be units: "5m" is a
// length, but "£5m" is an amount. "95 L" are liters, but "₹95 L" is an amount.
func (m *magnitude) letter(word []byte) int {
	isAmount := m.hasCurrency
	switch {
	case string(word) == "MM" && isAmount:
		return 6
	case len(word) > 1:
		return 0
	case word[0] == 'L' && m.isRupee():
		return 5
	case !m.attached:
		if isAmount && m.currency != nil {
			return spacedLetter(word[0])
		}
		return 0
	}
	return m.attachedLetter(word[0])
}

// attachedLetter returns the power of ten for a letter right after the digits, such as 3 for the k in "5k". It returns
// 0 if the letter is not a multiplier.
func (m *magnitude) attachedLetter(c byte) int {
	isAmount := m.hasCurrency
	switch {
	case c|' ' == 'k':
		return 3
	case c == 'M' || c == 'm' && isAmount:
		return 6
	case c == 'B' && (isAmount || m.hasDecimals) || c == 'b' && isAmount:
		return 9
	case (c == 'T' || c == 't') && isAmount:
		return 12
	default:
		return 0
	}
}

// spacedLetter returns the power of ten for a letter after an amount and a space, such as 6 for the M in "$1.2 M". It
// returns 0 if the letter is not a multiplier.
func spacedLetter(c byte) int {
	switch c {
	case 'k', 'K':
		return 3
	case 'M', 'm':
		return 6
	case 'B':
		return 9
	default:
		return 0
	}
}

// isRupee reports whether the number is an amount of rupees.
func (m *magnitude) isRupee() bool {
	switch string(m.currency) {
	case "₹", "Rs", "Rs.", "rs", "rs.", "INR", "PKR", "NPR", "रु", "रु.":
		return true
	default:
		return false
	}
}

// thousandOrMillion returns the power of ten for "mil". "mil" means a thousand in Spanish and Portuguese, and a million
// in English, Czech and Romanian. The parameter rest is the text after "mil". The result is 0 if neither the currency
// nor rest shows the language.
func (m *magnitude) thousandOrMillion(rest []byte) int {
	switch string(m.currency) {
	case "€", "EUR", "R$", "R $", "BRL":
		return 3
	}
	if len(m.symbol) > 0 && string(m.symbol) == "€" {
		return 3
	}
	if len(rest) > 0 && rest[0] == dot {
		rest = rest[1:]
	}
	rest = rest[skipSpace(rest, 0):]
	switch {
	case hasStart(rest, "Kč"), hasStart(rest, "lei"), hasStart(rest, "CZK"), hasStart(rest, "RON"):
		return 6
	case hasStart(rest, "€"), hasStart(rest, "euros"), hasStart(rest, "EUR"), hasStart(rest, "R$"), hasStart(rest, "reais"), hasStart(rest, "millones"), hasStart(rest, "milhões"):
		return 3
	default:
		return 0
	}
}

func hasStart(text []byte, start string) bool {
	return len(text) >= len(start) && string(text[:len(start)]) == start
}

// maxMultiplierLen is the maximum length of a multiplying word, in bytes.
const maxMultiplierLen = 32

// multiplierWord returns the exponent for a word in upper or lower case, or 0 if the word is not a multiplier. A word
// that means different numbers in two languages is read by its spelling: "Billionen" is German and "billion" is
// English.
func multiplierWord(word []byte) int {
	if len(word) < 2 || !couldMultiply(word[0]) {
		return 0
	}
	var buffer [maxMultiplierLen]byte
	switch string(appendLower(word, buffer[:0])) {
	case "thousand", "thousands", "tsd", "tausend", "mille", "mila", "duizend", "tusen", "tusind", "tuhat", "tuhatta", "tys", "tysięcy", "tysiące", "tis", "tisíc",
		"ezer", "mii", "bin", "ribu", "rb", "nghìn", "ngàn", "тыс", "тысяч", "тысяча", "тысячи", "тис", "тисяч", "хил", "хиляди", "ألف", "الف", "हज़ार", "हजार", "พัน":
		return 3
	case "หมื่น":
		return 4
	case "lakh", "lakhs", "lac", "lacs", "lk", "लाख", "লাখ", "แสน":
		return 5
	case "mn", "mln", "mio", "mill", "million", "millions", "millionen", "millón", "millon", "millones", "milhão", "milhões", "milhao", "milhoes", "milione", "milioni", "mlj",
		"miljoen", "miljon", "miljoner", "millioner", "miljoona", "miljoonaa", "milj", "milion", "miliony", "milionów", "milionů", "millió", "milioane", "milyon", "juta", "jt", "triệu", "tr",
		"млн", "миллион", "миллиона", "миллионов", "мільйонів", "مليون", "میلیون", "ล้าน":
		return 6
	case "cr", "crs", "crore", "crores", "करोड़", "करोड", "কোটি":
		return 7
	case "bn", "bln", "billion", "billions", "mrd", "milliarde", "milliarden", "milliard", "milliards", "md", "mds", "mld", "mia", "miliardo", "miliardi", "miljard", "miljarder", "mlrd",
		"milliarder", "miljardi", "miljardia", "miliard", "miliardy", "miliardów", "milliárd", "miliarde", "milyar", "miliar", "bilhão", "bilhões", "bilhao", "bilhoes", "tỷ", "tỉ",
		"млрд", "миллиард", "миллиарда", "миллиардов", "мільярдів", "مليار", "میلیارد":
		return 9
	case "tn", "trn", "trillion", "trillions", "billionen", "billón", "billones", "trilhão", "trilhões", "bilione", "bilioni", "biljoen", "biljon", "bilion", "trilyon", "triliun", "трлн", "триллион", "триллионов":
		return 12
	default:
		return 0
	}
}

// couldMultiply is a quick check of the first byte of a word. It returns true for every word that multiplierWord knows,
// and false for most units.
func couldMultiply(first byte) bool {
	switch first | ' ' {
	case 'a', 'f', 'g', 'h', 'i', 'k', 'o', 'p', 'q', 's', 'u', 'v', 'w', 'x', 'y', 'z':
		return false
	default:
		return true
	}
}

// eastAsianMultiplier returns the exponent and the length of the Chinese, Japanese or Korean multiplier at the start of
// text. The length is 0 if there is none.
func eastAsianMultiplier(text []byte) (exponent, size int) {
	for size < len(text) && text[size] >= utf8.RuneSelf {
		r, n := utf8.DecodeRune(text[size:])
		step := 0
		switch r {
		case '十', '십':
			step = 1
		case '百', '백':
			step = 2
		case '千', '천':
			step = 3
		case '万', '萬', '만':
			step = 4
		case '億', '亿', '억':
			step = 8
		case '兆', '조':
			step = 12
		}
		if step == 0 {
			break
		}
		exponent += step
		size += n
	}
	if exponent < 3 { // the number 10 in "5 十", or a part of another word
		return 0, 0
	}
	if size == 0 {
		return 0, 0
	}
	if r, _ := utf8.DecodeRune(text[size:]); unicode.Is(unicode.Hangul, r) && r != '원' && r != '명' && r != '개' {
		return 0, 0 // "5 조각" means five pieces
	}
	return exponent, size
}
