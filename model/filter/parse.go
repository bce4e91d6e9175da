package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/search"
)

// deepest is how deep parentheses and nots may nest: far deeper than anybody types.
const deepest = 100

const searchHint = "to search for text, use /"

// parser reads a filter from left to right.
type parser struct {
	text  string
	at    int
	depth int
	last  *condition // the last one that was read
}

// whole reads the filter to its end.
func (p *parser) whole() (*node, error) {
	p.space()
	if p.at == len(p.text) {
		return nil, &Error{p.at, p.at, "there is nothing to filter by", "price > 20, brand ~ acme, rating?"}
	}
	root, err := p.any()
	if err != nil {
		return nil, err
	}
	p.space()
	switch {
	case p.at == len(p.text):
		return root, nil
	case p.text[p.at] == ')':
		return nil, &Error{p.at, p.at + 1, "this ) closes nothing", ""}
	default:
		return nil, p.notJoined()
	}
}

// notJoined is the error for what follows a condition and does not join another.
func (p *parser) notJoined() error {
	from, to := p.word()
	err := &Error{from, to, "expected and, or before " + shown(p.text[from:to]), ""}
	switch c := p.last; {
	case c == nil || c.op == opPresent:
	case strings.IndexByte("=!<>~?", p.text[from]) >= 0:
		err.Hint = "a value with spaces or signs stands in quotes"
	case !c.value.quoted:
		end := to
		for end < len(p.text) {
			next := &parser{text: p.text, at: end}
			next.space()
			from, to := next.word()
			if from == to || isKeyword(p.text[from:to]) || strings.IndexByte("=!<>~?()", p.text[from]) >= 0 {
				break
			}
			end = to
		}
		whole := p.text[c.value.from:end]
		err.Hint = "a value of several words stands in quotes, " + shown(quote(whole))
	}
	return err
}

// any reads what is joined by or.
func (p *parser) any() (*node, error) { return p.joined(anyOf, p.all, "or", "||") }

// all reads what is joined by and.
func (p *parser) all() (*node, error) { return p.joined(allOf, p.not, "and", "&&") }

// joined reads parts with a word between them.
func (p *parser) joined(kind nodeKind, read func() (*node, error), words ...string) (*node, error) {
	first, err := read()
	if err != nil {
		return nil, err
	}
	parts := []*node{first}
	for p.keyword(words...) {
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
		if part.kind == kind { // parentheses that change nothing
			whole.nodes = append(whole.nodes, part.nodes...)
		} else {
			whole.nodes = append(whole.nodes, part)
		}
	}
	return whole, nil
}

