package report

import (
	"io"
	"slices"
	"strings"
)

// ScreenReaderHelp is the help text of --screen-reader in commands that write tables.
const ScreenReaderHelp = "write a full sentence for each line of a table, for screen readers"

// WriteRows writes a table. The parameter header has the titles of the columns, or is nil for a table without titles.
// If asSentences is true, each row is a sentence instead.
func WriteRows(out io.Writer, header []string, rows [][]string, asSentences bool) error {
	g := grid{rows: rows, isSpoken: asSentences}
	if header != nil {
		g.rows = slices.Insert(slices.Clone(rows), 0, header)
	} else if asSentences {
		g.rows = slices.Insert(slices.Clone(rows), 0, []string{})
	}
	return g.write(out)
}

// writeSentences writes a sentence for each row, such as "Recipe a: runs 30, status completed." The first row has the
// titles of the columns.
func (g *grid) writeSentences(out io.Writer) error {
	var b strings.Builder
	for n, row := range g.rows[min(1, len(g.rows)):] {
		var facts []string
		subject := ""
		for i, value := range row {
			title := ""
			if i < len(g.rows[0]) {
				title = strings.ReplaceAll(strings.ToLower(g.rows[0][i]), "(utc)", "(UTC)")
			}
			value = strings.TrimSpace(value)
			switch {
			case value == "" || value == "–" || isDrawing(value):
			case i == 0:
				subject = strings.TrimSpace(title + " " + value)
			default:
				facts = append(facts, strings.TrimSpace(title+" "+value))
			}
		}
		b.WriteString(sentence(strings.TrimSuffix(subject+": "+strings.Join(facts, ", "), ": ")))
		for _, note := range g.notes[n+1] {
			b.WriteString(sentence(strings.Join(strings.Fields(note), " ")))
		}
	}
	_, err := io.WriteString(out, b.String())
	return WriteError(err)
}

// SpokenList converts each line with a label and a value, such as "plan    free", to a sentence: "Plan: free."
func SpokenList(list string) string {
	var b strings.Builder
	for line := range strings.Lines(list) {
		label, value, _ := strings.Cut(strings.TrimSpace(line), "  ")
		b.WriteString(sentence(strings.TrimSuffix(label+": "+strings.ReplaceAll(strings.TrimSpace(value), "  ", ", "), ": ")))
	}
	return b.String()
}

// sentence returns text as a sentence and a line break, or "" if text is empty.
func sentence(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return asSentence(text) + "\n"
}

// isDrawing reports whether a cell is a sparkline.
func isDrawing(cell string) bool {
	return !strings.ContainsFunc(cell, func(r rune) bool { return r != ' ' && (r < '▁' || r > '█') })
}
