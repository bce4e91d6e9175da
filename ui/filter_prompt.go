package ui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
)

// The prompt for a filter: an expression, judged while it is typed, with completions.

func (t *itemsTab) openFilter() { t.openPrompt(promptFilter) }

// typedFilter judges what is typed, and asks how it may go on.
func (t *itemsTab) typedFilter() tea.Cmd {
	if t.prompt.chosen >= 0 {
		return nil // it was just completed
	}
	return t.askCompletions()
}

// judgeFilter reads a filter, and says what is wrong with it and where.
func (t *itemsTab) judgeFilter(text string) (filter.Expr, bool) {
	expr, err := filter.Parse(text)
	if err == nil {
		err = expr.Check(t.table.items)
	}
	if err == nil {
		return expr, true
	}
	t.prompt.wrong, t.prompt.wrongFrom, t.prompt.wrongTo = err.Error(), 0, 0
	if at, ok := errors.AsType[*filter.Error](err); ok {
		t.prompt.wrongFrom, t.prompt.wrongTo = at.From, at.To
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
func (t *itemsTab) askCompletions() tea.Cmd {
	if t.prompt.kind != promptFilter {
		return nil
	}
	t.asked++
	asked, text, cursor, items := t.asked, t.prompt.text(), t.prompt.cursor(), t.table.items
	return t.env.Cmd(func() tea.Msg {
		from, to, candidates := filter.Complete(text, cursor, items)
		// While a word is typed it may become right.
		msg := completedMsg{asked: asked, text: text, from: from, to: to, wordEnded: cursor < len(text) || strings.HasSuffix(text, " ")}
		for _, c := range candidates {
			msg.completions = append(msg.completions, completion{c.Text, c.Note})
		}
		return msg
	})
}

func (t *itemsTab) completed(msg completedMsg) {
	if msg.asked == t.asked && t.prompt.kind == promptFilter && msg.text == t.prompt.text() {
		p := &t.prompt
		p.completions, p.chosen, p.completeFrom, p.completeTo = msg.completions, -1, msg.from, msg.to
		if len(p.completions) == 0 && msg.wordEnded {
			t.judgeFilter(p.text()) // nothing that could be typed would make it right
		}
	}
}

// enterFilter applies the expression, or says what is wrong with it and where.
func (t *itemsTab) enterFilter(text string) tea.Cmd {
	if text == "" {
		t.closePrompt()
		return nil
	}
	expr, right := t.judgeFilter(text)
	if !right {
		return nil
	}
	t.closePrompt()
	t.remember(promptFilter, text)
	return t.addFilter(expr)
}
