package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
)

// What is typed into a prompt or a chooser, and what it does.

// pressInput lets what is open for typing have a key, and tells whether it took it. ctrl+c leaves all the same, and ctrl+z
// suspends.
func (a *App) pressInput(msg tea.KeyPressMsg) (cmd tea.Cmd, taken bool) {
	if _, always := a.programActions().For(msg, true); always {
		return nil, false
	}
	switch {
	case a.screen() == screenTooSmall:
		return nil, false
	case a.chooser != nil:
		open := a.chooser
		cmd, done := open.press(msg)
		if done && a.chooser == open {
			a.chooser = nil
		}
		return cmd, true
	case a.export != nil:
		return a.pressExport(msg), true
	case a.prompt.open():
		return a.pressPrompt(msg), true
	default:
		return nil, false
	}
}

// pasted puts what was pasted into what is open for typing.
func (a *App) pasted(msg tea.PasteMsg) tea.Cmd {
	switch {
	case a.chooser != nil:
		a.chooser.edit(msg)
	case a.export != nil && a.export.at == 0:
		a.export.edit(msg)
	case a.prompt.open() && a.prompt.edit(msg):
		return a.typed()
	}
	return nil
}

// openPrompt opens a prompt. A search that is given up goes back to where it began.
func (a *App) openPrompt(kind promptKind) {
	a.asked++ // completions of an older prompt do not count
	a.find.from, a.find.before = a.table.Row(), a.find.search
	a.prompt = newPrompt(kind, "")
}

func (a *App) closePrompt() {
	a.asked++
	a.prompt = prompt{}
}

// pressPrompt does what a key means in a prompt.
func (a *App) pressPrompt(msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		return a.giveUpPrompt()
	case "enter":
		return a.enterPrompt()
	case "tab":
		if a.prompt.complete(1) {
			return a.typed()
		}
		return a.askCompletions()
	case "shift+tab":
		if a.prompt.complete(-1) {
			return a.typed()
		}
		return nil
	case "up", "ctrl+p":
		return a.recall(1)
	case "down", "ctrl+n":
		return a.recall(-1)
	}
	if a.prompt.edit(msg) {
		return a.typed()
	}
	return nil
}

// typed follows the text of the prompt.
func (a *App) typed() tea.Cmd {
	a.prompt.wrong = ""
	switch a.prompt.kind {
	case promptSearch, promptKeep:
		q, err := search.Parse(a.prompt.text())
		if err != nil {
			a.prompt.mark(err)
			return nil
		}
		return a.searchFor(q)
	case promptFilter:
		return a.typedFilter()
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
	if a.prompt.wrong != "" {
		return nil
	}
	kind, text := a.prompt.kind, a.prompt.text()
	switch kind {
	case promptSearch:
		a.closePrompt()
		a.remember(kind, text)
	case promptKeep:
		a.closePrompt()
		a.remember(kind, text)
		if !a.find.search.IsEmpty() {
			return a.keep()
		}
	case promptFilter:
		return a.enterFilter(text)
	case promptExport, promptNone:
	}
	return nil
}

// historyAtMost is how many lines of each kind are remembered.
const historyAtMost = 100

// remember puts a line into the history, the newest first.
func (a *App) remember(kind promptKind, text string) {
	if text == "" {
		return
	}
	if kind == promptKeep {
		kind = promptSearch // what was kept may be searched for
	}
	lines := []string{text}
	for _, line := range a.history[kind] {
		if line != text && len(lines) < historyAtMost {
			lines = append(lines, line)
		}
	}
	if a.history == nil {
		a.history = map[promptKind][]string{}
	}
	a.history[kind] = lines
}

// recall puts an older line, or with -1 a newer one, into the prompt.
func (a *App) recall(by int) tea.Cmd {
	kind := a.prompt.kind
	if kind == promptKeep {
		kind = promptSearch
	}
	lines := a.history[kind]
	past := a.prompt.past + by
	if past < -1 || past >= len(lines) {
		return nil
	}
	text := ""
	if past >= 0 {
		text = lines[past]
	}
	a.prompt.set(text, len(text))
	a.prompt.past, a.prompt.chosen, a.prompt.completions = past, -1, nil
	return a.typed()
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
