// Package prompt implements a line of input in the footer, with history and completion.
//
// The prompt does not interpret the text. Its owner passes keys to [Prompt.Update] and handles the returned [Event].
// After [Changed], the owner may report an error with [Prompt.SetProblem]. After [CompletionWanted], or at any other
// time, it may show completions with [Prompt.SetCompletions].
package prompt

import (
	"image"
	"slices"

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
	// Entered means that the user has confirmed the text. Update does not return it while the text has an error.
	Entered
	// Canceled means that the user wants to close the prompt without entering the text.
	Canceled
	// CompletionWanted means that the user has asked for completions, and none are shown.
	CompletionWanted
)

// Completion is a text that can replace a part of the input.
type Completion struct {
	Text string // the text to insert
	Note string // a description, printable
}

// Prompt is a line of input with a label.
type Prompt struct {
	label, hint string
	line        line.Line

	problem   string // the error message; "" if the text is valid
	wrong     line.Span
	isWarning bool   // the text can be entered despite the problem
	status    string // shown to the right of the hint, styled

	completions []Completion
	chosen      int       // index of the inserted completion; -1 if none is inserted
	completed   line.Span // the part of the text that completions replace

	history History
	past    int // index in history of the line that the input shows; -1 if there is none
}

// New returns an empty prompt. The label is shown to the left of the text. The hint names the keys and is shown above
// the text.
func New(label, hint string, history History) Prompt {
	return Prompt{label: label, hint: hint, history: history, line: line.New(""), chosen: -1, past: -1}
}

// Text returns the text.
func (p *Prompt) Text() string { return p.line.Text() }

// Cursor returns the offset of the cursor in the text, in bytes.
func (p *Prompt) Cursor() int { return p.line.Cursor() }

// SetProblem shows an error message and marks the part of the text that is wrong. The next change of the text removes
// both.
func (p *Prompt) SetProblem(problem string, wrong line.Span) {
	p.problem, p.wrong, p.isWarning = problem, wrong, false
}

// SetWarning shows a warning and marks a part of the text, as SetProblem does. Unlike an error, a warning does not
// prevent Enter from accepting the text.
func (p *Prompt) SetWarning(warning string, doubtful line.Span) {
	p.SetProblem(warning, doubtful)
	p.isWarning = true
}

// SetText replaces the text and puts the cursor at its end.
func (p *Prompt) SetText(text string) { p.line.Set(text, len(text)) }

// SetStatus sets a styled text that is shown at the right above the line.
func (p *Prompt) SetStatus(status string) { p.status = status }

// Problem returns the error message and the wrong part of the text. The message is "" if there is no error.
func (p *Prompt) Problem() (string, line.Span) { return p.problem, p.wrong }

// SetCompletions shows completions for a part of the text. It leaves out completions that the line would change: those
// with control characters, and those that make the text too long.
func (p *Prompt) SetCompletions(completions []Completion, part line.Span) {
	p.completions, p.chosen, p.completed = nil, -1, part
	text := p.Text()
	for _, one := range completions {
		if line.CanHold(text[:part.From] + one.Text + text[part.To:]) {
			p.completions = append(p.completions, one)
		}
	}
}

// IsCompleted reports whether a completion was just inserted. If so, the owner should not show new completions.
func (p *Prompt) IsCompleted() bool { return p.chosen >= 0 }

// Update handles a key press or pasted text.
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

// recall replaces the text by an older line of the history (by = 1) or by a newer line (by = -1).
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

// View draws the prompt on w cells. The line above the input shows an error, completions or the hint.
func (p *Prompt) View(pt draw.Painter, w int) []string {
	var above string
	room, status := p.aboveRoom(pt, w), p.status
	if pt.Width(p.problem) > room { // the problem is more important than the status
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

// aboveRoom returns the number of cells to the left of the status, in the line above the input. The prompt is w cells
// wide.
func (p *Prompt) aboveRoom(pt draw.Painter, w int) int {
	if p.status == "" {
		return w
	}
	return w - pt.Width(p.status) - 2
}

// Click moves the cursor to a click in the text. For a click on a completion, it returns the key press that inserts the
// completion. For a click on a hint, it returns a press of the key in the hint. For other clicks it returns nil. The
// prompt is w cells wide.
func (p *Prompt) Click(pt draw.Painter, w int, at image.Point) tea.Msg {
	switch {
	case at.Y == 1:
		p.clickText(pt, w, at.X)
	case at.Y != 0 || p.problem != "":
	case len(p.completions) > 0:
		_, ends := p.layCompletions(pt, p.aboveRoom(pt, w))
		if i := slices.IndexFunc(ends, func(end int) bool { return at.X < end }); i >= 0 {
			p.chosen = p.firstShown() + i - 1 // the tab key inserts the completion after the chosen one
			return tea.KeyPressMsg{Code: tea.KeyTab}
		}
	default:
		if key, found := line.HintAt(pt, p.hint, at.X); found {
			return key
		}
	}
	return nil
}

func (p *Prompt) clickText(pt draw.Painter, w, x int) {
	at, label := p.Cursor(), pt.Width(p.label)
	p.line.Click(pt, w-label, x-label)
	if p.Cursor() != at {
		p.chosen, p.completions = -1, nil
	}
}

// completionLine returns a line of w cells. It shows the inserted completion and as many of the completions next to it
// as fit.
func (p *Prompt) completionLine(pt draw.Painter, w int) string {
	s, _ := p.layCompletions(pt, w)
	return s
}

func (p *Prompt) firstShown() int { return max(0, p.chosen-1) }

// layCompletions returns the line of completions, and the cell at which each completion ends. A "‹" in the line means
// that there are hidden completions to the left, and "3 more ›" means that three are hidden to the right.
func (p *Prompt) layCompletions(pt draw.Painter, w int) (s string, ends []int) {
	first := p.firstShown()
	if first > 0 {
		s = pt.Muted.Render("‹ ")
	}
	for i := first; i < len(p.completions); i++ {
		more := p.more(pt, len(p.completions)-i-1, w)
		shown, note := text.Printable(p.completions[i].Text), ""
		if p.completions[i].Note != "" {
			note = " " + p.completions[i].Note
		}
		gap := 0
		if i > first {
			gap = completionGap
		}
		if pt.Width(s)+gap+pt.Width(shown+note)+pt.Width(more) > w {
			if i > first {
				return s + p.more(pt, len(p.completions)-i, w), ends
			}
			s += pt.Cut(shown, w-pt.Width(s+more))
			return s + more, []int{pt.Width(s)}
		}
		style := pt.Strong
		if i == p.chosen {
			style = pt.Table.Cursor
		}
		s += draw.Spaces(gap) + style.Render(shown) + pt.Muted.Render(note)
		ends = append(ends, pt.Width(s))
	}
	return s, ends
}

// completionGap is the width of the space between completions, in cells.
const completionGap = 2

// more returns a note about n hidden completions to the right, such as "3 more ›". If a line of w cells has little
// room, the note is "›".
func (p *Prompt) more(pt draw.Painter, n, w int) string {
	const wide = 30
	switch {
	case n == 0:
		return ""
	case w < wide:
		return pt.Muted.Render(" ›")
	default:
		return pt.Muted.Render("  " + text.Count(int64(n)) + " more ›")
	}
}
