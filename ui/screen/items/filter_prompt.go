package items

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/action"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/prompt"
)

// openFilter opens a prompt for a new filter.
func (p *prompts) openFilter() { p.openPrompt(promptFilter) }

// recentFilters returns an action for each filter that was typed before. Each action applies its filter or, if that
// fails, opens the prompt with the filter and the error.
func (p *prompts) recentFilters() action.Table {
	var table action.Table
	for _, text := range p.filterHistory {
		table = append(table, action.Action{
			ID: "filter", Group: "recent filters", Title: "filter " + text, Enabled: true,
			Run: func() tea.Cmd {
				p.openFilter()
				p.line.SetText(text)
				return p.enterFilter(text)
			},
		})
	}
	return table
}

// editFilter opens a prompt for changing filter i.
func (p *prompts) editFilter(i int) tea.Cmd {
	switch old := p.filters[i].(type) {
	case filter.Expr:
		p.openPrompt(promptFilter)
		p.line.SetText(old.Text())
		p.edited = i
		return p.typedFilter()
	default:
		return p.env.Say("only filters typed with f can be edited; press F, then del to remove this one")
	}
}

// editFilters lets the user choose a filter to change or remove. If there is only one filter, and it is an expression,
// editFilters opens the prompt for that filter instead.
func (p *prompts) editFilters() tea.Cmd {
	if len(p.filters) == 1 {
		if _, isExpr := p.filters[0].(filter.Expr); isExpr {
			return p.editFilter(0)
		}
	}
	var choices []picker.Choice
	for i, filter := range slices.Backward(p.filters) {
		choices = append(choices, picker.Choice{Name: text.NewText(filter.Title()), ID: i})
	}
	openPicker(p.env.Env, picker.Options{Title: "filters", Choices: choices, Enter: "edit", Delete: "remove"},
		func(c picker.Choice) tea.Cmd { return p.editFilter(c.ID) },
		func(c picker.Choice) tea.Cmd { return p.removeFilter(c.ID) })
	return nil
}

// typedFilter checks the expression typed so far. It returns a command that looks for completions and counts the
// matches.
func (p *prompts) typedFilter() tea.Cmd {
	count := p.askCount()
	if p.line.IsCompleted() {
		return count // a completion was just inserted
	}
	return tea.Batch(count, p.askCompletions())
}

// countDelay is how long the user must pause typing before the matches are counted.
const countDelay = 150 * time.Millisecond

// countMsg asks to count the items that match expr. It is ignored if the text in the prompt has changed in the
// meantime.
type countMsg struct {
	generation int
	expr       filter.Expr
}

// countedMsg has the number of matches. doubt is a warning if the filter is probably not what the user means. Otherwise
// doubt is nil.
type countedMsg struct {
	generation, n int
	doubt         *lang.Error
}

// askCount cancels the previous count. It returns a command that asks for a new count after countDelay. If the text of
// the prompt is not a valid filter, askCount returns nil.
func (p *prompts) askCount() tea.Cmd {
	p.counting.Stop()
	p.line.SetStatus("")
	expr, err := filter.Parse(p.line.Text())
	if err != nil || expr.Check(p.table.Items()) != nil {
		return nil
	}
	_, _, generation := p.counting.Begin(p.env.Env, "counting")
	return p.env.Cmd(func() tea.Msg {
		return tea.Tick(countDelay, func(time.Time) tea.Msg { return countMsg{generation, expr} })()
	})
}

// count returns a command that counts the items that match the typed filter and all other filters.
func (p *prompts) count(msg countMsg) tea.Cmd {
	if p.counting.Generation != msg.generation || !p.counting.Runs() {
		return nil
	}
	ctx, progress, generation := p.counting.Begin(p.env.Env, "counting")
	p.line.SetStatus(p.env.Painter.Muted.Render("counting"))
	items, cache := p.table.Items(), p.cache
	filters := append(slices.Clone(p.otherFilters()), item.Filter(msg.expr))
	return p.env.Cmd(func() tea.Msg {
		doubt := msg.expr.Doubt(items)
		rows, err := query.Run(ctx, items, query.Query{Filters: filters}, cache, progress)
		if err != nil {
			return nil // the text has changed
		}
		return countedMsg{generation, len(rows), doubt}
	})
}

