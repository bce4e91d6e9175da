package parse

import (
	"unicode"
	"unicode/utf8"
)

func isCurrencySign(r rune) bool {
	switch {
	case r < 0x80:
		return r == '$'
	case r >= '\u20a0' && r <= '\u20cf': // the Currency Symbols block: €, ₹, ₩, ₽
		return true
	case r >= '¢' && r <= '¥', r == '؋', r == '฿', r == '៛', r == '﷼', r == '＄', r == '￠', r == '￡', r == '￥', r == '￦', r == '円', r == '元':
		return true
	default:
		return false
	}
}

// usesDotForThousands reports whether a dot separates thousands in countries that use this currency.
func usesDotForThousands(currency []byte) bool {
	switch string(currency) {
	case "€", "EUR", "eur", "Euro", "euro", "Euros", "euros", "kr", "Kr", "KR", "kr.", "Kr.", "DKK", "NOK", "SEK", "ISK", "zł", "PLN", "Kč", "kč", "CZK",
		"R$", "R $", "BRL", "₺", "TRY", "TL", "tl", "Ft", "HUF", "lei", "RON", "din", "din.", "RSD", "BGN", "лв", "лв.", "Rp", "Rp.", "IDR", "₫", "đ", "VND",
		"ARS", "CLP", "COP", "UYU", "Gs", "Gs.", "₲":
		return true
	default:
		return false
	}
}

// usesDotForDecimals reports whether a currency belongs to a country that writes a dot before decimals.
func usesDotForDecimals(unit []byte) bool {
	if len(unit) == 0 || usesDotForThousands(unit) {
		return false
	}
	size, isCurrency := suffixSymbol(unit)
	return isCurrency && size == len(unit) || isCurrencyCode(unit) || isCurrencyWord(unit)
}

// maxCountryLen is the maximum number of letters before a currency sign, as in "NT$".
const maxCountryLen = 3

// maxCurrencyLen is the maximum number of letters of a currency before a number.
const maxCurrencyLen = len("dirhams")

// currencyPrefix returns the length of the alphabetic currency at the start of text: a code, a word or an abbreviation
// with an optional dot or symbol, such as "USD", "US$", "US $", "kr", "dirham" or "Rs.". It returns 0 if there is none.
func currencyPrefix(text []byte) int {
	if n := dottedCurrency(text); n > 0 {
		return n
	}
	n := 0
	for n < len(text) && isASCIILetter(text[n]) {
		if n++; n > maxCurrencyLen {
			return 0
		}
	}
	word, rest := text[:n], text[n:]
	if len(rest) == 0 {
		return 0
	}
	if c := rest[0]; n <= maxCountryLen && (c == '$' || c >= 0x80 || c == ' ' && len(rest) > 1 && !isDigit(rest[1]) && !isASCIILetter(rest[1])) {
		if size := signLen(word, rest); size > 0 {
			return n + size
		}
	}
	if !isCurrencyCode(word) && !isCurrencyWord(word) && !isCurrencyLetter(word) {
		return 0
	}
	if rest[0] == '.' && !isUpper(word) {
		n++
	}
	return n
}

// signLen returns the length of a currency sign that belongs to the word before it, as in "US $" and "Kč". The
// parameter rest is the text after the word. signLen returns 0 if rest does not start with such a sign.
func signLen(word, rest []byte) int {
	start := skipSpace(rest, 0)
	r, size := utf8.DecodeRune(rest[start:])
	if isCurrencySign(r) && isUpper(word) && (start == 0 || isCountry(word) || isCurrencyCode(word)) {
		return start + size
	}
	if start == 0 && (string(word) == "K" && r == 'č' || string(word) == "z" && r == 'ł') {
		return size
	}
	return 0
}

