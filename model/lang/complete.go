package lang

import (
	"slices"
	"strings"
	"unicode/utf8"
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

// Limit returns the first candidates, at most 100. Only these are shown.
func Limit(candidates []Candidate) []Candidate {
	return candidates[:min(len(candidates), maxCandidates)]
}

// Cursor moves an offset in line to the start of its character. If the parameter cursor is the offset of the second byte
// of "é", Cursor returns the offset of the first byte. If cursor is outside the line, Cursor returns 0 or len(line).
func Cursor(line string, cursor int) int {
	cursor = max(0, min(cursor, len(line)))
	for cursor > 0 && cursor < len(line) && !utf8.RuneStart(line[cursor]) {
		cursor--
	}
	return cursor
}

// Matches collects the candidates for a name that is only partly typed.
type Matches struct {
	typed       string
	first, then []Candidate
}

// NewMatches returns an empty collection of candidates for a name. The parameter typed is the part of the name that has
// been typed so far.
func NewMatches(typed string) *Matches { return &Matches{typed: strings.ToLower(typed)} }

// Add adds a candidate for name if name contains the typed text. Case is ignored.
func (m *Matches) Add(name string, c Candidate) {
	switch lower := strings.ToLower(name); {
	case strings.HasPrefix(lower, m.typed):
		m.first = append(m.first, c)
	case strings.Contains(lower, m.typed):
		m.then = append(m.then, c)
	}
}

// AddWord adds a candidate for name only if name starts with the typed text.
func (m *Matches) AddWord(name string, c Candidate) {
	if strings.HasPrefix(strings.ToLower(name), m.typed) {
		m.first = append(m.first, c)
	}
}

// All returns the candidates. Those whose name starts with the typed text come first.
func (m *Matches) All() []Candidate { return slices.Concat(m.first, m.then) }