// counted handles a countedMsg: it shows the number of matches.
func (p *prompts) counted(msg countedMsg) {
	if !p.counting.Done(msg.generation) {
		return
	}
	pt := p.env.Painter
	status := pt.Strong.Render(text.Count(int64(msg.n))) + pt.Muted.Render(" of "+text.Counted(int64(p.table.Items().Len()), "item"))
	if msg.n == 0 {
		status = pt.Warning.Render("no items match")
	}
	p.line.SetStatus(status)
	if msg.doubt != nil {
		p.warn(msg.doubt)
	}
}

// warn shows a warning about a filter that is probably not what the user means.
func (p *prompts) warn(doubt *lang.Error) {
	p.line.SetCompletions(nil, line.Span{})
	p.line.SetWarning(doubt.Error(), line.Span{From: doubt.From, To: doubt.To})
}

// otherFilters returns all filters except the one that is being edited.
func (p *prompts) otherFilters() []item.Filter {
	if p.edited < 0 {
		return p.filters
	}
	return slices.Delete(slices.Clone(p.filters), p.edited, p.edited+1)
}

// parseFilter parses a filter expression. If that fails, the prompt shows the error and its position, and parseFilter
// returns false.
func (p *prompts) parseFilter(text string) (filter.Expr, bool) {
	expr, err := filter.Parse(text)
	if err == nil {
		err = expr.Check(p.table.Items())
	}
	if err == nil {
		return expr, true
	}
	p.line.SetProblem(screen.LineProblem(err))
	return expr, false
}

type completedMsg struct {
	asked       int
	text        string // the text that was to be completed
	part        line.Span
	completions []prompt.Completion
	wordEnded   bool
}

// askCompletions returns a command that looks for completions of the text. This is done in a command because searching
// the items for values may take time.
func (p *prompts) askCompletions() tea.Cmd {
	if p.line.kind != promptFilter {
		return nil
	}
	p.completing++
	asked, text, cursor, items := p.completing, p.line.Text(), p.line.Cursor(), p.table.Items()
	return p.env.Cmd(func() tea.Msg {
		from, to, candidates := filter.Complete(text, cursor, items)
		// Show no error yet: the user is still typing the word, and it may become valid.
		return completedMsg{
			asked: asked, text: text, part: line.Span{From: from, To: to}, completions: screen.Completions(candidates),
			wordEnded: cursor < len(text) || strings.HasSuffix(text, " "),
		}
	})
}

func (p *prompts) completed(msg completedMsg) {
	if msg.asked == p.completing && p.line.kind == promptFilter && msg.text == p.line.Text() {
		line := &p.line
		line.SetCompletions(msg.completions, msg.part)
		if len(msg.completions) == 0 && msg.wordEnded {
			p.parseFilter(line.Text()) // no completion can make the text valid, so show the error
		}
	}
}

// enterFilter applies the typed expression, or shows its error. If the expression is probably not what the user means,
// enterFilter only shows a warning. The user must press Enter again to apply the expression. An empty text removes the
// filter that is being edited.
func (p *prompts) enterFilter(text string) tea.Cmd {
	edited := p.edited
	if text == "" {
		p.closePrompt()
		if edited >= 0 {
			return p.removeFilter(edited)
		}
		return nil
	}
	expr, right := p.parseFilter(text)
	if !right {
		return nil
	}
	if doubt := expr.Doubt(p.table.Items()); doubt != nil && p.doubted != text {
		p.doubted = text
		doubt.Hint = "press Enter again to apply it"
		p.warn(doubt)
		return nil
	}
	p.closePrompt()
	p.filterHistory.Add(text)
	if edited >= 0 {
		return p.replaceFilter(edited, expr)
	}
	return p.addFilter(expr)
}
