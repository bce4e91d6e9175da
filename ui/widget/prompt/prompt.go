// Package prompt asks for a line of text in the footer, with history and completion.
//
// The prompt does not interpret the text. Its owner passes keys to [Prompt.Update] and handles the returned [Event]:
// after [Changed] it may report an error with [Prompt.SetProblem]; after [CompletionWanted], or at any other time, it
// may offer completions with [Prompt.SetCompletions].
package prompt

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
)

// Event is the effect of a key on a prompt.
type Event int

const (
	// None means that there is nothing to do.
	None Event = iota
	// Changed means that the text has changed.
	Changed
	// Entered means that the user has confirmed the text. It is not returned while there is a problem.
	Entered
	// Canceled means that the user wants to close the prompt.
	Canceled
	// CompletionWanted means that the user has asked for completions and none are offered.
	CompletionWanted
)

// Completion is a possible continuation of the text.
type Completion struct {
	Text string // inserted into the line
	Note string // description, printable
}

// Prompt is a line of input with a label.
type Prompt struct {
	label, hint string
	line        line.Line

	problem   string // error message; "" if the text is valid
	wrong     line.Span
	isWarning bool   // the problem does not prevent entering the text
	status    string // styled, at the right of the hint

	completions []Completion
	chosen      int       // index of the inserted completion; -1 for none
	completed   line.Span // part of the text that completions replace

	history History
	past    int // index of the history line in the prompt; -1 for none
}

// New returns an empty prompt. The label is left of the text. The hint, above it, names the keys.
func New(label, hint string, history History) Prompt {
	return Prompt{label: label, hint: hint, history: history, line: line.New(""), chosen: -1, past: -1}
}

// Text returns the text.
func (p *Prompt) Text() string { return p.line.Text() }

// Cursor returns the offset of the cursor in the text, in bytes.
func (p *Prompt) Cursor() int { return p.line.Cursor() }

// SetProblem sets an error message and the part of the text that it refers to. It is cleared when the text changes.
func (p *Prompt) SetProblem(problem string, wrong line.Span) {
	p.problem, p.wrong, p.isWarning = problem, wrong, false
}

// SetWarning is like SetProblem, but the text can be entered all the same.
func (p *Prompt) SetWarning(warning string, doubtful line.Span) {
	p.SetProblem(warning, doubtful)
	p.isWarning = true
}

// SetText replaces the text and puts the cursor at its end.
func (p *Prompt) SetText(text string) { p.line.Set(text, len(text)) }

// SetStatus sets a styled text to show at the right, above the line.
func (p *Prompt) SetStatus(status string) { p.status = status }

// Problem returns the error message and the part of the text that it refers to. The message is "" if there is no error.
func (p *Prompt) Problem() (string, line.Span) { return p.problem, p.wrong }

// SetCompletions offers completions of a part of the text. It drops those that a line cannot hold unchanged.
func (p *Prompt) SetCompletions(completions []Completion, part line.Span) {
	p.completions, p.chosen, p.completed = nil, -1, part
	text := p.Text()
	for _, one := range completions {
		if line.CanHold(text[:part.From] + one.Text + text[part.To:]) {
			p.completions = append(p.completions, one)
		}
	}
}

// IsCompleted reports whether a completion was just inserted, in which case no others should be offered yet.
func (p *Prompt) IsCompleted() bool { return p.chosen >= 0 }

// Update handles a key or pasted text.
func (p *Prompt) Update(msg tea.Msg) Event {
	event := p.update(msg)
	if event == Changed {
		p.SetProblem("", line.Span{})
	}
	return event
}

func (p *Prompt) update(msg tea.Msg) Event {
	if key, isKey := msg.(tea.KeyPressMsg); isKey {
		switch key.String() {
		case "esc":
			return Canceled
		case "enter":
			if p.problem != "" && !p.isWarning {
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

// complete inserts the next completion (by = 1) or the previous one (by = -1).
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

// recall inserts an older line of the history (by = 1) or a newer one (by = -1).
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

// View draws the prompt on w cells: an error, completions or the key hint, with the input line below.
func (p *Prompt) View(pt draw.Painter, w int) []string {
	var above string
	room, status := w, p.status
	if status != "" {
		room -= pt.Width(status) + 2
	}
	if pt.Width(p.problem) > room { // more important than the status
		room, status = w, ""
	}
	switch {
	case p.isWarning:
		above = pt.Warning.Render(pt.Cut(p.problem, room))
	case p.problem != "":
		above = pt.Error.Render(pt.Cut(p.problem, room))
	case len(p.completions) > 0:
		above = p.completionLine(pt, room)
	default:
		above = pt.Muted.Render(pt.Cut(p.hint, room))
	}
	if status != "" {
		above = pt.Between(above, status, w)
	}
	input := p.line.View(pt, w-pt.Width(p.label), true, p.wrong)
	return []string{above, pt.Cut(pt.Accent.Render(p.label)+input, w)}
}

// completionLine lists the completions around the inserted one, as many as fit.
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
