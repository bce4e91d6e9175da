// Package prompt asks for a line of text at the foot of the screen, with history and completion.
//
// The prompt knows nothing of what the text means. Its owner gives it the keys ([Prompt.Update]) and acts on the [Event]
// that comes back: when the text has [Changed] it may set what is wrong with it ([Prompt.SetProblem]); when
// [CompletionWanted], or at any other time, it may offer completions ([Prompt.SetCompletions]).
package prompt

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
)

// Event is what a key has done to a prompt.
type Event int

const (
	// None means that there is nothing to do.
	None Event = iota
	// Changed means that the text is another.
	Changed
	// Entered means that the user is done. It does not come while there is a problem.
	Entered
	// Canceled means that the user wants the prompt closed.
	Canceled
	// CompletionWanted means that the user has asked for completions where none were offered.
	CompletionWanted
)

// Completion is one way to go on.
type Completion struct {
	Text string // as it is put into the line
	Note string // what it is, printable
}

// Prompt is a line of input with a label.
type Prompt struct {
	label, hint string
	line        line.Line

	problem string // what is wrong with the text; "" while nothing is
	wrong   line.Span

	completions []Completion
	chosen      int       // the completion that stands in the text; -1 for none
	completed   line.Span // the part of the text that completions replace

	history History
	past    int // which line of the history stands in the text; -1 for none
}

// New returns an empty prompt. The label stands to the left of the text; the hint, above it, names the keys.
func New(label, hint string, history History) Prompt {
	return Prompt{label: label, hint: hint, history: history, line: line.New(""), chosen: -1, past: -1}
}

// Text returns the text.
func (p *Prompt) Text() string { return p.line.Text() }

// Cursor returns the offset of the cursor in the text, in bytes.
func (p *Prompt) Cursor() int { return p.line.Cursor() }

// SetProblem says what is wrong with the text, and which part of it. The problem stays until the text changes.
func (p *Prompt) SetProblem(problem string, wrong line.Span) { p.problem, p.wrong = problem, wrong }

// Problem returns what is wrong with the text, and which part of it; "" while nothing is.
func (p *Prompt) Problem() (string, line.Span) { return p.problem, p.wrong }

// SetCompletions offers completions of a part of the text, except those that a line cannot hold as they are.
func (p *Prompt) SetCompletions(completions []Completion, part line.Span) {
	p.completions, p.chosen, p.completed = nil, -1, part
	text := p.Text()
	for _, one := range completions {
		if line.CanHold(text[:part.From] + one.Text + text[part.To:]) {
			p.completions = append(p.completions, one)
		}
	}
}

// IsCompleted reports whether the text ends in a completion that was just chosen: others should not be offered yet.
func (p *Prompt) IsCompleted() bool { return p.chosen >= 0 }

// Update handles a key or pasted text.
func (p *Prompt) Update(msg tea.Msg) Event {
	event := p.update(msg)
	if event == Changed {
		p.problem, p.wrong = "", line.Span{}
	}
	return event
}

func (p *Prompt) update(msg tea.Msg) Event {
	if key, isKey := msg.(tea.KeyPressMsg); isKey {
		switch key.String() {
		case "esc":
			return Canceled
		case "enter":
			if p.problem != "" {
				return None
			}
			return Entered
		case "tab":
			if len(p.completions) == 0 {
				return CompletionWanted
			}
			return p.complete(1)
		case "shift+tab":
			return p.complete(-1)
		case "up", "ctrl+p":
			return p.recall(1)
		case "down", "ctrl+n":
			return p.recall(-1)
		}
	}
	return p.edit(msg)
}

// edit edits the text.
func (p *Prompt) edit(msg tea.Msg) Event {
	at := p.Cursor()
	changed := p.line.Update(msg)
	if changed || p.Cursor() != at {
		p.chosen, p.completions = -1, nil
	}
	if !changed {
		return None
	}
	p.past = -1
	return Changed
}

// complete puts the next completion, or with -1 the previous one, into the text.
func (p *Prompt) complete(by int) Event {
	n := len(p.completions)
	if n == 0 {
		return None
	}
	if p.chosen < 0 && by < 0 {
		p.chosen = 0
	}
	p.chosen = (p.chosen + by + n) % n
	word, text := p.completions[p.chosen].Text, p.Text()
	end := p.completed.From + len(word)
	p.line.Set(text[:p.completed.From]+word+text[p.completed.To:], end)
	p.completed.To = end
	return Changed
}

// recall puts an older line of the history, or with -1 a newer one, into the text.
func (p *Prompt) recall(by int) Event {
	past := p.past + by
	if past < -1 || past >= len(p.history) {
		return None
	}
	text := ""
	if past >= 0 {
		text = p.history[past]
	}
	p.line.Set(text, len(text))
	p.past, p.chosen, p.completions = past, -1, nil
	return Changed
}

// View draws the prompt on w cells: a line that says what is wrong, or how the text may go on, or which keys are of use,
// and the line of input below it.
func (p *Prompt) View(pt draw.Painter, w int) []string {
	var above string
	switch {
	case p.problem != "":
		above = pt.Bad.Render(pt.Cut(p.problem, w))
	case len(p.completions) > 0:
		above = p.completionLine(pt, w)
	default:
		above = pt.Muted.Render(pt.Cut(p.hint, w))
	}
	input := p.line.View(pt, w-pt.Width(p.label), true, p.wrong)
	return []string{above, pt.Cut(pt.Accent.Render(p.label)+input, w)}
}

// completionLine names the completions around the chosen one, as many as fit.
func (p *Prompt) completionLine(pt draw.Painter, w int) string {
	s := ""
	for i := max(0, p.chosen-1); i < len(p.completions); i++ {
		one := p.completions[i]
		shown := text.Printable(one.Text)
		note := ""
		if one.Note != "" {
			note = " " + one.Note
		}
		if pt.Width(s)+pt.Width(shown+note)+2 > w {
			if s == "" {
				return pt.Cut(shown, w)
			}
			break
		}
		if s != "" {
			s += draw.Spaces(2)
		}
		style := pt.Strong
		if i == p.chosen {
			style = pt.Table.Cursor
		}
		s += style.Render(shown) + pt.Muted.Render(note)
	}
	return s
}
