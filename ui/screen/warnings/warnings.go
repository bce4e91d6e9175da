// Package warnings implements the Warnings tab, which lists the notices of sbwatch and the warnings of the service.
package warnings

import (
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/tree"
)

// Entry is a notice or a warning.
type Entry struct {
	// Text is the text to copy and to search, such as the warning as it was sent.
	Text string
	// Lines is the text as it is drawn, with tree.MarkerWidth cells less than the tab. Details are further lines, which are
	// hidden if there is too little room.
	Lines, Details []string
	// Place is the column that the entry is about. It is unknown if the entry is not about a column.
	Place optional.Value[item.Place]
	// IsNotice reports whether the entry is a notice of sbwatch. Otherwise, it is a warning of the service.
	IsNotice bool
	// HasGap reports whether an empty line separates the entry from the next one.
	HasGap bool
}

// List is the content of the tab.
type List struct {
	Entries []Entry
	// More are further warnings, which are copied but not listed, because there are too many.
	More []text.Text
	// Tail are lines below the entries. MoreTail are further lines, which are hidden if there is too little room.
	Tail, MoreTail []string
}

// Tab is the Warnings tab of a run.
type Tab struct {
	env    screen.RunEnv
	show   func(column item.Place) tea.Cmd
	area   image.Rectangle
	list   List
	tree   tree.Tree
	find   screen.Find
	opened map[string]bool // texts of the entries whose details the user has opened
	isRoom bool            // there is enough room for all details
}

// New returns the tab for a run. The function show shows a column in the Columns tab.
func New(env screen.RunEnv, show func(column item.Place) tea.Cmd) Tab {
	return Tab{env: env, show: show, opened: map[string]bool{}}
}

// SetArea sets the area that the tab draws in.
func (t *Tab) SetArea(area image.Rectangle) { t.area = area }

// SetList sets the content of the tab, which must be laid out for the width of its area. The cursor stays on its entry,
// or on the entry with the same number if no entry has the same text.
func (t *Tab) SetList(list List) {
	at, known := t.entry()
	t.list = list
	t.arrange()
	if now, _ := t.entry(); known && now.Text != at.Text {
		if i := slices.IndexFunc(list.Entries, func(e Entry) bool { return e.Text == at.Text }); i >= 0 {
			t.tree.Select(i, t.area.Dy())
		}
	}
	t.find.Refresh(t.rows())
}

// arrange lays out the lines of the entries.
func (t *Tab) arrange() {
	height := len(t.list.Tail) + len(t.list.MoreTail)
	for _, e := range t.list.Entries {
		height += len(t.lines(e, true))
	}
	t.isRoom = height <= t.area.Dy()
	blocks := make([][]string, len(t.list.Entries))
	for i, e := range t.list.Entries {
		blocks[i] = t.lines(e, t.isRoom || t.opened[e.Text])
	}
	l := tree.Blocks(blocks)
	l.Add(t.list.Tail)
	if t.isRoom {
		l.Add(t.list.MoreTail)
	}
	t.tree.SetLayout(l)
	t.tree.Follow(t.area.Dy())
}

// lines returns the lines of an entry, with its details if isOpen is true.
func (t *Tab) lines(e Entry, isOpen bool) []string {
	lines := slices.Clone(e.Lines)
	if isOpen {
		lines = append(lines, e.Details...)
	}
	if e.HasGap {
		lines = append(lines, "")
	}
	return lines
}

// entry returns the entry at the cursor. It returns false if there are no entries.
func (t *Tab) entry() (Entry, bool) {
	if len(t.list.Entries) == 0 {
		return Entry{}, false
	}
	return t.list.Entries[t.tree.Cursor()], true
}

