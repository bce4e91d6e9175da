package ui

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
)

// press carries out what a key stands for. What is open at the foot of the screen, or floats above it, is asked first.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	a.toast.Hide()
	if cmd, taken := a.pressInput(msg); taken {
		return cmd
	}
	if action, found := a.actions().For(msg, false); found {
		return action.Run()
	}
	return nil
}

// actions lists all that the user can do, with what makes sense now enabled.
func (a *App) actions() action.Table {
	if a.help.open {
		return slices.Concat(a.helpActions(), a.screenActions().WhileCovered(), a.programActions())
	}
	return append(a.screenActions(), a.programActions()...)
}

// screenActions lists the actions of the screen below help.
func (a *App) screenActions() action.Table {
	screen := a.screen()
	inResults := screen == screenResults
	inItems := inResults && a.tab == tabItems
	var table action.Table
	switch {
	case inItems:
		table = a.itemActions()
	case inResults && a.tab == tabColumns:
		table = a.columnActions()
	case inResults && a.tab == tabPages:
		table = a.pageActions()
	case inResults || screen == screenOutcome:
		table = action.Moves(a.move, true, false)
	}
	if inItems {
		table = append(table, a.findActions()...)
		table = append(table, a.layoutActions()...)
	}
	return append(table, a.runActions()...)
}

// programActions lists the actions that every screen has.
func (a *App) programActions() action.Table {
	return action.Table{
		{
			ID: "help", Group: action.GroupProgram, Title: "keys", Keys: []string{"?"}, Rank: 1, Enabled: true,
			Run: action.Do(func() { a.help = helpScreen{open: !a.help.open} }),
		},
		{ID: "quit", Group: action.GroupProgram, Title: "quit", Keys: []string{"q"}, Rank: 14, Enabled: true, Run: a.quit},
		{ID: "interrupt", Group: action.GroupProgram, Keys: []string{"ctrl+c"}, WhileTyping: true, Enabled: true, Run: a.quit},
		{
			ID: "suspend", Group: action.GroupProgram, Title: "suspend", Keys: []string{"ctrl+z"}, WhileTyping: true, Enabled: true,
			Run: func() tea.Cmd { return tea.Suspend },
		},
		{
			ID: "redraw", Group: action.GroupProgram, Title: "redraw", Keys: []string{"ctrl+l"}, WhileTyping: true, Enabled: true,
			Run: func() tea.Cmd { return tea.ClearScreen },
		},
	}
}

// backAction takes back the one thing that is to be taken back next.
func (a *App) backAction() action.Action {
	back, can := a.backStep()
	return action.Action{ID: "back", Group: action.GroupView, Title: back.text, Keys: []string{"esc"}, Rank: 5, Enabled: can, Run: back.do}
}

// runActions lists the actions of a run that do not depend on its tabs.
func (a *App) runActions() action.Table {
	inResults := a.screen() == screenResults
	table := action.Table{
		a.backAction(),
		{
			ID: "tab.next", Group: action.GroupView, Title: "next tab", Keys: []string{"tab"}, Rank: 15, Enabled: inResults,
			Run: action.Do(func() { a.goTo((a.tab + 1) % tabs) }),
		},
		{
			ID: "tab.previous", Group: action.GroupView, Title: "previous tab", Keys: []string{"shift+tab"}, Enabled: inResults,
			Run: action.Do(func() { a.goTo((a.tab + tabs - 1) % tabs) }),
		},
	}
	for i, name := range [tabs]string{"items", "columns", "pages", "warnings", "raw"} {
		table = append(table, action.Action{
			ID: "tab." + name, Group: action.GroupView, Title: "that tab", Keys: []string{strconv.Itoa(i + 1)}, Enabled: inResults,
			Run: action.Do(func() { a.goTo(tab(i)) }),
		})
	}
	return append(table,
		action.Action{
			ID: "copy.error", Group: action.GroupExport, Title: "copy the error", Keys: []string{"y"}, Rank: 12,
			Enabled: a.screen() == screenOutcome && a.errorText() != "",
			Run:     func() tea.Cmd { return a.copied("the error", a.errorText()) },
		},
		action.Action{
			ID: "poll", Group: action.GroupWatch, Title: "poll now", Keys: []string{"p"}, Rank: 13,
			WhileCovered: true, Enabled: a.waits(), Run: a.pollNow,
		},
	)
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
func (a *App) move(m cursor.Move) tea.Cmd {
	w, h := a.innerWidth(), a.bodyHeight()
	switch {
	case a.help.open:
		help := a.helpPager(w)
		help.Move(m, a.helpHeight())
		a.help.pager = *help
	case a.screen() == screenOutcome:
		a.outcome.Move(m, h)
	case a.tab == tabWarnings:
		a.warnings.Move(m, h)
	case a.tab == tabRaw:
		a.raw.Move(m, h)
	case a.tab == tabColumns || a.tab == tabPages:
		return a.moveInList(m, h)
	case a.itemCovers():
		return a.moveInItem(m)
	case a.item.open && m.IsPage():
		a.item.pager.Move(m, h-1)
	default:
		w, h = a.tableSize()
		a.table.move(a.painter, m, w, h)
		return a.followItem()
	}
	return nil
}
