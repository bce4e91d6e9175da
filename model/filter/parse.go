package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/lang"
	"sbwatch/model/search"
)

// maxDepth is the maximum nesting depth of parentheses and "not".
const maxDepth = 100

const searchHint = "to search for text, use /"

// parser is a recursive descent parser for filters.
type parser struct {
	text  string
	at    int
	depth int
	last  *condition // the last condition that was parsed
}

// parse parses the whole filter.
func (p *parser) parse() (*node, error) {
	p.skipSpace()
	if p.at == len(p.text) {
		return nil, &lang.Error{From: p.at, To: p.at, Reason: "the filter is empty", Hint: "try price > 20, brand ~ acme or rating?"}
	}
	root, err := p.parseOr()
	if err != nil {
		return nil, err
	}
	p.skipSpace()
	switch {
	case p.at == len(p.text):
		return root, nil
	case p.text[p.at] == ')':
		return nil, &lang.Error{From: p.at, To: p.at + 1, Reason: "unmatched )"}
	default:
		return nil, p.unexpectedWord()
	}
}

// unexpectedWord returns the error for a condition that is followed by a word other than "and" or "or".
func (p *parser) unexpectedWord() error {
	from, to := p.nextWord()
	err := &lang.Error{From: from, To: to, Reason: `expected "and" or "or" before ` + lang.Excerpt(p.text[from:to])}
	switch c := p.last; {
	case c == nil || c.op == opPresent:
	case strings.IndexByte("=!<>~?", p.text[from]) >= 0:
		err.Hint = "quote a value that has spaces or symbols"
	case !c.value.quoted:
		end := to
		for end < len(p.text) {
			next := &parser{text: p.text, at: end}
			next.skipSpace()
			from, to := next.nextWord()
			if from == to || isKeyword(p.text[from:to]) || strings.IndexByte("=!<>~?()", p.text[from]) >= 0 {
				break
			}
			end = to
		}
		whole := p.text[c.value.from:end]
		err.Hint = "quote a value that has spaces: " + lang.Excerpt(quote(whole))
	}
	return err
}

// parseOr parses nodes that are joined by "or".
func (p *parser) parseOr() (*node, error) { return p.parseJoined(orNode, p.parseAnd, "or", "||") }

// parseAnd parses nodes that are joined by "and".
func (p *parser) parseAnd() (*node, error) { return p.parseJoined(andNode, p.parseNot, "and", "&&") }

// parseJoined parses nodes that are separated by "and" or "or". words holds the spellings of that keyword.
func (p *parser) parseJoined(kind nodeKind, read func() (*node, error), words ...string) (*node, error) {
	first, err := read()
	if err != nil {
		return nil, err
	}
	parts := []*node{first}
	for p.acceptKeyword(words...) {
		next, err := read()
		if err != nil {
			return nil, err
		}
		parts = append(parts, next)
	}
	if len(parts) == 1 {
		return first, nil
	}
	whole := &node{kind: kind}
	for _, part := range parts {
		if part.kind == kind { // redundant parentheses
			whole.nodes = append(whole.nodes, part.nodes...)
		} else {
			whole.nodes = append(whole.nodes, part)
		}
	}
	return whole, nil
}

// parseNot parses a condition or a node in parentheses, with any number of "not" before it.
func (p *parser) parseNot() (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil, &lang.Error{From: p.at, To: min(p.at+1, len(p.text)), Reason: "nested too deep"}
	}
	p.skipSpace()
	from := p.at
	switch {
	case p.acceptKeyword("not") || p.acceptBang():
		part, err := p.parseNot()
		if err != nil {
			return nil, err
		}
		return &node{kind: notNode, nodes: []*node{part}}, nil
	case from < len(p.text) && p.text[from] == '(':
		p.at++
		part, err := p.parseOr()
		if err != nil {
			return nil, err
		}
		p.skipSpace()
		switch {
		case p.at == len(p.text):
			return nil, &lang.Error{From: from, To: from + 1, Reason: "unclosed ("}
		case p.text[p.at] != ')':
			return nil, p.unexpectedWord()
		}
		p.at++
		return part, nil
	default:
		c, err := p.condition()
		if err != nil {
			return nil, err
		}
		p.last = &c
		return &node{condition: c}, nil
	}
}

// acceptBang consumes a "!" that means "not".
func (p *parser) acceptBang() bool {
	rest := p.text[p.at:]
	if rest == "" || rest[0] != '!' || len(rest) > 1 && (rest[1] == '=' || rest[1] == '~') {
		return false
	}
	p.at++
	return true
}

