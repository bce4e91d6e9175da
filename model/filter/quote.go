package filter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/text"
)

// quote returns s in quotes, printable and in a form that the parser can read.
func quote(s string) string {
	quoted := strconv.Quote(s)
	if text.Printable(quoted) != quoted || hasReplacement(quoted) {
		quoted = strconv.QuoteToASCII(s)
	}
	return quoted
}

// hasReplacement reports whether text contains U+FFFD or invalid UTF-8. Neither can be typed, so they are escaped.
func hasReplacement(text string) bool { return strings.ContainsRune(text, utf8.RuneError) }

// quoteName returns a column name, in quotes if they are necessary.
func quoteName(name string) string {
	if name == "" || isQuote(name[0]) || nameEnd(name, 0) < len(name) || isKeyword(name) || text.Printable(name) != name || hasReplacement(name) {
		return quote(name)
	}
	return name
}

// isKeyword reports whether word is a keyword that joins conditions.
func isKeyword(word string) bool {
	for _, keyword := range [...]string{"and", "or", "not", "&&", "||"} {
		if strings.EqualFold(word, keyword) {
			return true
		}
	}
	return false
}

// nameEnd returns the end of the unquoted name at offset i. It ends at a space, a quote, an operator or a parenthesis.
func nameEnd(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) || strings.ContainsRune("=!<>~?()\"`", r) {
			break
		}
		i += size
	}
	return i
}

// valueEnd returns the end of the unquoted value at offset i. It ends at a space or an unmatched closing parenthesis.
func valueEnd(text string, i int) int {
	open := 0
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r), r == ')' && open == 0:
			return i
		case r == '(':
			open++
		case r == ')':
			open--
		}
		i += size
	}
	return i
}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// isBareValue reports whether s can be written as a value without quotes.
func isBareValue(s string) bool {
	if s == "" || isQuote(s[0]) || strings.IndexByte("=!<>~?()", s[0]) >= 0 || isKeyword(s) {
		return false
	}
	return valueEnd(s, 0) == len(s) && text.Printable(s) == s && !hasReplacement(s) && strings.Count(s, "(") == strings.Count(s, ")")
}

// excerpt returns a short and printable form of s, for use in an error.
func excerpt(s string) string {
	const maxRunes = 40
	runes := []rune(s)
	if len(runes) > maxRunes {
		s = string(runes[:maxRunes-1]) + "…"
	}
	return text.Printable(s)
}

// quoted parses text in quotes.
func (p *parser) quoted() (string, error) {
	from := p.at
	mark := p.text[from]
	i := from + 1
	for i < len(p.text) && p.text[i] != mark {
		if p.text[i] == '\\' && mark == '"' {
			i++
		}
		i++
	}
	if i >= len(p.text) {
		return "", &Error{from, len(p.text), "unclosed " + string(mark), ""}
	}
	p.at = i + 1
	if mark != '"' {
		return p.text[from+1 : i], nil
	}
	return p.unquote(from+1, i)
}

// unquote decodes the escapes in p.text[from:to].
func (p *parser) unquote(from, to int) (string, error) {
	if strings.IndexByte(p.text[from:to], '\\') < 0 {
		return p.text[from:to], nil
	}
	var b strings.Builder
	for rest := p.text[from:to]; rest != ""; {
		if rest[0] != '\\' {
			plain := strings.IndexByte(rest, '\\')
			if plain < 0 {
				plain = len(rest)
			}
			b.WriteString(rest[:plain])
			rest = rest[plain:]
			continue
		}
		r, isCharacter, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			at := to - len(rest)
			return "", &Error{at, min(at+2, to), excerpt(p.text[at:min(at+2, to)]) + " is not a valid escape", "write \\\\ for a backslash, or use single quotes"}
		}
		if isCharacter {
			b.WriteRune(r)
		} else {
			b.WriteByte(byte(r))
		}
		rest = tail
	}
	return b.String(), nil
}
