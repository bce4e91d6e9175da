package ui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
)

// The prompt for a filter: an expression, judged while it is typed, with completions.

func (a *App) openFilter() { a.openPrompt(promptFilter) }

// typedFilter judges what is typed, and asks how it may go on.
func (a *App) typedFilter() tea.Cmd {
	if a.prompt.chosen >= 0 {
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
	a.prompt.wrong, a.prompt.wrongFrom, a.prompt.wrongTo = err.Error(), 0, 0
	if at, ok := errors.AsType[*filter.Error](err); ok {
		a.prompt.wrongFrom, a.prompt.wrongTo = at.From, at.To
	}
	return expr, false
}

// completedMsg is how the text of a prompt may go on.
type completedMsg struct {
	asked       int
	text        string // that they are for
	from, to    int
	completions []completion
	wordEnded   bool
}

// askCompletions asks how the text may go on. Values are looked for among the items, so it is a command.
func (a *App) askCompletions() tea.Cmd {
	if a.prompt.kind != promptFilter {
		return nil
	}
	a.asked++
	asked, text, cursor, items := a.asked, a.prompt.text(), a.prompt.cursor(), a.table.Items()
	return func() tea.Msg {
		from, to, candidates := filter.Complete(text, cursor, items)
		// While a word is typed it may become right.
		msg := completedMsg{asked: asked, text: text, from: from, to: to, wordEnded: cursor < len(text) || strings.HasSuffix(text, " ")}
		for _, c := range candidates {
			msg.completions = append(msg.completions, completion{c.Text, c.Note})
		}
		return msg
	}
}

func (a *App) completed(msg completedMsg) {
	if msg.asked == a.asked && a.prompt.kind == promptFilter && msg.text == a.prompt.text() {
		p := &a.prompt
		p.offer(msg.completions, msg.from, msg.to)
		if len(msg.completions) == 0 && msg.wordEnded {
			a.judgeFilter(p.text()) // nothing that could be typed would make it right
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
	a.remember(promptFilter, text)
	return a.addFilter(expr)
}
