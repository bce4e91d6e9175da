package ui

import (
	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"
)

// keymap is the keymap as it stands: what the screen has no use for is disabled.
func (a *App) keymap() keymap {
	k := newKeymap()
	screen := a.screen()
	results := screen == screenResults && !a.help.open
	enable(a.waits(), &k.PollNow)
	enable(results, &k.NextTab, &k.PreviousTab, &k.Tab)
	enable(false, &k.Left, &k.Right, &k.FirstColumn, &k.LastColumn)
	a.enableInLists(&k, results)
	enable(screen == screenOutcome && !a.help.open && a.errorText() != "", &k.CopyError)
	back, can := a.backStep()
	k.Back.SetHelp("esc", back.text)
	enable(can, &k.Back)
	moves := screen == screenResults || screen == screenOutcome || a.help.open
	enable(moves, &k.Up, &k.Down, &k.FirstRow, &k.LastRow, &k.PageDown, &k.PageUp, &k.HalfPageDown, &k.HalfPageUp)
	a.enableInTable(&k, results && a.tab == tabItems)
	return k
}

// enableInTable switches the keys of the table on or off.
func (a *App) enableInTable(k *keymap, inItems bool) {
	some := inItems && a.table.len() > 0
	cells := some && !a.itemCovers()
	enable(some && a.itemCovers(), &k.PreviousItem, &k.NextItem)
	enable(some && !a.item.open, &k.Open)
	enable(some, &k.CopyItem)
	enable(some && a.config.Exporter != nil, &k.Export)
	if a.tab == tabItems {
		enable(cells, &k.Left, &k.Right, &k.FirstColumn, &k.LastColumn)
	}
	enable(cells, &k.CopyCell, &k.OpenURL)
	enable(cells, &k.NextEmpty, &k.PreviousEmpty, &k.JumpToColumn, &k.Narrower, &k.Wider, &k.Fit, &k.MarkKey)
	several := cells && a.table.columns.len() > 1
	enable(several, &k.HideColumn, &k.MoveLeft, &k.MoveRight, &k.Freeze)
	enable(cells && len(a.table.columns.hiddenPaths()) > 0, &k.ShowColumn)
	enable(cells, &k.OpenNested)
	enable(cells && a.onPart(), &k.CloseNested)
	a.enableFinding(k, inItems && a.table.items.Len() > 0)
}

// action is what a key does.
type action struct {
	binding key.Binding
	do      func(tea.KeyPressMsg) tea.Cmd
}

// does makes an action of what needs to know nothing of the key.
func does(binding key.Binding, do func() tea.Cmd) action {
	return action{binding, func(tea.KeyPressMsg) tea.Cmd { return do() }}
}

// just makes an action of what needs no command.
func just(binding key.Binding, do func()) action {
	return action{binding, func(tea.KeyPressMsg) tea.Cmd { do(); return nil }}
}

// press does what a key asks for. What is open at the foot of the screen, or floats above it, is asked first.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	a.clearToast()
	if cmd, taken := a.pressInput(msg); taken {
		return cmd
	}
	k := a.keymap()
	for _, actions := range [][]action{a.screenActions(k), a.listActions(k), a.tableActions(k), a.findActions(k)} {
		for _, action := range actions {
			if key.Matches(msg, action.binding) {
				return action.do(msg)
			}
		}
	}
	return a.move(k.movement(msg))
}

// screenActions are those of all screens.
func (a *App) screenActions(k keymap) []action {
	return []action{
		does(k.Quit, a.quit),
		does(k.Suspend, a.suspend),
		does(k.Redraw, func() tea.Cmd { return tea.ClearScreen }),
		just(k.Help, func() { a.help = helpScreen{open: !a.help.open} }),
		does(k.Back, func() tea.Cmd {
			if back, can := a.backStep(); can {
				return back.do()
			}
			return nil
		}),
		does(k.PollNow, a.pollNow),
		just(k.NextTab, func() { a.goTo((a.tab + 1) % tabs) }),
		just(k.PreviousTab, func() { a.goTo((a.tab + tabs - 1) % tabs) }),
		{k.Tab, func(msg tea.KeyPressMsg) tea.Cmd { a.goTo(tab(msg.Code - '1')); return nil }},
		does(k.CopyError, func() tea.Cmd { return a.copied("the error", a.errorText()) }),
	}
}

// tableActions are those on cells and columns.
func (a *App) tableActions(k keymap) []action {
	return []action{
		does(k.Open, func() tea.Cmd { return a.openItem(a.table.row) }),
		does(k.CopyCell, a.copyCell),
		does(k.CopyItem, a.copyItem),
		does(k.OpenURL, a.openURL),
		just(k.Export, a.openExport),
		just(k.JumpToColumn, a.chooseColumn),
		does(k.HideColumn, a.hideColumn),
		does(k.ShowColumn, a.showColumn),
		does(k.MoveLeft, func() tea.Cmd { return a.moveColumn(-1) }),
		does(k.MoveRight, func() tea.Cmd { return a.moveColumn(1) }),
		does(k.Narrower, func() tea.Cmd { return a.widenColumn(-columnStep) }),
		does(k.Wider, func() tea.Cmd { return a.widenColumn(columnStep) }),
		does(k.Fit, a.fitColumn),
		does(k.Freeze, a.freezeColumns),
		does(k.MarkKey, a.markKey),
		does(k.OpenNested, a.openNested),
		does(k.CloseNested, a.closeNested),
	}
}

// pollNow polls at once. A poll that has not been answered for long is given up for a new one; one that was just sent is
// not, or impatience would never see an answer.
func (a *App) pollNow() tea.Cmd {
	if a.schedule.InFlight(theSlot) {
		if _, long := a.silence(); !long {
			return a.say("asking already")
		}
		a.pollAgain = true
		a.endPoll()
		return nil
	}
	a.schedule.Demand(theSlot, a.now)
	return a.pump()
}

func (a *App) goTo(t tab) {
	if t >= 0 && t < tabs {
		a.tab = t
		a.arrangeHead()
	}
}

// move moves what the screen has the cursor in.
func (a *App) move(m movement) tea.Cmd {
	w, h := a.innerWidth(), a.bodyHeight()
	switch {
	case m == moveNone:
	case a.help.open:
		a.help.scroll.move(m, len(a.helpLines(w)), a.helpHeight())
	case a.screen() == screenOutcome:
		a.outcome.scroll.move(m, len(a.outcome.lines), h)
	case a.screen() != screenResults:
	case a.tab == tabWarnings:
		a.warnings.scroll.move(m, len(a.warnings.lines), h)
	case a.tab == tabRaw:
		a.raw.scroll.move(m, len(a.raw.lines), h)
	case a.tab == tabColumns || a.tab == tabPages:
		return a.moveInList(m, h)
	case a.itemCovers():
		return a.moveInItem(m)
	case a.item.open && m.isPage():
		a.item.scroll.move(m, len(a.item.lines), h-1)
	default:
		w, h = a.tableSize()
		a.table.move(a.look, m, w, h)
		return a.followItem()
	}
	return nil
}
