package items

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
	"sbwatch/ui/line"
	"sbwatch/ui/widget/prompt"
)

func (p *prompts) openFilter() { p.openPrompt(promptFilter) }

// typedFilter checks the expression typed so far and requests completions.
func (p *prompts) typedFilter() tea.Cmd {
	if p.line.IsCompleted() {
		return nil // a completion was just inserted
	}
	return p.askCompletions()
}

// parseFilter parses a filter expression and shows any error, with its position, in the prompt.
func (p *prompts) parseFilter(text string) (filter.Expr, bool) {
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

// completedMsg carries completions for the text of a prompt.
type completedMsg struct {
	asked       int
	text        string // the text to complete
	part        line.Span
	completions []prompt.Completion
	wordEnded   bool
}

// askCompletions requests completions for the text. It returns a command because it searches the items for values.
func (p *prompts) askCompletions() tea.Cmd {
	if p.line.kind != promptFilter {
		return nil
	}
	p.completing++
	asked, text, cursor, items := p.completing, p.line.Text(), p.line.Cursor(), p.table.Items()
	return p.env.Cmd(func() tea.Msg {
		from, to, candidates := filter.Complete(text, cursor, items)
		// No error is shown yet: the word being typed may still become valid.
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
			p.parseFilter(line.Text()) // no completion could make the text valid
		}
	}
}

// enterFilter applies the expression, or shows its error.
func (p *prompts) enterFilter(text string) tea.Cmd {
	if text == "" {
		p.closePrompt()
		return nil
	}
	expr, right := p.parseFilter(text)
	if !right {
		return nil
	}
	p.closePrompt()
	p.filterHistory.Add(text)
	return p.addFilter(expr)
}