// not reads one condition, or what stands in parentheses, with any number of nots before it.
func (p *parser) not() (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > deepest {
		return nil, &Error{p.at, min(p.at+1, len(p.text)), "nested too deep", ""}
	}
	p.space()
	from := p.at
	switch {
	case p.keyword("not") || p.bang():
		part, err := p.not()
		if err != nil {
			return nil, err
		}
		return &node{kind: noneOf, nodes: []*node{part}}, nil
	case from < len(p.text) && p.text[from] == '(':
		p.at++
		part, err := p.any()
		if err != nil {
			return nil, err
		}
		p.space()
		switch {
		case p.at == len(p.text):
			return nil, &Error{from, from + 1, "this ( is not closed", ""}
		case p.text[p.at] != ')':
			return nil, p.notJoined()
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

// bang takes a ! for not.
func (p *parser) bang() bool {
	rest := p.text[p.at:]
	if rest == "" || rest[0] != '!' || len(rest) > 1 && (rest[1] == '=' || rest[1] == '~') {
		return false
	}
	p.at++
	return true
}

// condition reads one.
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
	p.spaceAfter(&from)
	if c.value, err = p.value(c.op, from); err != nil {
		return c, err
	}
	return c, c.checkValue()
}

// spaceAfter moves a place before an operator to the operator.
func (p *parser) spaceAfter(from *int) {
	for *from < p.at && isSpaceAt(p.text, *from) {
		_, size := utf8.DecodeRuneInString(p.text[*from:])
		*from += size
	}
}

func isSpaceAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsSpace(r)
}

// column reads the name of one.
func (p *parser) column() (column, error) {
	p.space()
	from := p.at
	if from == len(p.text) {
		return column{}, &Error{from, from, "expected a column", ""}
	}
	if isQuote(p.text[from]) {
		name, err := p.quoted()
		return column{text: name, from: from, to: p.at}, err
	}
	end := nameEnd(p.text, from)
	name := p.text[from:end]
	switch {
	case name == "":
		_, to := p.word()
		return column{}, &Error{from, to, "expected a column before " + shown(p.text[from:to]), ""}
	case isKeyword(name):
		return column{}, &Error{from, end, "expected a column before " + shown(name), "a column of that name stands in quotes, " + quote(name)}
	}
	p.at = end
	return column{text: name, from: from, to: end}, nil
}

// operator reads the one behind a column.
func (p *parser) operator(after column) (operator, error) {
	p.space()
	rest := p.text[p.at:]
	for _, mistaken := range [...]struct{ typed, meant string }{{"=~", "~"}, {"~=", "~"}, {"=>", ">="}, {"=<", "<="}, {"<>", "!="}, {"!>", "<="}, {"!<", ">="}, {"!?", "not " + shown(p.text[after.from:after.to]) + "?"}} {
		if strings.HasPrefix(rest, mistaken.typed) {
			return 0, &Error{p.at, p.at + len(mistaken.typed), "there is no " + mistaken.typed, "write " + mistaken.meant}
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
	return 0, p.noOperator(after)
}

// noOperator is the error for a name that no operator follows.
func (p *parser) noOperator(after column) error {
	name := shown(p.text[after.from:after.to])
	from, to := p.word()
	if from == to {
		return &Error{after.from, after.to, "expected an operator after " + name, name + "? asks whether it is there; " + searchHint}
	}
	word := p.text[from:to]
	err := &Error{from, to, "expected an operator after " + name + ", not " + shown(word), searchHint}
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
		err.From, err.To = after.from, after.to
		err.Reason = "expected an operator after " + name
		err.Hint = name + "? asks whether it is there; " + searchHint
	default:
		if end := p.wordsEnd(); end < len(p.text) && strings.IndexByte("=!<>~?", p.text[end]) >= 0 {
			words := strings.TrimRightFunc(p.text[after.from:end], unicode.IsSpace)
			err.Hint = "a name of several words stands in quotes, " + shown(quote(words))
		}
	}
	return err
}

// wordsEnd is the end of the words that come next, with parentheses among them, and of the space behind.
func (p *parser) wordsEnd() int {
	next, open := &parser{text: p.text, at: p.at}, 0
	for {
		next.space()
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

// value reads the one behind an operator, which stands at a place.
func (p *parser) value(op operator, opFrom int) (value, error) {
	opTo := p.at
	p.space()
	from := p.at
	if from == len(p.text) {
		return value{}, &Error{opFrom, opTo, "expected a value after " + op.String(), ""}
	}
	if isQuote(p.text[from]) {
		text, err := p.quoted()
		return value{text: text, quoted: true, from: from, to: p.at}, err
	}
	if strings.IndexByte("=!<>~?()", p.text[from]) >= 0 {
		_, to := p.word()
		return value{}, &Error{from, to, "expected a value after " + op.String() + ", not " + shown(p.text[from:to]), "text stands in quotes"}
	}
	end := valueEnd(p.text, from)
	text := p.text[from:end]
	if isKeyword(text) {
		return value{}, &Error{from, end, "expected a value after " + op.String() + ", not " + text, "the word itself stands in quotes, " + quote(text)}
	}
	if open := strings.Count(text, "(") - strings.Count(text, ")"); open > 0 {
		return value{}, &Error{from, end, "a ( in this value is not closed", "text stands in quotes"}
	}
	if strings.HasPrefix(text, "re:") && len(text) == len("re:") && end < len(p.text) {
		return value{}, &Error{from, end, "expected a regular expression after re:", "one with spaces stands in quotes, \"re:…\""}
	}
	p.at = end
	return value{text: text, from: from, to: end}, nil
}

// checkValue tells whether the value makes sense to the operator.
func (c *condition) checkValue() error {
	v := c.value
	switch {
	case c.op.isOrder():
		for _, word := range [...]string{"null", "missing", "true", "false"} {
			if v.isWord(word) {
				return &Error{v.from, v.to, "nothing is less or more than " + word, "use = or !="}
			}
		}
	case c.op.isSearch():
		query, err := search.Parse(v.text)
		if err != nil {
			return searchError(v, err)
		}
		if query.IsEmpty() {
			return &Error{v.from, v.to, "there is nothing to look for", shown(quoteName(c.column.text)) + "? asks whether it is there"}
		}
	}
	return nil
}

// space skips any.
func (p *parser) space() {
	for p.at < len(p.text) && isSpaceAt(p.text, p.at) {
		_, size := utf8.DecodeRuneInString(p.text[p.at:])
		p.at += size
	}
}

// keyword takes one of some words that join conditions.
func (p *parser) keyword(words ...string) bool {
	p.space()
	end := nameEnd(p.text, p.at)
	for _, word := range words {
		if strings.EqualFold(p.text[p.at:end], word) {
			p.at = end
			return true
		}
	}
	return false
}

// word is the place of what comes next, to be named in an error: a name, signs, or what stands in quotes.
func (p *parser) word() (from, to int) {
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
