package filter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/lang"
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

func isBareValue(s string) bool {
	if s == "" || isQuote(s[0]) || strings.IndexByte("=!<>~?()", s[0]) >= 0 || isKeyword(s) {
		return false
	}
	return valueEnd(s, 0) == len(s) && text.Printable(s) == s && !hasReplacement(s) && strings.Count(s, "(") == strings.Count(s, ")")
}

// quoted parses text in quotes.
func (p *parser) quoted() (string, error) {
	content, end, err := lang.Quoted(p.text, p.at)
	if err != nil {
		return "", err
	}
	p.at = end
	return content, nil
}
