package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/text"
)

// prompt is a line of input at the foot of the screen. While it is open it has all keys but those that leave the program.
type prompt struct {
	kind  promptKind
	input line

	// wrong is what is wrong with the text, which is at wrongFrom to wrongTo, in bytes; "" while nothing is.
	wrong              string
	wrongFrom, wrongTo int

	// completions are what the word at completeFrom to completeTo, in bytes, may become.
	completions              []completion
	chosen                   int // the completion that stands in the text; -1: none
	completeFrom, completeTo int

	// past is which of the history stands in the text, counted from the newest; -1: none.
	past int
}

// promptKind is what a prompt asks for.
type promptKind int

const (
	promptNone promptKind = iota
	promptSearch
	promptKeep
	promptFilter
	promptExport
)

// label stands before the text.
func (k promptKind) label() string {
	switch k {
	case promptSearch:
		return "/"
	case promptKeep:
		return "keep /"
	case promptFilter:
		return "filter "
	case promptExport, promptNone:
	}
	return ""
}

// completion is one way to go on.
type completion struct {
	text string // as it is put into the line
	note string // what it is, printable
}

// newPrompt opens a prompt with a text in it.
func newPrompt(kind promptKind, text string) prompt {
	return prompt{kind: kind, input: newLine(text), chosen: -1, past: -1}
}

func (p *prompt) open() bool { return p.kind != promptNone }

func (p *prompt) text() string { return p.input.text() }

// cursor is the place of the cursor in the text, in bytes.
func (p *prompt) cursor() int { return p.input.cursor() }

// set replaces the text and puts the cursor behind so many bytes of it.
func (p *prompt) set(text string, cursor int) { p.input.set(text, cursor) }

// edit lets the line have a key or what was pasted, and tells whether its text has changed.
func (p *prompt) edit(msg tea.Msg) bool {
	before, at := p.text(), p.cursor()
	p.input.update(msg)
	changed := p.text() != before
	if changed || p.cursor() != at {
		p.chosen, p.completions = -1, nil
	}
	if changed {
		p.past = -1
	}
	return changed
}

// offer takes completions of the word at from to to, in bytes, but for those that the line cannot hold as they are.
func (p *prompt) offer(completions []completion, from, to int) {
	p.completions, p.chosen, p.completeFrom, p.completeTo = nil, -1, from, to
	text := p.text()
	for _, one := range completions {
		if canHold(text[:from] + one.text + text[to:]) {
			p.completions = append(p.completions, one)
		}
	}
}

// complete puts the next completion, or with -1 the one before, into the text.
func (p *prompt) complete(by int) bool {
	n := len(p.completions)
	if n == 0 {
		return false
	}
	if p.chosen < 0 && by < 0 {
		p.chosen = 0
	}
	p.chosen = (p.chosen + by + n) % n
	word := p.completions[p.chosen].text
	text := p.text()
	p.set(text[:p.completeFrom]+word+text[p.completeTo:], p.completeFrom+len(word))
	p.completeTo = p.completeFrom + len(word)
	return true
}

// view draws the prompt on w cells.
func (p *prompt) view(l look, w int) string {
	label := p.kind.label()
	return l.cut(l.Accent.Render(label)+p.field(l, w-l.width(label), true), w)
}

// field draws the text on w cells, as much of a long one as has the cursor in it.
func (p *prompt) field(l look, w int, focused bool) string {
	room := max(4, w)
	s, cursor := p.text(), p.cursor()
	type glyph struct {
		shown string
		width int
		style lipgloss.Style
	}
	var glyphs []glyph
	under, before := 0, 0 // the glyph with the cursor, and the cells before it
	for at, rest := 0, s+" "; rest != ""; {
		cluster, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		end := at + len(cluster)
		style := l.Plain
		switch {
		case cursor >= at && cursor < end && focused:
			style, under = l.Table.Cursor, len(glyphs)
		case p.wrong != "" && at >= p.wrongFrom && at < p.wrongTo:
			style = l.Wrong
		}
		shown := text.Printable(cluster)
		glyphs = append(glyphs, glyph{shown, l.width(shown), style})
		if end <= cursor {
			before += l.width(shown)
		}
		at, rest = end, rest[len(cluster):]
	}
	from := 0
	for ; before > room-1 && from < under; from++ {
		before -= glyphs[from].width
	}
	var line strings.Builder
	used := 0
	for _, g := range glyphs[from:] {
		if used += g.width; used > room {
			break
		}
		line.WriteString(g.style.Render(g.shown))
	}
	return line.String()
}

// above is the line above the prompt: what is wrong, or how the text may go on, or which keys are of use.
func (p *prompt) above(l look, w int, hint string) string {
	switch {
	case p.wrong != "":
		return l.Bad.Render(l.cut(p.wrong, w))
	case len(p.completions) > 0:
		return p.completionLine(l, w)
	default:
		return l.Muted.Render(l.cut(hint, w))
	}
}

// completionLine names the completions around the chosen one, as many as fit.
func (p *prompt) completionLine(l look, w int) string {
	line := ""
	for i := max(0, p.chosen-1); i < len(p.completions); i++ {
		one := p.completions[i]
		shown := text.Printable(one.text)
		note := ""
		if one.note != "" {
			note = " " + one.note
		}
		if l.width(line)+l.width(shown+note)+2 > w {
			if line == "" {
				return l.cut(shown, w)
			}
			break
		}
		if line != "" {
			line += spaces(2)
		}
		style := l.Strong
		if i == p.chosen {
			style = l.Table.Cursor
		}
		line += style.Render(shown) + l.Muted.Render(note)
	}
	return line
}
