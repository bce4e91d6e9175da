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
type promptLayer struct{ t *Tab }

// Place returns the foot of the screen.
func (promptLayer) Place() screen.Place { return screen.PlaceFooter }

// Actions lists nothing: the prompt has all keys.
func (promptLayer) Actions() action.Table { return nil }

// Update handles what is typed and pasted.
func (l promptLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		return l.t.updatePrompt(msg)
	default:
		return nil
	}
}

// View draws the prompt, and above it what is wrong, how to go on, or which keys are of use.
func (l promptLayer) View(area image.Rectangle) []string {
	return l.t.prompt.View(l.t.env.Painter, area.Dx())
}

// pickerLayer is a picker above the screen, and what to do with the choice.
type pickerLayer struct {
	env    *screen.Env
	picker *picker.Picker
	choose func(picker.Choice) tea.Cmd
}

// pick lets the user choose from a list.
func (t *Tab) pick(title string, choices []picker.Choice, choose func(picker.Choice) tea.Cmd) {
	t.env.Layers.Open(&pickerLayer{t.env.Env, picker.New(title, choices), choose})
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

// openPrompt opens a prompt. A search that is given up goes back to where it began.
func (t *Tab) openPrompt(kind promptKind) {
	t.asked++ // completions of an older prompt do not count
	t.find.from, t.find.before = t.table.Row(), t.find.search
	t.prompt = openPrompt{kind, prompt.New(kind.label(), kind.hint(), *t.historyOf(kind))}
	t.env.Layers.Open(promptLayer{t})
}

func (t *Tab) closePrompt() {
	t.asked++
	t.prompt = openPrompt{}
	t.env.Layers.Close(promptLayer{t})
}

// updatePrompt lets the prompt have a key, or what was pasted.
func (t *Tab) updatePrompt(msg tea.Msg) tea.Cmd {
	switch t.prompt.Update(msg) {
	case prompt.Changed:
		return t.typed()
	case prompt.Entered:
		return t.enterPrompt()
	case prompt.Canceled:
		return t.giveUpPrompt()
	case prompt.CompletionWanted:
		return t.askCompletions()
	case prompt.None:
	}
	return nil
}

// typed follows the text of the prompt.
func (t *Tab) typed() tea.Cmd {
	switch t.prompt.kind {
	case promptSearch, promptKeep:
		q, err := search.Parse(t.prompt.Text())
		if err != nil {
			t.prompt.SetProblem(searchProblem(err))
			return nil
		}
		return t.searchFor(q)
	case promptFilter:
		return t.typedFilter()
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
func (t *Tab) giveUpPrompt() tea.Cmd {
	kind := t.prompt.kind
	t.closePrompt()
	if kind != promptSearch && kind != promptKeep {
		return nil
	}
	t.endSearch()
	t.table.SelectRow(min(t.find.from, max(0, t.table.Len()-1)))
	var again tea.Cmd
	if before := t.find.before; !before.IsEmpty() {
		t.setSearch(before)
		again = t.research()
	}
	t.Arrange()
	return tea.Batch(again, t.followItem())
}

// enterPrompt does what was asked for. The prompt stays open where that cannot be done.
func (t *Tab) enterPrompt() tea.Cmd {
	kind, text := t.prompt.kind, t.prompt.Text()
	switch kind {
	case promptSearch:
		t.closePrompt()
		t.historyOf(kind).Add(text)
	case promptKeep:
		t.closePrompt()
		t.historyOf(kind).Add(text)
		if !t.find.search.IsEmpty() {
			return t.keep()
		}
	case promptFilter:
		return t.enterFilter(text)
	case promptNone:
	}
	return nil
}

// historyOf returns the history of a kind of prompt. What was kept may be searched for.
func (t *Tab) historyOf(kind promptKind) *prompt.History {
	if kind == promptFilter {
		return &t.filterHistory
	}
	return &t.searchHistory
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