// condition parses a condition.
func (p *parser) condition() (condition, error) {
	var c condition
	var err error
	if c.column, err = p.column(); err != nil {
		return c, err
	}
	from := p.at
	if c.op, err = p.operator(c.column); err != nil || c.op == opPresent {
		return c, err
	}
	p.skipSpaceFrom(&from)
	if c.value, err = p.value(c.op, from); err != nil {
		return c, err
	}
	return c, c.checkValue()
}

// skipSpaceFrom moves the offset *from past white space, but not beyond the current position.
func (p *parser) skipSpaceFrom(from *int) {
	for *from < p.at && isSpaceAt(p.text, *from) {
		_, size := utf8.DecodeRuneInString(p.text[*from:])
		*from += size
	}
}

func isSpaceAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsSpace(r)
}

// column parses a column name.
func (p *parser) column() (column, error) {
	p.skipSpace()
	from := p.at
	if from == len(p.text) {
		return column{}, &lang.Error{From: from, To: from, Reason: "expected a column"}
	}
	if isQuote(p.text[from]) {
		name, err := p.quoted()
		return column{text: name, from: from, to: p.at}, err
	}
	end := nameEnd(p.text, from)
	name := p.text[from:end]
	switch {
	case name == "":
		_, to := p.nextWord()
		return column{}, &lang.Error{From: from, To: to, Reason: "expected a column before " + lang.Excerpt(p.text[from:to])}
	case isKeyword(name):
		return column{}, &lang.Error{From: from, To: end, Reason: "expected a column before " + lang.Excerpt(name), Hint: "to use a column of that name, quote it: " + quote(name)}
	}
	p.at = end
	return column{text: name, from: from, to: end}, nil
}

// operator parses the operator that follows a column.
func (p *parser) operator(left column) (operator, error) {
	p.skipSpace()
	rest := p.text[p.at:]
	for _, mistaken := range [...]struct{ typed, meant string }{{"=~", "~"}, {"~=", "~"}, {"=>", ">="}, {"=<", "<="}, {"<>", "!="}, {"!>", "<="}, {"!<", ">="}, {"!?", "not " + lang.Excerpt(p.text[left.from:left.to]) + "?"}} {
		if strings.HasPrefix(rest, mistaken.typed) {
			return 0, &lang.Error{From: p.at, To: p.at + len(mistaken.typed), Reason: "unknown operator " + mistaken.typed, Hint: "write " + mistaken.meant}
		}
	}
	for _, known := range [...]struct {
		sign string
		op   operator
	}{
		{"?", opPresent},
		{"==", opEqual},
		{"=", opEqual},
		{"!=", opNotEqual},
		{"<=", opLessEqual},
		{"<", opLess},
		{">=", opGreaterEqual},
		{">", opGreater},
		{"!~", opNotContains},
		{"~", opContains},
	} {
		if strings.HasPrefix(rest, known.sign) {
			p.at += len(known.sign)
			return known.op, nil
		}
	}
	return 0, p.missingOperator(left)
}

// missingOperator returns the error for a column without an operator.
func (p *parser) missingOperator(left column) error {
	name := lang.Excerpt(p.text[left.from:left.to])
	from, to := p.nextWord()
	if from == to {
		return &lang.Error{From: left.from, To: left.to, Reason: "expected an operator after " + name, Hint: name + "? matches items that have a value; " + searchHint}
	}
	word := p.text[from:to]
	err := &lang.Error{From: from, To: to, Reason: "expected an operator after " + name + ", not " + lang.Excerpt(word), Hint: searchHint}
	switch strings.ToLower(word) {
	case "is", "equals", "eq", "==", ":":
		err.Hint = "write " + name + " = …"
	case "contains", "like", "has", "includes":
		err.Hint = "write " + name + " ~ …"
	case "matches", "regex":
		err.Hint = "write " + name + " ~ re:…"
	case "in":
		err.Hint = "write " + name + " = … or " + name + " = …"
	case "exists", "present":
		err.Hint = "write " + name + "?"
	case "missing", "absent", "empty":
		err.Hint = "write not " + name + "?"
	case "and", "or", "&&", "||", ")":
		err.From, err.To = left.from, left.to
		err.Reason = "expected an operator after " + name
		err.Hint = name + "? matches items that have a value; " + searchHint
	default:
		if end := p.nameWordsEnd(); end < len(p.text) && strings.IndexByte("=!<>~?", p.text[end]) >= 0 {
			words := strings.TrimRightFunc(p.text[left.from:end], unicode.IsSpace)
			err.Hint = "quote a name that has spaces: " + lang.Excerpt(quote(words))
		}
	}
	return err
}

