package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
	"sbwatch/ui/line"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/prompt"
)

// What is typed into a prompt or a picker, and what it does.

// pressInput lets what is open for typing have a key, and tells whether it took it. ctrl+c leaves all the same, and ctrl+z
// suspends.
func (a *App) pressInput(msg tea.KeyPressMsg) (cmd tea.Cmd, taken bool) {
	if _, always := a.programActions().For(msg, true); always {
		return nil, false
	}
	switch {
	case a.screen() == screenTooSmall:
		return nil, false
	case a.picker != nil:
		return a.pressPicker(msg), true
	case a.export != nil:
		return a.pressExport(msg), true
	case a.prompt.isOpen():
		return a.updatePrompt(msg), true
	default:
		return nil, false
	}
}

// pasted puts what was pasted into what is open for typing.
func (a *App) pasted(msg tea.PasteMsg) tea.Cmd {
	switch {
	case a.picker != nil:
		a.picker.Update(msg)
	case a.export != nil && a.export.at == 0:
		a.export.edit(msg)
	case a.prompt.isOpen():
		return a.updatePrompt(msg)
	}
	return nil
}

// openPicker is a picker that floats above the screen, and what to do with the choice.
type openPicker struct {
	*picker.Picker
	choose func(picker.Choice) tea.Cmd
}

// pick lets the user choose from a list.
func (a *App) pick(title string, choices []picker.Choice, choose func(picker.Choice) tea.Cmd) {
	a.picker = &openPicker{picker.New(title, choices), choose}
}

// pressPicker lets the open picker have a key.
func (a *App) pressPicker(msg tea.KeyPressMsg) tea.Cmd {
	open := a.picker
	switch open.Update(msg) {
	case picker.Chosen:
		choice, _ := open.Choice()
		a.picker = nil
		return open.choose(choice)
	case picker.Canceled:
		a.picker = nil
	case picker.None:
	}
	return nil
}

// promptKind is what a prompt asks for.
type promptKind int

const (
	promptNone promptKind = iota
	promptSearch
	promptKeep
	promptFilter
)

// openPrompt is the prompt at the foot of the screen. While it is open it has all keys but those that leave the program.
type openPrompt struct {
	kind promptKind
	prompt.Prompt
}

func (p *openPrompt) isOpen() bool { return p.kind != promptNone }

// openPrompt opens a prompt. A search that is given up goes back to where it began.
func (a *App) openPrompt(kind promptKind) {
	a.asked++ // completions of an older prompt do not count
	a.find.from, a.find.before = a.table.Row(), a.find.search
	a.prompt = openPrompt{kind, prompt.New(kind.label(), kind.hint(), *a.historyOf(kind))}
}

func (a *App) closePrompt() {
	a.asked++
	a.prompt = openPrompt{}
}

// updatePrompt lets the prompt have a key, or what was pasted.
func (a *App) updatePrompt(msg tea.Msg) tea.Cmd {
	switch a.prompt.Update(msg) {
	case prompt.Changed:
		return a.typed()
	case prompt.Entered:
		return a.enterPrompt()
	case prompt.Canceled:
		return a.giveUpPrompt()
	case prompt.CompletionWanted:
		return a.askCompletions()
	case prompt.None:
	}
	return nil
}

// typed follows the text of the prompt.
func (a *App) typed() tea.Cmd {
	switch a.prompt.kind {
	case promptSearch, promptKeep:
		q, err := search.Parse(a.prompt.Text())
		if err != nil {
			a.prompt.SetProblem(searchProblem(err))
			return nil
		}
		return a.searchFor(q)
	case promptFilter:
		return a.typedFilter()
	case promptNone:
	}
	return nil
}

// searchProblem returns what is wrong with a search, and where.
func searchProblem(err error) (string, line.Span) {
	if at, ok := errors.AsType[*search.Error](err); ok {
		return at.Reason, line.Span{From: at.From, To: at.To}
	}
	return err.Error(), line.Span{}
}

// giveUpPrompt closes the prompt as if it had never been open.
func (a *App) giveUpPrompt() tea.Cmd {
	kind := a.prompt.kind
	a.closePrompt()
	if kind != promptSearch && kind != promptKeep {
		return nil
	}
	a.endSearch()
	a.table.SelectRow(min(a.find.from, max(0, a.table.Len()-1)))
	var again tea.Cmd
	if before := a.find.before; !before.IsEmpty() {
		a.setSearch(before)
		again = a.research()
	}
	a.arrangeTable()
	return tea.Batch(again, a.followItem())
}

// enterPrompt does what was asked for. The prompt stays open where that cannot be done.
func (a *App) enterPrompt() tea.Cmd {
	kind, text := a.prompt.kind, a.prompt.Text()
	switch kind {
	case promptSearch:
		a.closePrompt()
		a.historyOf(kind).Add(text)
	case promptKeep:
		a.closePrompt()
		a.historyOf(kind).Add(text)
		if !a.find.search.IsEmpty() {
			return a.keep()
		}
	case promptFilter:
		return a.enterFilter(text)
	case promptNone:
	}
	return nil
}

// historyOf returns the history of a kind of prompt. What was kept may be searched for.
func (a *App) historyOf(kind promptKind) *prompt.History {
	if kind == promptFilter {
		return &a.filterHistory
	}
	return &a.searchHistory
}

// label stands to the left of the text.
func (k promptKind) label() string {
	switch k {
	case promptSearch:
		return "/"
	case promptKeep:
		return "keep /"
	case promptFilter:
		return "filter "
	case promptNone:
	}
	return ""
}

// hint names the keys that are of use in the prompt.
func (k promptKind) hint() string {
	switch k {
	case promptSearch:
		return "enter done   esc give up   ↑ earlier   re: for a regular expression"
	case promptKeep:
		return "enter keep the rows that match   esc give up   ↑ earlier"
	case promptFilter:
		return "price > 20 and brand ~ acme and not rating?   tab complete   enter filter   esc give up"
	case promptNone:
	}
	return ""
}
