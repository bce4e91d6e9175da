package items

import (
	"errors"
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
	"sbwatch/ui/action"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/prompt"
)

// What is typed into a prompt or a picker, and what it does.

// promptLayer is the prompt of the tab of items, at the foot of the screen.
type promptLayer struct{ p *prompts }

// Place returns the foot of the screen.
func (promptLayer) Place() screen.Place { return screen.PlaceFooter }

// Actions lists nothing: the prompt has all keys.
func (promptLayer) Actions() action.Table { return nil }

// Update handles what is typed and pasted.
func (l promptLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		return l.p.updatePrompt(msg)
	default:
		return nil
	}
}

// View draws the prompt, and above it what is wrong, how to go on, or which keys are of use.
func (l promptLayer) View(area image.Rectangle) []string {
	return l.p.line.View(l.p.env.Painter, area.Dx())
}

// pickerLayer is a picker above the screen, and what to do with the choice.
type pickerLayer struct {
	env    *screen.Env
	picker *picker.Picker
	choose func(picker.Choice) tea.Cmd
}

// pick lets the user choose from a list.
func pick(env *screen.Env, title string, choices []picker.Choice, choose func(picker.Choice) tea.Cmd) {
	env.Layers.Open(&pickerLayer{env, picker.New(title, choices), choose})
}

// Place returns the middle of the screen.
func (*pickerLayer) Place() screen.Place { return screen.PlaceBox }

// Actions lists nothing: the picker has all keys.
func (*pickerLayer) Actions() action.Table { return nil }

// Update handles what is typed and pasted.
func (l *pickerLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	switch l.picker.Update(msg) {
	case picker.Chosen:
		choice, _ := l.picker.Choice()
		l.env.Layers.Close(l)
		return l.choose(choice)
	case picker.Canceled:
		l.env.Layers.Close(l)
	case picker.None:
	}
	return nil
}

// View draws the picker, as large as it needs to be.
func (l *pickerLayer) View(area image.Rectangle) []string {
	return l.picker.View(l.env.Painter, area.Dx(), area.Dy())
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

// prompts asks for searches and filters.
type prompts struct {
	*filterer

	line openPrompt
	// What was typed.
	searchHistory, filterHistory prompt.History
	// asked is the generation of questions for completions.
	completing int
}

// openPrompt opens a prompt. A search that is given up goes back to where it began.
func (p *prompts) openPrompt(kind promptKind) {
	p.completing++ // completions of an older prompt do not count
	p.from, p.before = p.table.Row(), p.query
	p.line = openPrompt{kind, prompt.New(kind.label(), kind.hint(), *p.historyOf(kind))}
	p.env.Layers.Open(promptLayer{p})
}

func (p *prompts) closePrompt() {
	p.completing++
	p.line = openPrompt{}
	p.env.Layers.Close(promptLayer{p})
}

// updatePrompt lets the prompt have a key, or what was pasted.
func (p *prompts) updatePrompt(msg tea.Msg) tea.Cmd {
	switch p.line.Update(msg) {
	case prompt.Changed:
		return p.typed()
	case prompt.Entered:
		return p.enterPrompt()
	case prompt.Canceled:
		return p.giveUpPrompt()
	case prompt.CompletionWanted:
		return p.askCompletions()
	case prompt.None:
	}
	return nil
}

// typed follows the text of the prompt.
func (p *prompts) typed() tea.Cmd {
	switch p.line.kind {
	case promptSearch, promptKeep:
		q, err := search.Parse(p.line.Text())
		if err != nil {
			p.line.SetProblem(searchProblem(err))
			return nil
		}
		return p.searchFor(q)
	case promptFilter:
		return p.typedFilter()
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
func (p *prompts) giveUpPrompt() tea.Cmd {
	kind := p.line.kind
	p.closePrompt()
	if kind != promptSearch && kind != promptKeep {
		return nil
	}
	p.endSearch()
	p.table.SelectRow(min(p.from, max(0, p.table.Len()-1)))
	var again tea.Cmd
	if before := p.before; !before.IsEmpty() {
		p.setSearch(before)
		again = p.research()
	}
	p.Arrange()
	return tea.Batch(again, p.followItem())
}

// enterPrompt does what was asked for. The prompt stays open where that cannot be done.
func (p *prompts) enterPrompt() tea.Cmd {
	kind, text := p.line.kind, p.line.Text()
	switch kind {
	case promptSearch:
		p.closePrompt()
		p.historyOf(kind).Add(text)
	case promptKeep:
		p.closePrompt()
		p.historyOf(kind).Add(text)
		if !p.query.IsEmpty() {
			return p.keep()
		}
	case promptFilter:
		return p.enterFilter(text)
	case promptNone:
	}
	return nil
}

// historyOf returns the history of a kind of prompt. What was kept may be searched for.
func (p *prompts) historyOf(kind promptKind) *prompt.History {
	if kind == promptFilter {
		return &p.filterHistory
	}
	return &p.searchHistory
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

// keep lets only the rows show that match the search; where there is none it asks for one.
func (p *prompts) keep() tea.Cmd {
	if p.query.IsEmpty() {
		p.openPrompt(promptKeep)
		return nil
	}
	kept := p.query
	p.endSearch()
	return p.addFilter(kept)
}