// dottedCurrency returns the length of a currency that is written with dots, with a slash or in a script other than
// Latin. It returns 0 if text does not start with one.
func dottedCurrency(text []byte) int {
	switch {
	case len(text) < 2:
		return 0
	case text[0] >= utf8.RuneSelf:
		return wideCurrency(text)
	case text[1] != '/' && text[1] != '.':
		return 0
	}
	switch text[0] {
	case 'S':
		return wordAt(text, "S/.", "S/")
	case 'B':
		return wordAt(text, "B/.")
	case 'L':
		return wordAt(text, "L.E.", "L.E")
	default:
		return 0
	}
}

// wideCurrency is like dottedCurrency, for text that starts with a non-ASCII character.
func wideCurrency(text []byte) int {
	switch r, _ := utf8.DecodeRune(text); r {
	case 'р':
		return wordAt(text, "руб.", "руб", "р.")
	case 'г':
		return wordAt(text, "грн.", "грн")
	case 'л':
		return wordAt(text, "лв.", "лв")
	case 'т':
		return wordAt(text, "тенге")
	case 'с':
		return wordAt(text, "сум", "сом")
	case 'д':
		return wordAt(text, "ден", "дин.", "дин")
	case 'د':
		return wordAt(text, "د.إ.", "د.إ", "د.ك", "د.م.", "د.ت", "درهم", "دينار")
	case 'ر':
		return wordAt(text, "ر.س.", "ر.س", "ر.ق", "ر.ع.", "ريال", "ریال")
	case 'ج':
		return wordAt(text, "ج.م.", "ج.م", "جنيه")
	case 'ل':
		return wordAt(text, "ليرة")
	case 'ت':
		return wordAt(text, "تومان")
	case '₽', '원', '円', '元', '圓', '块', 'đ', '৳':
		return wordAt(text, "₽", "원", "円", "元", "圓", "块", "đ", "৳")
	case 'ש':
		return wordAt(text, "ש\"ח", "ש״ח", "שח")
	case 'บ':
		return wordAt(text, "บาท")
	case 'र':
		return wordAt(text, "रु.", "रु")
	case 'ট':
		return wordAt(text, "টাকা")
	case 'ლ':
		return wordAt(text, "ლარი")
	case 'դ':
		return wordAt(text, "դր.")
	default:
		return 0
	}
}

// wordAt returns the length of the word at the start of text if it is one of words, and otherwise 0. The words must be
// complete: "kroner" does not start with the word "kr".
func wordAt(text []byte, words ...string) int {
	for _, word := range words {
		if !hasStart(text, word) {
			continue
		}
		if r, _ := utf8.DecodeRune(text[len(word):]); len(text) == len(word) || !unicode.IsLetter(r) || r >= 0x3000 {
			return len(word)
		}
	}
	return 0
}

// isCurrencyLetter reports whether word is "R" or "Q". Such a letter can be a currency, as in "R 120.50", or the start
// of an id, as in "R 120".
func isCurrencyLetter(word []byte) bool { return string(word) == "R" || string(word) == "Q" }

