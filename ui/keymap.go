package ui

import (
	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"
)

// keymap is every key of the dashboard. The same bindings are matched against what is pressed and listed as help; one
// that is disabled, because nothing on the screen has a use for it, is gone from both.
type keymap struct {
	Up, Down, Left, Right     key.Binding
	FirstRow, LastRow         key.Binding
	FirstColumn, LastColumn   key.Binding
	PageDown, PageUp          key.Binding
	HalfPageDown, HalfPageUp  key.Binding
	Open, Back                key.Binding
	PreviousItem, NextItem    key.Binding
	NextTab, PreviousTab, Tab key.Binding
	CopyCell, CopyItem        key.Binding
	CopyError, OpenURL        key.Binding
	PollNow                   key.Binding
	Help, Quit                key.Binding
	Suspend, Redraw           key.Binding
}

// bind makes a binding: its keys, how help shows them, and what they do.
func bind(shown, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, does))
}

// newKeymap makes the keymap with everything enabled.
func newKeymap() keymap {
	return keymap{
		Up:           bind("k ↑", "up", "k", "up"),
		Down:         bind("j ↓", "down", "j", "down"),
		Left:         bind("h ←", "left", "h", "left"),
		Right:        bind("l →", "right", "l", "right"),
		FirstRow:     bind("g home", "first row or line", "g", "home"),
		LastRow:      bind("G end", "last row or line", "G", "end"),
		FirstColumn:  bind("0", "first column", "0"),
		LastColumn:   bind("$", "last column", "$"),
		PageDown:     bind("space pgdn", "page down", "space", "pgdown"),
		PageUp:       bind("b pgup", "page up", "b", "pgup"),
		HalfPageDown: bind("ctrl+d", "half a page down", "ctrl+d"),
		HalfPageUp:   bind("ctrl+u", "half a page up", "ctrl+u"),
		Open:         bind("enter", "open", "enter"),
		Back:         bind("esc", "close", "esc"),
		PreviousItem: bind("h ←", "previous item", "h", "left"),
		NextItem:     bind("l →", "next item", "l", "right"),
		NextTab:      bind("tab", "next tab", "tab"),
		PreviousTab:  bind("shift+tab", "previous tab", "shift+tab"),
		Tab:          bind("1 2 3", "that tab", "1", "2", "3"),
		CopyCell:     bind("y", "copy", "y"),
		CopyItem:     bind("Y", "copy the item as JSON", "Y"),
		CopyError:    bind("y", "copy the error", "y"),
		OpenURL:      bind("o", "open URL", "o"),
		PollNow:      bind("p", "poll now", "p"),
		Help:         bind("?", "keys", "?"),
		Quit:         bind("q", "quit", "q", "ctrl+c"),
		Suspend:      bind("ctrl+z", "suspend", "ctrl+z"),
		Redraw:       bind("ctrl+l", "redraw", "ctrl+l"),
	}
}

// enable switches bindings on or off.
func enable(on bool, bindings ...*key.Binding) {
	for _, b := range bindings {
		b.SetEnabled(on)
	}
}

// movement is where a pressed key moves to.
func (k keymap) movement(msg tea.KeyPressMsg) movement {
	for _, m := range []struct {
		binding key.Binding
		to      movement
	}{
		{k.PreviousItem, moveLeft},
		{k.NextItem, moveRight},
		{k.Up, moveUp},
		{k.Down, moveDown},
		{k.Left, moveLeft},
		{k.Right, moveRight},
		{k.FirstRow, moveFirstRow},
		{k.LastRow, moveLastRow},
		{k.FirstColumn, moveFirstColumn},
		{k.LastColumn, moveLastColumn},
		{k.PageDown, movePageDown},
		{k.PageUp, movePageUp},
		{k.HalfPageDown, moveHalfDown},
		{k.HalfPageUp, moveHalfUp},
	} {
		if key.Matches(msg, m.binding) {
			return m.to
		}
	}
	return moveNone
}

// groups are all bindings, as help lists them.
func (k keymap) groups() []keyGroup {
	return []keyGroup{
		{"move", []key.Binding{
			k.Up, k.Down, k.Left, k.Right, k.FirstRow, k.LastRow, k.FirstColumn, k.LastColumn,
			k.PageDown, k.PageUp, k.HalfPageDown, k.HalfPageUp,
		}},
		{"look", []key.Binding{k.Open, k.Back, k.PreviousItem, k.NextItem, k.NextTab, k.PreviousTab, k.Tab}},
		{"take", []key.Binding{k.CopyCell, k.CopyItem, k.CopyError, k.OpenURL}},
		{"watch", []key.Binding{k.PollNow}},
		{"sbwatch", []key.Binding{k.Help, k.Quit, k.Suspend, k.Redraw}},
	}
}

// keyGroup are bindings that belong together.
type keyGroup struct {
	name     string
	bindings []key.Binding
}

// hints are the few bindings that are named at the foot of the screen, the most useful first.
func (k keymap) hints() []key.Binding {
	return []key.Binding{k.Help, k.Open, k.Back, k.CopyCell, k.CopyError, k.PollNow, k.Quit, k.NextTab, k.PreviousItem, k.NextItem, k.OpenURL}
}
