package filter

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
)

// Candidate is one way to go on.
type Candidate struct {
	// Text is what to put in place of the word at the cursor, with the quotes that it needs; printable.
	Text string
	// Note says what it is, in a few printable words: "number", "contains", "12 of 200 items looked at".
	Note string
}

// maxCandidates is how many there are at most.
const maxCandidates = 100

// Complete tells how the word at the cursor, a place in bytes, can go on: with a column, an operator that fits it, a
// frequent value of it, or what joins conditions. The candidates, the likeliest first, are for the text between from and
// to. Items are looked at as far as is done between two keystrokes, however many there are.
func Complete(text string, cursor int, items item.Table) (from, to int, candidates []Candidate) {
	cursor = max(0, min(cursor, len(text)))
	for cursor > 0 && cursor < len(text) && !utf8.RuneStart(text[cursor]) {
		cursor--
	}
	s := situationAt(text[:cursor])
	from, to = s.from, s.wordEnd(text, cursor)
	typed := text[from:cursor]
	switch s.expects {
	case expectsColumn:
		candidates = columnCandidates(items, typed)
		if s.afterNot || typed == "" {
			break
		}
		if strings.HasPrefix("not", strings.ToLower(typed)) {
			candidates = append(candidates, Candidate{"not", "turns what follows round"})
		}
	case expectsOperator:
		candidates = operatorCandidates(items, s.column, typed)
	case expectsValue:
		candidates = valueCandidates(items, s.column, s.op, typed)
	case expectsJoint:
		for _, word := range [...]string{"and", "or"} {
			if strings.HasPrefix(word, strings.ToLower(typed)) {
				candidates = append(candidates, Candidate{word, ""})
			}
		}
	}
	return from, to, candidates[:min(len(candidates), maxCandidates)]
}

// expectation is what may stand at a place.
type expectation int

const (
	expectsColumn expectation = iota
	expectsOperator
	expectsValue
	expectsJoint
)

// situation is what comes before the cursor.
type situation struct {
	expects  expectation
	from     int // of the word at the cursor
	column   column
	op       operator
	afterNot bool
}

// situationAt reads a text that ends at the cursor, and whose last word may go on behind it.
func situationAt(text string) situation {
	p := parser{text: text}
	s := situation{}
	for {
		p.space()
		s.from = p.at
		if p.at == len(text) {
			return s
		}
		if !s.step(&p) {
			return s
		}
	}
}

// step reads one word; false where the cursor is in it or right behind it, so that it is the one to go on.
func (s *situation) step(p *parser) bool {
	switch s.expects {
	case expectsColumn:
		return s.stepColumn(p)
	case expectsOperator:
		op, err := p.operator(s.column)
		if err != nil || p.at == len(p.text) && (op == opLess || op == opGreater) { // which may go on as <= and >=
			return false
		}
		s.op, s.expects = op, expectsValue
		if op == opPresent {
			s.expects = expectsJoint
		}
		return true
	case expectsValue:
		if isQuote(p.text[p.at]) {
			if _, err := p.quoted(); err != nil {
				return false
			}
		} else {
			p.at = valueEnd(p.text, p.at)
		}
		if p.at == len(p.text) {
			return false
		}
		s.expects = expectsJoint
		return true
	default:
		return s.stepJoint(p)
	}
}

// stepColumn reads a column, or what may stand before one.
func (s *situation) stepColumn(p *parser) bool {
	from := p.at
	if p.bang() {
		return true
	}
	if p.text[from] == '(' {
		p.at++
		return true
	}
	if end := nameEnd(p.text, from); end < len(p.text) && strings.EqualFold(p.text[from:end], "not") {
		p.at, s.afterNot = end, true
		return true
	}
	named, err := p.column()
	if err != nil || p.at == len(p.text) {
		return false
	}
	s.column, s.expects, s.afterNot = named, expectsOperator, false
	return true
}

// stepJoint reads what joins conditions, or ends some of them.
func (s *situation) stepJoint(p *parser) bool {
	from := p.at
	if p.text[from] == ')' {
		p.at++
		return true
	}
	p.at = nameEnd(p.text, from)
	if p.at == len(p.text) || p.at == from {
		return false
	}
	s.expects = expectsColumn
	return true
}

// wordEnd is the end of the word that the cursor is in.
func (s *situation) wordEnd(text string, cursor int) int {
	if s.from < cursor && isQuote(text[s.from]) {
		p := parser{text: text, at: s.from}
		if _, err := p.quoted(); err == nil {
			return max(p.at, cursor)
		}
		return cursor
	}
	switch s.expects {
	case expectsValue:
		return max(cursor, valueEnd(text, s.from))
	case expectsOperator:
		for cursor < len(text) && cursor > s.from && strings.IndexByte("=!<>~", text[cursor]) >= 0 {
			cursor++
		}
		return cursor
	default:
		return max(cursor, nameEnd(text, s.from))
	}
}

// columnCandidates are the columns, nested ones too, whose name begins with what was typed, or else has it in it.
func columnCandidates(items item.Table, typed string) []Candidate {
	typed = strings.ToLower(unquoted(typed))
	var first, then []Candidate
	add := func(name, note string) {
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(lower, typed):
			first = append(first, Candidate{quoteName(name), note})
		case strings.Contains(lower, typed):
			then = append(then, Candidate{quoteName(name), note})
		}
	}
	columns := map[string]bool{}
	for _, column := range items.Columns() {
		columns[column.Name.Raw()] = true
	}
	for _, one := range samplePlaces(items) {
		name := one.place.Name().Raw()
		if one.place.Steps() > 1 && columns[name] {
			continue // it means the column
		}
		add(name, one.kinds.String())
	}
	if typed != "" {
		for _, own := range [...]string{"page", "row"} {
			if s, _ := resolve(items, own); s.counted != nil && strings.HasPrefix(own, typed) {
				first = append(first, Candidate{own, "its number"})
			}
		}
	}
	return append(first, then...)
}

// unquoted is the beginning of a word without the quote that it may begin with, and without the one at its end.
func unquoted(typed string) string {
	if typed == "" || !isQuote(typed[0]) {
		return typed
	}
	return strings.TrimSuffix(typed[1:], typed[:1])
}

// operatorCandidates are the operators, those that fit the column's values first.
func operatorCandidates(items item.Table, c column, typed string) []Candidate {
	var kinds kindCounts
	if s, found := resolve(items, c.text); found {
		kinds = sampleKinds(s)
	}
	operators := []Candidate{
		{"=", "equals"},
		{"!=", "differs"},
		{"~", "contains"},
		{"!~", "does not contain"},
		{"?", "is there"},
		{">", "more"},
		{"<", "less"},
		{">=", "at least"},
		{"<=", "at most"},
	}
	if kinds.ordered() {
		operators = slices.Concat(operators[5:], operators[:5])
	}
	return slices.DeleteFunc(operators, func(c Candidate) bool { return !strings.HasPrefix(c.Text, typed) })
}

// valueCandidates are the frequent values of the column that go on as what was typed.
func valueCandidates(items item.Table, c column, op operator, typed string) []Candidate {
	if op != opEqual && op != opNotEqual {
		return nil
	}
	s, found := resolve(items, c.text)
	if !found || s.counted != nil {
		return nil
	}
	typed = strings.ToLower(unquoted(typed))
	var candidates []Candidate
	for _, frequent := range sampleValues(s) {
		if strings.HasPrefix(strings.ToLower(frequent.says), typed) {
			candidates = append(candidates, Candidate{frequent.written, frequent.note})
		}
	}
	return candidates
}