// nameWordsEnd returns the end of the words that come next, including words in parentheses and trailing white space. It
// is used to suggest quotes around a name with spaces.
func (p *parser) nameWordsEnd() int {
	next, open := &parser{text: p.text, at: p.at}, 0
	for {
		next.skipSpace()
		end := nameEnd(p.text, next.at)
		switch {
		case isKeyword(p.text[next.at:end]):
			return next.at
		case strings.HasPrefix(p.text[end:], "("):
			open++
			end++
		case strings.HasPrefix(p.text[end:], ")") && open > 0:
			open--
			end++
		case end == next.at:
			return next.at
		}
		next.at = end
	}
}

// value parses the value after an operator. opFrom is the offset of the operator.
func (p *parser) value(op operator, opFrom int) (value, error) {
	opTo := p.at
	p.skipSpace()
	from := p.at
	if from == len(p.text) {
		return value{}, &lang.Error{From: opFrom, To: opTo, Reason: "expected a value after " + op.String()}
	}
	if isQuote(p.text[from]) {
		text, err := p.quoted()
		return value{text: text, quoted: true, from: from, to: p.at}, err
	}
	if strings.IndexByte("=!<>~?()", p.text[from]) >= 0 {
		_, to := p.nextWord()
		return value{}, &lang.Error{From: from, To: to, Reason: "expected a value after " + op.String() + ", not " + lang.Excerpt(p.text[from:to]), Hint: "quote text that has symbols"}
	}
	end := valueEnd(p.text, from)
	text := p.text[from:end]
	if isKeyword(text) {
		return value{}, &lang.Error{From: from, To: end, Reason: "expected a value after " + op.String() + ", not " + text, Hint: "to match the word, quote it: " + quote(text)}
	}
	if open := strings.Count(text, "(") - strings.Count(text, ")"); open > 0 {
		return value{}, &lang.Error{From: from, To: end, Reason: "unclosed ( in this value", Hint: "quote text that has symbols"}
	}
	if strings.HasPrefix(text, "re:") && len(text) == len("re:") && end < len(p.text) {
		return value{}, &lang.Error{From: from, To: end, Reason: "expected a regular expression after re:", Hint: "quote an expression that has spaces: \"re:…\""}
	}
	p.at = end
	return value{text: text, from: from, to: end}, nil
}

// checkValue returns an error if the value does not suit the operator.
func (c *condition) checkValue() error {
	v := c.value
	switch {
	case c.op.isOrdering():
		for _, word := range [...]string{"null", "missing", "true", "false"} {
			if v.isWord(word) {
				return &lang.Error{From: v.from, To: v.to, Reason: "cannot compare with " + word, Hint: "use = or !="}
			}
		}
	case c.op.isSearch():
		query, err := search.Parse(v.text)
		if err != nil {
			return searchError(v, err)
		}
		if query.IsEmpty() {
			return &lang.Error{From: v.from, To: v.to, Reason: "the search text is empty", Hint: lang.Excerpt(quoteName(c.column.text)) + "? matches items that have a value"}
		}
	}
	return nil
}

// skipSpace skips white space.
func (p *parser) skipSpace() {
	for p.at < len(p.text) && isSpaceAt(p.text, p.at) {
		_, size := utf8.DecodeRuneInString(p.text[p.at:])
		p.at += size
	}
}

// acceptKeyword consumes the next word if it is one of the keywords in words.
func (p *parser) acceptKeyword(words ...string) bool {
	p.skipSpace()
	end := nameEnd(p.text, p.at)
	for _, word := range words {
		if strings.EqualFold(p.text[p.at:end], word) {
			p.at = end
			return true
		}
	}
	return false
}

// nextWord returns the position of the next name, operator, parenthesis or quoted text, for use in an error.
func (p *parser) nextWord() (from, to int) {
	from = p.at
	to = nameEnd(p.text, from)
	switch {
	case to > from || from == len(p.text):
	case isQuote(p.text[from]):
		next := &parser{text: p.text, at: from}
		if _, err := next.quoted(); err != nil {
			return from, len(p.text)
		}
		to = next.at
	case p.text[from] == '(' || p.text[from] == ')':
		to = from + 1
	default:
		for to < len(p.text) && strings.IndexByte("=!<>~?", p.text[to]) >= 0 {
			to++
		}
	}
	return from, to
}
