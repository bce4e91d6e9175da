package compute

import (
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
)

// Candidate is one completion of the word at the cursor.
type Candidate struct {
	// Text replaces the word at the cursor.
	Text string
	// Note describes the candidate in a few printable words.
	Note string
}

// maxCandidates is the maximum number of candidates.
const maxCandidates = 100

// Complete returns the columns and functions that complete the word at the cursor. cursor is a byte offset in line.
// Candidates replace line[from:to]. There are none where only an operator can follow.
func Complete(line string, cursor int, items item.Table) (from, to int, candidates []Candidate) {
	cursor = max(0, min(cursor, len(line)))
	for cursor > 0 && cursor < len(line) && !utf8.RuneStart(line[cursor]) {
		cursor--
	}
	from, typed, isOperand := wordAt(line[:cursor])
	to = cursor
	if from < cursor {
		to = max(cursor, nameEnd(line, from))
	}
	if !isOperand {
		return from, to, nil
	}
	return from, to, candidatesFor(strings.ToLower(typed), items)
}

// wordAt returns the word at the end of line: its offset and the typed part of the name. isOperand reports whether a
// column or a function may be there.
func wordAt(line string) (from int, typed string, isOperand bool) {
	l := lexer{text: line}
	isOperand = true
	for {
		wasOperand := isOperand
		t, err := l.next()
		switch {
		case err != nil: // an unclosed quote
			rest := strings.TrimLeft(line[l.at:], " ")
			from = len(line) - len(rest)
			name, isName := strings.CutPrefix(rest, "`")
			return from, name, isName && wasOperand
		case t.kind == tokenEnd:
			return len(line), "", wasOperand
		case t.kind == tokenName && t.to == len(line):
			return t.from, t.text, wasOperand
		case t.kind == tokenSign:
			isOperand = !t.isSign(")")
		case t.isWord("and"), t.isWord("or"), t.isWord("not"):
			isOperand = true
		default:
			isOperand = false
		}
	}
}

// candidatesFor returns the columns and functions whose name starts with typed, followed by the columns whose name
// contains it. typed must be in lower case.
func candidatesFor(typed string, items item.Table) []Candidate {
	var first, then []Candidate
	for _, column := range items.Columns() {
		name := column.Name.Raw()
		if column.Whole || strings.Contains(name, "`") {
			continue
		}
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(lower, typed):
			first = append(first, Candidate{quoteName(name), "column"})
		case strings.Contains(lower, typed):
			then = append(then, Candidate{quoteName(name), "column"})
		}
	}
	for _, f := range functions() {
		if strings.HasPrefix(f.name, typed) {
			first = append(first, Candidate{f.name + "(", f.usage})
		}
	}
	all := append(first, then...)
	return all[:min(len(all), maxCandidates)]
}