func isUpper(word []byte) bool {
	for _, c := range word {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// isCountry reports whether word is the abbreviation of a country next to a currency sign: "US $5", "5 $ CA".
func isCountry(word []byte) bool {
	switch string(word) {
	case "US", "USA", "CA", "CDN", "C", "AU", "AUS", "A", "NZ", "HK", "SG", "S", "NT", "TW", "MX", "MEX", "R", "BR", "AR", "CL", "CO", "RD", "JM", "J", "TT", "BZ", "UK", "GB", "EU",
		"CN", "JP", "EG", "LE", "GH", "NA", "FJ", "BB", "BS":
		return true
	default:
		return false
	}
}

// isCurrencyWord reports whether a word is the name of a currency or a common abbreviation.
func isCurrencyWord(word []byte) bool {
	switch string(word) {
	case "kr", "Kr", "KR", "Rs", "rs", "RS", "Re", "Fr", "fr", "SFr", "Sfr", "sFr", "Ft", "ft", "RM", "Rp", "TL", "tl", "lei", "Lei", "leu", "din", "Lt", "Ls", "Lek", "usd", "eur", "gbp", "chf",
		"DH", "Dh", "dh", "DHS", "Dhs", "dhs", "SR", "Sr", "QR", "KD", "BD", "JD", "LE", "Tk", "tk", "TK", "KSh", "Ksh", "KSH", "KShs", "Kshs", "DT", "DA", "Br", "TSh", "USh", "Bs", "Gs", "kn", "KM", "CFA", "Fcfa", "FCFA", "RMB", "rmb",
		"PhP", "Php", "Pkr", "Inr", "Aed", "aed", "inr", "pkr", "Usd", "Eur", "Gbp":
		return true
	}
	if len(word) < 3 || len(word) > maxCurrencyWord || len(word) == 3 && isUpper(word) {
		return false
	}
	var buffer [maxCurrencyWord]byte
	switch string(appendLower(word, buffer[:0])) {
	case "euro", "euros", "dollar", "dollars", "dólar", "dólares", "dolar", "pound", "pounds", "rupee", "rupees", "rupiah", "dirham", "dirhams", "riyal", "riyals", "rial",
		"dinar", "dinars", "yen", "yuan", "won", "baht", "peso", "pesos", "real", "reais", "franc", "francs", "franken", "lira", "krona", "kronor", "kroner", "kronen", "korun",
		"złoty", "złote", "złotych", "zloty", "forint", "shilling", "naira", "rand", "ringgit", "taka", "dong", "hryvnia",
		"zł", "kč", "руб", "рублей", "рубля", "рубль", "грн", "гривень", "гривня", "лева", "лв", "тенге", "евро", "долларов", "сум", "сом":
		return true
	default:
		return false
	}
}

// maxCurrencyWord is the maximum length of the name of a currency, in bytes.
const maxCurrencyWord = len("долларов")

// appendLower appends word in lower case to buffer, which must be empty. It returns nil if buffer is too small.
func appendLower(word, buffer []byte) []byte {
	if len(word) > cap(buffer) {
		return nil
	}
	lowered := buffer[:len(word)]
	for i, c := range word {
		if c >= utf8.RuneSelf {
			return appendLowerWide(word, buffer)
		}
		lowered[i] = lowerASCII(c)
	}
	return lowered
}

// appendLowerWide is like appendLower, for words with non-ASCII characters. It leaves a character unchanged if its
// lower case has another length.
func appendLowerWide(word, buffer []byte) []byte {
	for i := 0; i < len(word); {
		if c := word[i]; c < utf8.RuneSelf {
			buffer = append(buffer, lowerASCII(c))
			i++
			continue
		}
		r, size := utf8.DecodeRune(word[i:])
		if folded := unicode.ToLower(r); utf8.RuneLen(folded) == size {
			buffer = utf8.AppendRune(buffer, folded)
		} else {
			buffer = append(buffer, word[i:i+size]...)
		}
		i += size
	}
	return buffer
}

// isCurrencyCode reports whether word is an ISO 4217 currency code. It excludes codes that are English words or rare in
// shops.
func isCurrencyCode(word []byte) bool {
	switch string(word) {
	case "AED", "AMD", "ARS", "AUD", "AZN", "BAM", "BDT", "BGN", "BHD", "BND", "BOB", "BRL", "BTC", "BYN", "CAD", "CHF", "CLP", "CNY", "COP", "CRC", "CZK", "DKK", "DOP", "DZD",
		"EGP", "ETB", "ETH", "EUR", "GBP", "GEL", "GHS", "GTQ", "HKD", "HNL", "HRK", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KRW", "KWD", "KZT",
		"LBP", "LKR", "LYD", "MAD", "MDL", "MKD", "MMK", "MNT", "MOP", "MUR", "MXN", "MYR", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PEN", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
		"RWF", "SAR", "SEK", "SGD", "SYP", "THB", "TND", "TRY", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VND", "XAF", "XOF", "YER", "ZAR", "ZMW":
		return true
	default:
		return false
	}
}
