package compute

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/lang"
	"sbwatch/model/text"
)

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenText // in quotes
	tokenName // a column, a function or a keyword
	tokenQuotedName
	tokenSign // an operator, a parenthesis or a comma
)

// token is a word or an operator of a formula. For a quoted token, the text excludes the quotes.
type token struct {
	kind     tokenKind
	text     string
	from, to int
}

func (t token) isSign(signs ...string) bool {
	return t.kind == tokenSign && slices.Contains(signs, t.text)
}

func (t token) isWord(word string) bool {
	return t.kind == tokenName && strings.EqualFold(t.text, word)
}

type lexer struct {
	text string
	at   int
}

// next returns the next token.
func (l *lexer) next() (token, error) {
	for l.at < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.at:])
		if !unicode.IsSpace(r) {
			break
		}
		l.at += size
	}
	from := l.at
	if from == len(l.text) {
		return token{from: from, to: from}, nil
	}
	switch c := l.text[from]; {
	case c == '"' || c == '\'' || c == '`':
		return l.quoted(c)
	case isDigit(c) || c == '.' && from+1 < len(l.text) && isDigit(l.text[from+1]):
		return l.number(), nil
	}
	if end := nameEnd(l.text, from); end > from {
		l.at = end
		return token{tokenName, l.text[from:end], from, end}, nil
	}
	return l.sign()
}

// signs lists the operators and other signs, longer ones first.
func signs() []string {
	return []string{"==", "!=", "<=", ">=", "<>", "&&", "||", "=", "<", ">", "+", "-", "*", "/", "%", "&", "(", ")", ",", "×", "÷", "−", "^"}
}

func (l *lexer) sign() (token, error) {
	from := l.at
	for _, sign := range signs() {
		if !strings.HasPrefix(l.text[from:], sign) {
			continue
		}
		l.at += len(sign)
		return token{tokenSign, sign, from, l.at}, nil
	}
	_, size := utf8.DecodeRuneInString(l.text[from:])
	return token{}, &lang.Error{From: from, To: from + size, Reason: "unexpected " + lang.Excerpt(l.text[from:from+size]), Hint: "quote a column name that has symbols in backquotes"}
}

// number reads a number such as 12, 1.5 or 2e3.
func (l *lexer) number() token {
	from := l.at
	digits := func() {
		for l.at < len(l.text) && isDigit(l.text[l.at]) {
			l.at++
		}
	}
	digits()
	if l.at < len(l.text) && l.text[l.at] == '.' {
		l.at++
		digits()
	}
	if rest := l.text[l.at:]; len(rest) > 1 && (rest[0] == 'e' || rest[0] == 'E') {
		exponent := rest[1:]
		if exponent[0] == '-' || exponent[0] == '+' {
			exponent = exponent[1:]
		}
		if exponent != "" && isDigit(exponent[0]) {
			l.at = len(l.text) - len(exponent)
			digits()
		}
	}
	return token{tokenNumber, l.text[from:l.at], from, l.at}
}

// quoted reads a text in "…" or '…', or a name in `…`.
func (l *lexer) quoted(mark byte) (token, error) {
	from := l.at
	content, end, err := lang.Quoted(l.text, from)
	if err != nil {
		return token{}, err
	}
	l.at = end
	kind := tokenText
	if mark == '`' {
		kind = tokenQuotedName
	}
	return token{kind, content, from, end}, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// nameEnd returns the end of the unquoted name that starts at the offset from. If there is no name, nameEnd returns
// this offset.
func nameEnd(s string, from int) int {
	i := from
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		isInner := i > from && (unicode.IsDigit(r) || r == '.' || unicode.IsMark(r))
		if !isInner && !unicode.IsLetter(r) && !strings.ContainsRune("_$@#:", r) {
			break
		}
		i += size
	}
	return i
}

func quoteName(name string) string {
	if name != "" && nameEnd(name, 0) == len(name) && !isKeyword(name) && text.Printable(name) == name {
		return name
	}
	return "`" + name + "`"
}

func isKeyword(name string) bool {
	for _, word := range [...]string{"and", "or", "not", "true", "false"} {
		if strings.EqualFold(name, word) {
			return true
		}
	}
	return false
}
