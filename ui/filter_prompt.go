package ui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
	"sbwatch/ui/line"
	"sbwatch/ui/widget/prompt"
)

// The prompt for a filter: an expression, judged while it is typed, with completions.

func (a *App) openFilter() { a.openPrompt(promptFilter) }

// typedFilter judges what is typed, and asks how it may go on.
func (a *App) typedFilter() tea.Cmd {
	if a.prompt.IsCompleted() {
		return nil // it was just completed
	}
	return a.askCompletions()
}

// judgeFilter reads a filter, and says what is wrong with it and where.
func (a *App) judgeFilter(text string) (filter.Expr, bool) {
	expr, err := filter.Parse(text)
	if err == nil {
		err = expr.Check(a.table.Items())
	}
	if err == nil {
		return expr, true
	}
	var wrong line.Span
	if at, ok := errors.AsType[*filter.Error](err); ok {
		wrong = line.Span{From: at.From, To: at.To}
	}
	a.prompt.SetProblem(err.Error(), wrong)
	return expr, false
}

// completedMsg is how the text of a prompt may go on.
type completedMsg struct {
	asked       int
	text        string // that they are for
	part        line.Span
	completions []prompt.Completion
	wordEnded   bool
}

// askCompletions asks how the text may go on. Values are looked for among the items, so it is a command.
func (a *App) askCompletions() tea.Cmd {
	if a.prompt.kind != promptFilter {
		return nil
	}
	a.asked++
	asked, text, cursor, items := a.asked, a.prompt.Text(), a.prompt.Cursor(), a.table.Items()
	return func() tea.Msg {
		from, to, candidates := filter.Complete(text, cursor, items)
		// While a word is typed it may become right.
		msg := completedMsg{asked: asked, text: text, part: line.Span{From: from, To: to}, wordEnded: cursor < len(text) || strings.HasSuffix(text, " ")}
		for _, c := range candidates {
			msg.completions = append(msg.completions, prompt.Completion{Text: c.Text, Note: c.Note})
		}
		return msg
	}
}

func (a *App) completed(msg completedMsg) {
	if msg.asked == a.asked && a.prompt.kind == promptFilter && msg.text == a.prompt.Text() {
		p := &a.prompt
		p.SetCompletions(msg.completions, msg.part)
		if len(msg.completions) == 0 && msg.wordEnded {
			a.judgeFilter(p.Text()) // nothing that could be typed would make it right
		}
	}
}

// enterFilter applies the expression, or says what is wrong with it and where.
func (a *App) enterFilter(text string) tea.Cmd {
	if text == "" {
		a.closePrompt()
		return nil
	}
	expr, right := a.judgeFilter(text)
	if !right {
		return nil
	}
	a.closePrompt()
	a.filterHistory.Add(text)
	return a.addFilter(expr)
}
