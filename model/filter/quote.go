package filter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model"
)

// quote writes a text between quotes so that it can be shown and read again.
func quote(text string) string {
	quoted := strconv.Quote(text)
	if model.Printable(quoted) != quoted {
		quoted = strconv.QuoteToASCII(text)
	}
	return quoted
}

// quoteName writes the name of a column, between quotes if it must.
func quoteName(name string) string {
	if name == "" || isQuote(name[0]) || nameEnd(name, 0) < len(name) || isKeyword(name) || model.Printable(name) != name {
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
func isBareValue(text string) bool {
	if text == "" || isQuote(text[0]) || strings.IndexByte("=!<>~?()", text[0]) >= 0 || isKeyword(text) {
		return false
	}
	return valueEnd(text, 0) == len(text) && model.Printable(text) == text && utf8.ValidString(text) && strings.Count(text, "(") == strings.Count(text, ")")
}

// shown is a part of what was typed, short and printable, to be named in an error.
func shown(text string) string {
	const most = 40
	runes := []rune(text)
	if len(runes) > most {
		text = string(runes[:most-1]) + "…"
	}
	return model.Printable(text)
}
