package ui

import (
	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"

	"sbwatch/ui/move"
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
	OpenItems, LookInto       key.Binding
	CloseDetail               key.Binding
	PreviousItem, NextItem    key.Binding
	NextTab, PreviousTab, Tab key.Binding
	CopyCell, CopyItem        key.Binding
	CopyError, OpenURL        key.Binding
	Export                    key.Binding
	Search, Next, Previous    key.Binding
	Keep, Filter, LiftFilter  key.Binding
	Sort, SortAlso            key.Binding
	NextEmpty, PreviousEmpty  key.Binding
	JumpToColumn              key.Binding
	HideColumn, ShowColumn    key.Binding
	MoveLeft, MoveRight       key.Binding
	Narrower, Wider, Fit      key.Binding
	Freeze, MarkKey           key.Binding
	OpenNested, CloseNested   key.Binding
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
		OpenItems:    bind("enter", "its items", "enter"),
		LookInto:     bind("l →", "look into it", "l", "right"),
		CloseDetail:  bind("h ←", "back to the columns", "h", "left"),
		PreviousItem: bind("h ←", "previous item", "h", "left"),
		NextItem:     bind("l →", "next item", "l", "right"),
		NextTab:      bind("tab", "next tab", "tab"),
		PreviousTab:  bind("shift+tab", "previous tab", "shift+tab"),
		Tab:          bind("1 to 5", "that tab", "1", "2", "3", "4", "5"),
		CopyCell:     bind("y", "copy", "y"),
		CopyItem:     bind("Y", "copy the item as JSON", "Y"),
		CopyError:    bind("y", "copy the error", "y"),
		OpenURL:      bind("o", "open URL", "o"),
		Search:       bind("/", "search", "/"),
		Next:         bind("n", "next match", "n"),
		Previous:     bind("N", "previous match", "N"),
		Keep:         bind("&", "keep what matches", "&"),
		Filter:       bind("f", "filter", "f"),
		LiftFilter:   bind("F", "lift one of the filters", "F"),
		Sort:         bind("s", "sort", "s"),
		SortAlso:     bind("S", "then sort by this too", "S"),
		NextEmpty:    bind("}", "next empty cell", "}"),

		PreviousEmpty: bind("{", "previous empty cell", "{"),
		JumpToColumn:  bind("c", "jump to a column", "c"),
		HideColumn:    bind("-", "hide the column", "-"),
		ShowColumn:    bind("=", "show a hidden column", "="),
		MoveLeft:      bind("H", "move the column left", "H"),
		MoveRight:     bind("L", "move the column right", "L"),
		Narrower:      bind(",", "narrower", ","),
		Wider:         bind(".", "wider", "."),
		Fit:           bind("_", "as wide as what it holds", "_"),
		Freeze:        bind("z", "freeze up to this column", "z"),
		MarkKey:       bind("!", "mark as the items' key", "!"),
		OpenNested:    bind("(", "open nested values", "("),
		CloseNested:   bind(")", "close them again", ")"),

		Export:  bind("e", "export", "e"),
		PollNow: bind("p", "poll now", "p"),
		Help:    bind("?", "keys", "?"),
		Quit:    bind("q", "quit", "q", "ctrl+c"),
		Suspend: bind("ctrl+z", "suspend", "ctrl+z"),
		Redraw:  bind("ctrl+l", "redraw", "ctrl+l"),
	}
}

// enable switches bindings on or off.
func enable(on bool, bindings ...*key.Binding) {
	for _, b := range bindings {
		b.SetEnabled(on)
	}
}

// movement returns the movement that a pressed key asks for.
func (k keymap) movement(msg tea.KeyPressMsg) move.Move {
	for _, m := range []struct {
		binding key.Binding
		to      move.Move
	}{
		{k.PreviousItem, move.Left},
		{k.NextItem, move.Right},
		{k.Up, move.Up},
		{k.Down, move.Down},
		{k.Left, move.Left},
		{k.Right, move.Right},
		{k.FirstRow, move.FirstRow},
		{k.LastRow, move.LastRow},
		{k.FirstColumn, move.FirstColumn},
		{k.LastColumn, move.LastColumn},
		{k.PageDown, move.PageDown},
		{k.PageUp, move.PageUp},
		{k.HalfPageDown, move.HalfPageDown},
		{k.HalfPageUp, move.HalfPageUp},
	} {
		if key.Matches(msg, m.binding) {
			return m.to
		}
	}
	return move.None
}

// groups are all bindings, as help lists them.
func (k keymap) groups() []keyGroup {
	return []keyGroup{
		{"move", []key.Binding{
			k.Up, k.Down, k.Left, k.Right, k.FirstRow, k.LastRow, k.FirstColumn, k.LastColumn,
			k.PageDown, k.PageUp, k.HalfPageDown, k.HalfPageUp,
		}},
		{"look", []key.Binding{k.Open, k.OpenItems, k.LookInto, k.CloseDetail, k.Back, k.PreviousItem, k.NextItem, k.NextTab, k.PreviousTab, k.Tab}},
		{"find", []key.Binding{
			k.Search, k.Next, k.Previous, k.Keep, k.Filter, k.LiftFilter, k.Sort, k.SortAlso, k.NextEmpty, k.PreviousEmpty,
		}},
		{"columns", []key.Binding{
			k.JumpToColumn, k.HideColumn, k.ShowColumn, k.MoveLeft, k.MoveRight, k.Narrower, k.Wider, k.Fit,
			k.Freeze, k.MarkKey, k.OpenNested, k.CloseNested,
		}},
		{"take", []key.Binding{k.CopyCell, k.CopyItem, k.CopyError, k.OpenURL, k.Export}},
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
	return []key.Binding{k.Help, k.Open, k.OpenItems, k.LookInto, k.Back, k.Search, k.Keep, k.Filter, k.Sort, k.Export, k.CopyCell, k.CopyError, k.PollNow, k.Quit, k.NextTab, k.PreviousItem, k.NextItem, k.OpenURL}
}
