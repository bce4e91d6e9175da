package filter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/text"
)

// quote writes a text between quotes so that it can be shown and read again.
func quote(s string) string {
	quoted := strconv.Quote(s)
	if text.Printable(quoted) != quoted || hasReplacement(quoted) {
		quoted = strconv.QuoteToASCII(s)
	}
	return quoted
}

// hasReplacement reports whether a text has U+FFFD in it or is invalid UTF-8: neither can be typed, so it is escaped.
func hasReplacement(text string) bool { return strings.ContainsRune(text, utf8.RuneError) }

// quoteName writes the name of a column, between quotes if it must.
func quoteName(name string) string {
	if name == "" || isQuote(name[0]) || nameEnd(name, 0) < len(name) || isKeyword(name) || text.Printable(name) != name || hasReplacement(name) {
		return quote(name)
	}
	return name
}

// isKeyword tells whether a word joins conditions.
func isKeyword(word string) bool {
	for _, keyword := range [...]string{"and", "or", "not", "&&", "||"} {
		if strings.EqualFold(word, keyword) {
			return true
		}
	}
	return false
}

// nameEnd gives the end of a name without quotes that begins at a place: before a space, a quote, an operator or a
// parenthesis.
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

// valueEnd gives the end of a value without quotes that begins at a place: before a space, or before a parenthesis that
// closes what it has not opened.
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

// isBareValue tells whether a text can be written as a value without quotes.
func isBareValue(s string) bool {
	if s == "" || isQuote(s[0]) || strings.IndexByte("=!<>~?()", s[0]) >= 0 || isKeyword(s) {
		return false
	}
	return valueEnd(s, 0) == len(s) && text.Printable(s) == s && !hasReplacement(s) && strings.Count(s, "(") == strings.Count(s, ")")
}

// shown is a part of what was typed, short and printable, to be named in an error.
func shown(s string) string {
	const most = 40
	runes := []rune(s)
	if len(runes) > most {
		s = string(runes[:most-1]) + "…"
	}
	return text.Printable(s)
}

// quoted reads what stands between quotes.
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
		return "", &Error{from, len(p.text), "this " + string(mark) + " is not closed", ""}
	}
	p.at = i + 1
	if mark != '"' {
		return p.text[from+1 : i], nil
	}
	return p.unquote(from+1, i)
}

// unquote reads the escapes between two places.
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
			return "", &Error{at, min(at+2, to), shown(p.text[at:min(at+2, to)]) + " is no escape", "a backslash is \\\\ here; between ' and ' it is itself"}
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
