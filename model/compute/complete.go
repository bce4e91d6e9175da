package compute

import (
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/lang"
)

// Complete returns the columns and functions that complete the word at the cursor. cursor is a byte offset in line.
// Candidates replace line[from:to]. If only an operator can follow, as after "price ", there are no candidates.
func Complete(line string, cursor int, items item.Table) (from, to int, candidates []lang.Candidate) {
	cursor = lang.Cursor(line, cursor)
	from, typed, isOperand := wordAt(line[:cursor])
	to = cursor
	if from < cursor {
		to = max(cursor, nameEnd(line, from))
	}
	if !isOperand {
		return from, to, nil
	}
	return from, to, candidatesFor(typed, items)
}

// wordAt returns the word at the end of line: its offset and the typed part of the name. isOperand reports whether the
// word may be a column or a function.
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

// candidatesFor returns the columns and functions whose name starts with the typed text, followed by the columns whose
// name contains it.
func candidatesFor(typed string, items item.Table) []lang.Candidate {
	matches := lang.NewMatches(typed)
	for _, column := range items.Columns() {
		if name := column.Name.Raw(); !column.Whole && !strings.Contains(name, "`") {
			matches.Add(name, lang.Candidate{Text: quoteName(name), Note: "column"})
		}
	}
	for _, f := range functions() {
		matches.AddWord(f.name, lang.Candidate{Text: f.name + "(", Note: f.usage})
	}
	return lang.Limit(matches.All())
}
