package items

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
	"sbwatch/ui/line"
	"sbwatch/ui/widget/prompt"
)

// The prompt for a filter: an expression, judged while it is typed, with completions.

func (t *Tab) openFilter() { t.openPrompt(promptFilter) }

// typedFilter judges what is typed, and asks how it may go on.
func (t *Tab) typedFilter() tea.Cmd {
	if t.prompt.IsCompleted() {
		return nil // it was just completed
	}
	return t.askCompletions()
}

// judgeFilter reads a filter, and says what is wrong with it and where.
func (t *Tab) judgeFilter(text string) (filter.Expr, bool) {
	expr, err := filter.Parse(text)
	if err == nil {
		err = expr.Check(t.table.Items())
	}
	if err == nil {
		return expr, true
	}
	var wrong line.Span
	if at, ok := errors.AsType[*filter.Error](err); ok {
		wrong = line.Span{From: at.From, To: at.To}
	}
	t.prompt.SetProblem(err.Error(), wrong)
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
func (t *Tab) askCompletions() tea.Cmd {
	if t.prompt.kind != promptFilter {
		return nil
	}
	t.asked++
	asked, text, cursor, items := t.asked, t.prompt.Text(), t.prompt.Cursor(), t.table.Items()
	return t.env.Cmd(func() tea.Msg {
		from, to, candidates := filter.Complete(text, cursor, items)
		// While a word is typed it may become right.
		msg := completedMsg{asked: asked, text: text, part: line.Span{From: from, To: to}, wordEnded: cursor < len(text) || strings.HasSuffix(text, " ")}
		for _, c := range candidates {
			msg.completions = append(msg.completions, prompt.Completion{Text: c.Text, Note: c.Note})
		}
		return msg
	})
}

func (t *Tab) completed(msg completedMsg) {
	if msg.asked == t.asked && t.prompt.kind == promptFilter && msg.text == t.prompt.Text() {
		p := &t.prompt
		p.SetCompletions(msg.completions, msg.part)
		if len(msg.completions) == 0 && msg.wordEnded {
			t.judgeFilter(p.Text()) // nothing that could be typed would make it right
		}
	}
}

// enterFilter applies the expression, or says what is wrong with it and where.
func (t *Tab) enterFilter(text string) tea.Cmd {
	if text == "" {
		t.closePrompt()
		return nil
	}
	expr, right := t.judgeFilter(text)
	if !right {
		return nil
	}
	t.closePrompt()
	t.filterHistory.Add(text)
	return t.addFilter(expr)
}
