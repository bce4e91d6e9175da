package filter

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
)

// Candidate is one completion of the word at the cursor.
type Candidate struct {
	// Text replaces the word at the cursor. It is quoted as needed, and printable.
	Text string
	// Note describes the candidate in a few printable words, such as "number" or "contains".
	Note string
}

// maxCandidates is the maximum number of candidates.
const maxCandidates = 100

// Complete returns completions for the word at the cursor: column names, operators that fit the column, frequent values
// of the column, or "and" and "or". cursor is a byte offset in text. Candidates replace text[from:to] and are sorted by
// relevance. Complete reads only a sample of the items, so that it can run at every key press.
func Complete(text string, cursor int, items item.Table) (from, to int, candidates []Candidate) {
	cursor = max(0, min(cursor, len(text)))
	for cursor > 0 && cursor < len(text) && !utf8.RuneStart(text[cursor]) {
		cursor--
	}
	s := contextAt(text[:cursor])
	from, to = s.from, s.wordEnd(text, cursor)
	typed := text[from:cursor]
	switch s.expects {
	case expectsColumn:
		candidates = columnCandidates(items, typed)
		if s.afterNot || typed == "" {
			break
		}
		if strings.HasPrefix("not", strings.ToLower(typed)) {
			candidates = append(candidates, Candidate{"not", "negate"})
		}
	case expectsOperator:
		candidates = operatorCandidates(items, s.column, typed)
	case expectsValue:
		candidates = valueCandidates(items, s.column, s.op, typed)
	case expectsConjunction:
		for _, word := range [...]string{"and", "or"} {
			if strings.HasPrefix(word, strings.ToLower(typed)) {
				candidates = append(candidates, Candidate{word, ""})
			}
		}
	}
	return from, to, candidates[:min(len(candidates), maxCandidates)]
}

// expectation is the kind of word that may come next.
type expectation int

const (
	expectsColumn expectation = iota
	expectsOperator
	expectsValue
	expectsConjunction
)

// cursorContext is what the parser knows at the cursor.
type cursorContext struct {
	expects  expectation
	from     int // start of the word at the cursor
	column   column
	op       operator
	afterNot bool
}

// contextAt parses text, which ends at the cursor. The last word may be incomplete.
func contextAt(text string) cursorContext {
	p := parser{text: text}
	s := cursorContext{}
	for {
		p.skipSpace()
		s.from = p.at
		if p.at == len(text) {
			return s
		}
		if !s.step(&p) {
			return s
		}
	}
}

// step parses one word. It returns false if the cursor is within the word or at its end, because that is the word to
// complete.
func (s *cursorContext) step(p *parser) bool {
	switch s.expects {
	case expectsColumn:
		return s.stepColumn(p)
	case expectsOperator:
		op, err := p.operator(s.column)
		if err != nil || p.at == len(p.text) && (op == opLess || op == opGreater) { // may become <= or >=
			return false
		}
		s.op, s.expects = op, expectsValue
		if op == opPresent {
			s.expects = expectsConjunction
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
		s.expects = expectsConjunction
		return true
	default:
		return s.stepConjunction(p)
	}
}

// stepColumn parses a column name, or the word "not" or "(", which may precede a column name.
func (s *cursorContext) stepColumn(p *parser) bool {
	from := p.at
	if p.acceptBang() {
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

// stepConjunction parses "and", "or" or ")".
func (s *cursorContext) stepConjunction(p *parser) bool {
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

// wordEnd returns the end of the word at the cursor.
func (s *cursorContext) wordEnd(text string, cursor int) int {
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

// columnCandidates returns the columns and nested values whose name starts with the text typed, followed by those whose
// name contains it.
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
			continue // the name refers to the column
		}
		add(name, one.kinds.String())
	}
	if typed != "" {
		for _, own := range [...]string{"page", "row"} {
			if s, _ := resolve(items, own); s.ordinal != nil && strings.HasPrefix(own, typed) {
				first = append(first, Candidate{own, "number"})
			}
		}
	}
	return append(first, then...)
}

// unquoted removes the opening quote of a word, and the closing one if there is one.
func unquoted(typed string) string {
	if typed == "" || !isQuote(typed[0]) {
		return typed
	}
	return strings.TrimSuffix(typed[1:], typed[:1])
}

// operatorCandidates returns the operators, starting with those that fit the values of the column.
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
		{"?", "has a value"},
		{">", "greater than"},
		{"<", "less than"},
		{">=", "at least"},
		{"<=", "at most"},
	}
	if kinds.isOrdered() {
		operators = slices.Concat(operators[5:], operators[:5])
	}
	return slices.DeleteFunc(operators, func(c Candidate) bool { return !strings.HasPrefix(c.Text, typed) })
}

// valueCandidates returns the frequent values of the column that start with the text typed.
func valueCandidates(items item.Table, c column, op operator, typed string) []Candidate {
	if op.isOrdering() {
		return nil
	}
	s, found := resolve(items, c.text)
	if !found || s.ordinal != nil {
		return nil
	}
	typed = strings.ToLower(unquoted(typed))
	var candidates []Candidate
	for _, frequent := range sampleValues(s) {
		if op.isSearch() && !frequent.isText {
			continue
		}
		if strings.HasPrefix(strings.ToLower(frequent.text), typed) {
			candidates = append(candidates, Candidate{frequent.literal, frequent.note})
		}
	}
	return candidates
}
