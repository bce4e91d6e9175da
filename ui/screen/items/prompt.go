package items

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/prompt"
)

type promptLayer struct{ p *prompts }

// Place returns PlaceFooter, because the prompt is in the footer.
func (promptLayer) Place() screen.Place { return screen.PlaceFooter }

// Input returns the prompt.
func (l promptLayer) Input() *prompt.Prompt { return &l.p.line.Prompt }

// Actions returns nil because the prompt handles all keys itself.
func (promptLayer) Actions() action.Table { return nil }

// Update handles key presses and pasted text.
func (l promptLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		return l.p.updatePrompt(msg)
	default:
		return nil
	}
}

// View draws the prompt. The line above it shows an error, completions or the keys.
func (l promptLayer) View(area image.Rectangle) []string {
	return l.p.line.View(l.p.env.Painter, area.Dx())
}

// pickerLayer is the layer of a picker. It has the functions to call when the user chooses or deletes an entry.
type pickerLayer struct {
	screen.PickerLayer

	choose, remove func(picker.Choice) tea.Cmd
}

// pick opens a picker. When the user chooses an entry, the picker calls the function choose with this entry.
func pick(env *screen.Env, title string, choices []picker.Choice, choose func(picker.Choice) tea.Cmd) {
	openPicker(env, picker.Options{Title: title, Choices: choices}, choose, nil)
}

// pickSeveral opens a picker in which the user can check several entries. When the user is done, the picker calls the
// function choose with the IDs of the checked entries.
func pickSeveral(env *screen.Env, o picker.Options, choose func(checked []int) tea.Cmd) {
	o.IsMulti = true
	l := openPicker(env, o, nil, nil)
	l.choose = func(picker.Choice) tea.Cmd { return choose(l.Picker.Checked()) }
}

// openPicker opens a picker. When the user chooses an entry, the picker calls the function choose. When the user
// deletes an entry, the picker calls the function remove.
func openPicker(env *screen.Env, o picker.Options, choose, remove func(picker.Choice) tea.Cmd) *pickerLayer {
	l := &pickerLayer{choose: choose, remove: remove}
	l.Env, l.Picker, l.Handle = env, picker.New(o), l.handle
	env.Layers.Open(l)
	return l
}

func (l *pickerLayer) handle(event picker.Event) tea.Cmd {
	switch event {
	case picker.Chosen:
		choice, _ := l.Picker.Choice()
		l.Env.Layers.Close(l)
		return l.choose(choice)
	case picker.Deleted:
		choice, _ := l.Picker.Choice()
		l.Env.Layers.Close(l)
		return l.remove(choice)
	case picker.Canceled:
		l.Env.Layers.Close(l)
	case picker.None:
	}
	return nil
}

// promptKind says what a prompt asks for.
type promptKind int

const (
	promptNone promptKind = iota
	promptSearch
	promptKeep
	promptFilter
)

// openPrompt is the prompt in the footer. While it is open, it receives all keys except the keys that quit the program.
type openPrompt struct {
	kind promptKind
	prompt.Prompt
}

func (p *openPrompt) isOpen() bool { return p.kind != promptNone }

// prompts opens the prompts for searches and filters.
type prompts struct {
	*filterer

	line openPrompt
	// searchHistory and filterHistory hold what the user entered earlier.
	searchHistory, filterHistory prompt.History
	// completing counts the requests for completions. The result of an older request is ignored.
	completing int
	// edited is the index of the filter that is being edited. It is -1 if the prompt adds a filter.
	edited int
	// doubted is the text that the user was warned about. If the user enters it again, it is accepted.
	doubted string
	// counting is the job that counts the items that match the typed filter.
	counting screen.Job
}

// openPrompt opens a prompt. Canceling a search moves the cursor back to where the search started.
func (p *prompts) openPrompt(kind promptKind) {
	p.completing++ // ignores completions for an earlier prompt
	p.edited, p.doubted = -1, ""
	p.from, p.previous = p.table.Row(), p.query
	p.line = openPrompt{kind, prompt.New(kind.label(), kind.hint(), *p.historyOf(kind))}
	p.env.Layers.Open(promptLayer{p})
}

func (p *prompts) closePrompt() {
	p.completing++
	p.counting.Stop()
	p.line = openPrompt{}
	p.env.Layers.Close(promptLayer{p})
}

// updatePrompt passes a key press or pasted text to the prompt.
func (p *prompts) updatePrompt(msg tea.Msg) tea.Cmd {
	switch p.line.Update(msg) {
	case prompt.Changed:
		return p.typed()
	case prompt.Entered:
		return p.enterPrompt()
	case prompt.Canceled:
		return p.cancelPrompt()
	case prompt.CompletionWanted:
		return p.askCompletions()
	case prompt.None:
	}
	return nil
}

// typed reacts to a change of the prompt's text.
func (p *prompts) typed() tea.Cmd {
	switch p.line.kind {
	case promptSearch, promptKeep:
		q, err := search.Parse(p.line.Text())
		if err != nil {
			p.line.SetProblem(screen.LineProblem(err))
			return nil
		}
		return p.searchFor(q)
	case promptFilter:
		return p.typedFilter()
	case promptNone:
	}
	return nil
}

// cancelPrompt closes the prompt and undoes its changes.
func (p *prompts) cancelPrompt() tea.Cmd {
	kind := p.line.kind
	p.closePrompt()
	if kind != promptSearch && kind != promptKeep {
		return nil
	}
	p.endSearch()
	p.table.SelectRow(min(p.from, max(0, p.table.Len()-1)))
	var again tea.Cmd
	if previous := p.previous; !previous.IsEmpty() {
		p.setSearch(previous)
		again = p.findMatches()
	}
	p.Arrange()
	return tea.Batch(again, p.followItem())
}

// enterPrompt does what the prompt asks for, such as starting a search. If that fails, the prompt stays open.
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

// historyOf returns the history of inputs for a kind of prompt. Searches and "filter to matches" share one history.
func (p *prompts) historyOf(kind promptKind) *prompt.History {
	if kind == promptFilter {
		return &p.filterHistory
	}
	return &p.searchHistory
}

// label returns the label left of the text.
func (k promptKind) label() string {
	switch k {
	case promptSearch:
		return "/"
	case promptKeep:
		return "filter /"
	case promptFilter:
		return "filter "
	case promptNone:
	}
	return ""
}

// hint returns the keys that are shown above the prompt.
func (k promptKind) hint() string {
	switch k {
	case promptSearch:
		return "enter done   esc cancel   ↑ history   re: regular expression"
	case promptKeep:
		return "enter filter to matches   esc cancel   ↑ history"
	case promptFilter:
		return "price > 20 and brand ~ acme and not rating?   tab complete   enter filter   esc cancel"
	case promptNone:
	}
	return ""
}

// keep turns the search into a filter, so that only matching rows remain. If there is no search, it asks for a text to
// search for.
func (p *prompts) keep() tea.Cmd {
	if p.query.IsEmpty() {
		p.openPrompt(promptKeep)
		return nil
	}
	kept := p.query
	p.endSearch()
	return p.addFilter(kept)
}
