package ui

import (
	"errors"
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
)

// What is typed into a prompt, and what it does.

// promptLayer is the prompt of the tab of items, at the foot of the screen.
type promptLayer struct{ t *itemsTab }

// Place returns the foot of the screen.
func (promptLayer) Place() screen.Place { return screen.PlaceFooter }

// Actions lists nothing: the prompt has all keys.
func (promptLayer) Actions() action.Table { return nil }

// Update handles what is typed and pasted.
func (l promptLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return l.t.pressPrompt(msg)
	case tea.PasteMsg:
		if l.t.prompt.edit(msg) {
			return l.t.typed()
		}
	}
	return nil
}

// View draws the prompt, and above it what is wrong, how to go on, or which keys are of use.
func (l promptLayer) View(area image.Rectangle) []string {
	p, prompt, w := l.t.env.Painter, &l.t.prompt, area.Dx()
	return []string{prompt.above(p, w, prompt.kind.hint()), prompt.view(p, w)}
}

// openPrompt opens a prompt. A search that is given up goes back to where it began.
func (t *itemsTab) openPrompt(kind promptKind) {
	t.asked++ // completions of an older prompt do not count
	t.find.from, t.find.before = t.table.row, t.find.search
	t.prompt = newPrompt(kind, "")
	t.env.Layers.Open(promptLayer{t})
}

func (t *itemsTab) closePrompt() {
	t.asked++
	t.prompt = prompt{}
	t.env.Layers.Close(promptLayer{t})
}

// pressPrompt does what a key means in a prompt.
func (t *itemsTab) pressPrompt(msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		return t.giveUpPrompt()
	case "enter":
		return t.enterPrompt()
	case "tab":
		if t.prompt.complete(1) {
			return t.typed()
		}
		return t.askCompletions()
	case "shift+tab":
		if t.prompt.complete(-1) {
			return t.typed()
		}
		return nil
	case "up", "ctrl+p":
		return t.recall(1)
	case "down", "ctrl+n":
		return t.recall(-1)
	}
	if t.prompt.edit(msg) {
		return t.typed()
	}
	return nil
}

// typed follows the text of the prompt.
func (t *itemsTab) typed() tea.Cmd {
	t.prompt.wrong = ""
	switch t.prompt.kind {
	case promptSearch, promptKeep:
		q, err := search.Parse(t.prompt.text())
		if err != nil {
			t.prompt.mark(err)
			return nil
		}
		return t.searchFor(q)
	case promptFilter:
		return t.typedFilter()
	case promptExport, promptNone:
	}
	return nil
}

// mark says what is wrong with the text.
func (p *prompt) mark(err error) {
	p.wrong, p.wrongFrom, p.wrongTo = err.Error(), 0, 0
	if at, ok := errors.AsType[*search.Error](err); ok {
		p.wrong, p.wrongFrom, p.wrongTo = at.Reason, at.From, at.To
	}
}

// giveUpPrompt closes the prompt as if it had never been open.
func (t *itemsTab) giveUpPrompt() tea.Cmd {
	kind := t.prompt.kind
	t.closePrompt()
	if kind != promptSearch && kind != promptKeep {
		return nil
	}
	t.endSearch()
	t.table.row = min(t.find.from, max(0, t.table.len()-1))
	var again tea.Cmd
	if before := t.find.before; !before.IsEmpty() {
		t.find.search, t.table.marks = before, before.Spans
		again = t.research()
	}
	t.arrangeTable()
	return tea.Batch(again, t.followItem())
}

// enterPrompt does what was asked for. The prompt stays open where that cannot be done.
func (t *itemsTab) enterPrompt() tea.Cmd {
	if t.prompt.wrong != "" {
		return nil
	}
	kind, text := t.prompt.kind, t.prompt.text()
	switch kind {
	case promptSearch:
		t.closePrompt()
		t.remember(kind, text)
	case promptKeep:
		t.closePrompt()
		t.remember(kind, text)
		if !t.find.search.IsEmpty() {
			return t.keep()
		}
	case promptFilter:
		return t.enterFilter(text)
	case promptExport, promptNone:
	}
	return nil
}

// historyAtMost is how many lines of each kind are remembered.
const historyAtMost = 100

// remember puts a line into the history, the newest first.
func (t *itemsTab) remember(kind promptKind, text string) {
	if text == "" {
		return
	}
	if kind == promptKeep {
		kind = promptSearch // what was kept may be searched for
	}
	lines := []string{text}
	for _, line := range t.history[kind] {
		if line != text && len(lines) < historyAtMost {
			lines = append(lines, line)
		}
	}
	if t.history == nil {
		t.history = map[promptKind][]string{}
	}
	t.history[kind] = lines
}

// recall puts an older line, or with -1 a newer one, into the prompt.
func (t *itemsTab) recall(by int) tea.Cmd {
	kind := t.prompt.kind
	if kind == promptKeep {
		kind = promptSearch
	}
	lines := t.history[kind]
	past := t.prompt.past + by
	if past < -1 || past >= len(lines) {
		return nil
	}
	text := ""
	if past >= 0 {
		text = lines[past]
	}
	t.prompt.set(text, len(text))
	t.prompt.past, t.prompt.chosen, t.prompt.completions = past, -1, nil
	return t.typed()
}

// promptHint names the keys that are of use in the prompt.
func (k promptKind) hint() string {
	switch k {
	case promptSearch:
		return "enter done   esc give up   ↑ earlier   re: for a regular expression"
	case promptKeep:
		return "enter keep the rows that match   esc give up   ↑ earlier"
	case promptFilter:
		return "price > 20 and brand ~ acme and not rating?   tab complete   enter filter   esc give up"
	case promptExport, promptNone:
	}
	return ""
}
