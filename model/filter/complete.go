package filter

import (
	"slices"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/lang"
)

// Complete returns completions for the word at the cursor: column names, operators that fit the column, frequent values
// of the column, or "and" and "or". cursor is a byte offset in text. Candidates replace text[from:to] and are sorted by
// relevance. Complete reads only a sample of the items, so that it can run at every key press.
func Complete(text string, cursor int, items item.Table) (from, to int, candidates []lang.Candidate) {
	cursor = lang.Cursor(text, cursor)
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
			candidates = append(candidates, lang.Candidate{Text: "not", Note: "negate"})
		}
	case expectsOperator:
		candidates = operatorCandidates(items, s.column, typed)
	case expectsValue:
		candidates = valueCandidates(items, s.column, s.op, typed)
	case expectsConjunction:
		for _, word := range [...]string{"and", "or"} {
			if strings.HasPrefix(word, strings.ToLower(typed)) {
				candidates = append(candidates, lang.Candidate{Text: word})
			}
		}
	}
	return from, to, lang.Limit(candidates)
}

type expectation int

const (
	expectsColumn expectation = iota
	expectsOperator
	expectsValue
	expectsConjunction
)

// cursorContext describes what can be typed at the cursor.
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

// stepColumn parses a column name, or the word "not" or "(", which may precede a column name. Like step, it returns
// false at the word to complete.
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

// stepConjunction parses "and", "or" or ")". Like step, it returns false at the word to complete.
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
func columnCandidates(items item.Table, typed string) []lang.Candidate {
	typed = strings.ToLower(unquoted(typed))
	matches := lang.NewMatches(typed)
	columns := map[string]bool{}
	for _, column := range items.Columns() {
		columns[column.Name.Raw()] = true
	}
	for _, one := range samplePlaces(items) {
		name := one.place.Name().Raw()
		if one.place.Steps() > 1 && columns[name] {
			continue // the name refers to the column
		}
		matches.Add(name, lang.Candidate{Text: quoteName(name), Note: one.kinds.String()})
	}
	if typed != "" {
		for _, own := range [...]string{"page", "row"} {
			if s, _ := resolve(items, own); s.ordinal != nil {
				matches.AddWord(own, lang.Candidate{Text: own, Note: "number"})
			}
		}
	}
	return matches.All()
}

// unquoted removes the opening quote of a word, and the closing quote if there is one.
func unquoted(typed string) string {
	if typed == "" || !isQuote(typed[0]) {
		return typed
	}
	return strings.TrimSuffix(typed[1:], typed[:1])
}

// operatorCandidates returns the operators, starting with those that fit the values of the column.
func operatorCandidates(items item.Table, c column, typed string) []lang.Candidate {
	var kinds kindCounts
	if s, found := resolve(items, c.text); found {
		kinds = sampleKinds(s)
	}
	operators := []lang.Candidate{
		{Text: "=", Note: "equals"},
		{Text: "!=", Note: "differs"},
		{Text: "~", Note: "contains"},
		{Text: "!~", Note: "does not contain"},
		{Text: "?", Note: "has a value"},
		{Text: ">", Note: "greater than"},
		{Text: "<", Note: "less than"},
		{Text: ">=", Note: "at least"},
		{Text: "<=", Note: "at most"},
	}
	if kinds.isOrdered() {
		operators = slices.Concat(operators[5:], operators[:5])
	}
	return slices.DeleteFunc(operators, func(c lang.Candidate) bool { return !strings.HasPrefix(c.Text, typed) })
}

// valueCandidates returns the frequent values of the column that start with the text typed.
func valueCandidates(items item.Table, c column, op operator, typed string) []lang.Candidate {
	if op.isOrdering() {
		return nil
	}
	s, found := resolve(items, c.text)
	if !found || s.ordinal != nil {
		return nil
	}
	typed = strings.ToLower(unquoted(typed))
	var candidates []lang.Candidate
	for _, frequent := range sampleValues(s) {
		if op.isSearch() && !frequent.isText {
			continue
		}
		if strings.HasPrefix(strings.ToLower(frequent.text), typed) {
			candidates = append(candidates, lang.Candidate{Text: frequent.literal, Note: frequent.note})
		}
	}
	return candidates
}
