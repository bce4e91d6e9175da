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

func (p *prompts) openFilter() { p.openPrompt(promptFilter) }

// typedFilter judges what is typed, and asks how it may go on.
func (p *prompts) typedFilter() tea.Cmd {
	if p.line.IsCompleted() {
		return nil // it was just completed
	}
	return p.askCompletions()
}

// judgeFilter reads a filter, and says what is wrong with it and where.
func (p *prompts) judgeFilter(text string) (filter.Expr, bool) {
	expr, err := filter.Parse(text)
	if err == nil {
		err = expr.Check(p.table.Items())
	}
	if err == nil {
		return expr, true
	}
	var wrong line.Span
	if at, ok := errors.AsType[*filter.Error](err); ok {
		wrong = line.Span{From: at.From, To: at.To}
	}
	p.line.SetProblem(err.Error(), wrong)
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
func (p *prompts) askCompletions() tea.Cmd {
	if p.line.kind != promptFilter {
		return nil
	}
	p.completing++
	asked, text, cursor, items := p.completing, p.line.Text(), p.line.Cursor(), p.table.Items()
	return p.env.Cmd(func() tea.Msg {
		from, to, candidates := filter.Complete(text, cursor, items)
		// While a word is typed it may become right.
		msg := completedMsg{asked: asked, text: text, part: line.Span{From: from, To: to}, wordEnded: cursor < len(text) || strings.HasSuffix(text, " ")}
		for _, c := range candidates {
			msg.completions = append(msg.completions, prompt.Completion{Text: c.Text, Note: c.Note})
		}
		return msg
	})
}

func (p *prompts) completed(msg completedMsg) {
	if msg.asked == p.completing && p.line.kind == promptFilter && msg.text == p.line.Text() {
		line := &p.line
		line.SetCompletions(msg.completions, msg.part)
		if len(msg.completions) == 0 && msg.wordEnded {
			p.judgeFilter(line.Text()) // nothing that could be typed would make it right
		}
	}
}

// enterFilter applies the expression, or says what is wrong with it and where.
func (p *prompts) enterFilter(text string) tea.Cmd {
	if text == "" {
		p.closePrompt()
		return nil
	}
	expr, right := p.judgeFilter(text)
	if !right {
		return nil
	}
	p.closePrompt()
	p.filterHistory.Add(text)
	return p.addFilter(expr)
}