// Actions lists the available actions.
func (t *Tab) Actions() action.Table {
	e, known := t.entry()
	place, hasColumn := e.Place.Get()
	canFold := !t.isRoom && len(e.Details) > 0
	one := func(id string, group action.Group, title string, keys []string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "warnings." + id, Group: group, Title: title, Keys: keys, Rank: rank, Enabled: enabled, Run: run}
	}
	table := append(action.Moves(t.move, known, false),
		one("column", action.GroupView, "show column", []string{"enter"}, 2, hasColumn, func() tea.Cmd { return t.show(place) }),
		one("details", action.GroupView, "details", []string{"l", "right"}, 3, canFold && !t.opened[e.Text], action.Do(func() { t.open(e, true) })),
		one("hide-details", action.GroupView, "hide details", []string{"h", "left"}, 3, canFold && t.opened[e.Text], action.Do(func() { t.open(e, false) })),
		one("copy", action.GroupExport, "copy", []string{"y"}, 11, known, func() tea.Cmd { return screen.Copy(t.env.Env, "", e.Text) }),
		one("copy-all", action.GroupExport, "copy all", []string{"Y"}, 12, known, t.copyAll),
	)
	return append(table, t.find.Actions(t.env.Env, t.rows, known)...)
}

// open shows or hides the details of an entry.
func (t *Tab) open(e Entry, isOpen bool) {
	t.opened[e.Text] = isOpen
	t.arrange()
}

// copyAll copies the texts of all notices and warnings, one below the other.
func (t *Tab) copyAll() tea.Cmd {
	var all []string
	notices := 0
	for _, e := range t.list.Entries {
		all = append(all, e.Text)
		if e.IsNotice {
			notices++
		}
	}
	for _, warning := range t.list.More {
		all = append(all, warning.Raw())
	}
	var what []string
	if notices > 0 {
		what = append(what, text.Counted(int64(notices), "notice"))
	}
	if warnings := len(all) - notices; warnings > 0 {
		what = append(what, text.Counted(int64(warnings), "warning"))
	}
	return screen.Copy(t.env.Env, strings.Join(what, " and "), strings.Join(all, "\n"))
}

// rows returns the entries to search.
func (t *Tab) rows() screen.FindIn {
	return screen.FindIn{
		Len: len(t.list.Entries), Cursor: t.tree.Cursor(),
		Matches: func(row int, q search.Query) bool { return len(q.Spans(t.list.Entries[row].Text)) > 0 },
		Select:  func(row int) { t.tree.Select(row, t.area.Dy()) },
	}
}

// Back returns the step that clears the search. It returns false if there is no search.
func (t *Tab) Back() (screen.Step, bool) { return t.find.Back() }

func (t *Tab) move(m cursor.Move) tea.Cmd {
	t.tree.Move(m, t.area.Dy())
	return nil
}

// Mouse handles an event of the mouse. A double click on an entry about a column shows the column.
func (t *Tab) Mouse(m screen.Mouse) tea.Cmd {
	h := t.area.Dy()
	if m.Kind == screen.MouseWheel {
		t.tree.Scroll(m.Wheel.Y, h)
		return nil
	}
	i, found := t.tree.FieldAt(m.At.Y-t.area.Min.Y, h)
	if !m.IsClick() || !found || i >= len(t.list.Entries) {
		return nil
	}
	t.tree.Select(i, h)
	if place, hasColumn := t.list.Entries[i].Place.Get(); hasColumn && m.Kind == screen.MouseDouble {
		return t.show(place)
	}
	return nil
}

// View draws the tab.
func (t *Tab) View() []string { return t.tree.View(t.env.Painter, t.area.Dy(), true) }

// Position returns the position of the cursor for the footer. During a search, it also returns the position among the
// matches.
func (t *Tab) Position() string {
	if len(t.list.Entries) == 0 {
		return ""
	}
	position := cursor.Of(t.tree.Cursor()+1, len(t.list.Entries))
	if count := t.find.Count(t.env.Painter, t.tree.Cursor()); count != "" {
		return count + " · " + position
	}
	return position
}
