// Package columns is the tab that tells what the columns of a run's items are like: whether every column is there, and holds
// what it should.
package columns

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/list"
)

// Tab is the tab that tells what the columns of a run's items are like, found out by a command once all items are
// there: it profiles the items, and lists the columns, what looks wrong first.
type Tab struct {
	env  screen.RunEnv
	area image.Rectangle

	items item.Table
	// isComplete reports that no more items will come.
	isComplete bool
	// key is the column that tells items apart.
	key optional.Value[item.Path]

	profile *profile.Profile // nil until it is known
	work    screen.Job

	entries []entry // the lines of the tab
	list    list.List
	// of are the findings about each column, the worst first.
	of         [][]profile.Finding
	detail     detail
	duplicates profile.Duplicates // items that share their key
	keyWork    screen.Job
	keyKnown   bool
}

// New makes the tab of a run.
func New(env screen.RunEnv) Tab { return Tab{env: env} }

// ShowPageMsg asks for a page in the tab of pages.
type ShowPageMsg struct{ Page int }

// Update handles what commands have found out.
func (t *Tab) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case keyedMsg:
		return t.foundKeyed(msg)
	default:
		return nil
	}
}

// SetItems sets the items that there are by now.
func (t *Tab) SetItems(items item.Table, isComplete bool) {
	if items.Len() < t.items.Len() {
		t.keyKnown = false
	}
	t.items, t.isComplete = items, isComplete
}

// SetKey sets the column that tells items apart, and looks for items that have the same.
func (t *Tab) SetKey(key optional.Value[item.Path]) tea.Cmd {
	t.key = key
	return t.findKeyed()
}

// ProfiledMsg is what all items are like.
type ProfiledMsg struct {
	generation int
	profile    *profile.Profile
}

// ProfileItems looks at all items, in the background.
func (t *Tab) ProfileItems() tea.Cmd {
	t.profile = nil
	ctx, progress, generation := t.work.Begin(t.env.Env, "looking at all items")
	items := t.items
	return t.env.Cmd(func() tea.Msg {
		all, err := query.Profile(ctx, items, progress)
		if err != nil {
			return nil // the program ends, or there are newer items
		}
		return ProfiledMsg{generation, all}
	})
}

// Profiled takes over what the items are like. It reports whether that is news.
func (t *Tab) Profiled(msg ProfiledMsg) bool {
	if !t.work.Done(msg.generation) {
		return false
	}
	t.profile = msg.profile
	t.list, t.detail = list.List{}, detail{}
	t.listEntries()
	t.of = make([][]profile.Finding, len(msg.profile.Columns))
	for _, f := range msg.profile.Findings {
		if f.Column >= 0 {
			t.of[f.Column] = append(t.of[f.Column], f)
		}
	}
	return true
}

// SetArea sets where the tab stands on the screen.
func (t *Tab) SetArea(area image.Rectangle) { t.area = area }

// Arrange lays the tab out for its area.
func (t *Tab) Arrange() {
	if t.profile == nil {
		return
	}
	t.list.Follow(t.area.Dy() - 1)
	t.arrangeDetail()
}

// Findings are what looks wrong, the worst first; none until it is known.
func (t *Tab) Findings() []profile.Finding {
	if t.profile == nil {
		return nil
	}
	return t.profile.Findings
}

// WaitingText says how far the look at all items has come.
func (t *Tab) WaitingText() string {
	if !t.isComplete {
		return "the items are looked at when all of them have come"
	}
	return "looking at all " + text.Counted(int64(t.items.Len()), "item") + " … " + screen.Percent(t.work.Progress.Share())
}

// keyedMsg are the items that share their key.
type keyedMsg struct {
	generation int
	duplicates profile.Duplicates
}

// findKeyed looks for items that have the same key, once all items are there.
func (t *Tab) findKeyed() tea.Cmd {
	t.keyKnown = false
	t.keyWork.Stop()
	if t.detail.entry.isKey {
		t.detail = detail{}
	}
	t.listEntries()
	path, hasKey := t.key.Get()
	if !hasKey || !t.isComplete || t.items.Len() == 0 {
		return nil
	}
	ctx, progress, generation := t.keyWork.Begin(t.env.Env, "looking for items with the same key")
	items := t.items
	return t.env.Cmd(func() tea.Msg {
		duplicates, err := query.Duplicates(ctx, items, path, progress)
		if err != nil {
			return nil
		}
		return keyedMsg{generation, duplicates}
	})
}

func (t *Tab) foundKeyed(msg keyedMsg) tea.Cmd {
	if !t.keyWork.Done(msg.generation) {
		return nil
	}
	t.duplicates, t.keyKnown = msg.duplicates, true
	t.listEntries()
	return t.env.Say(t.keyedText())
}

// keyedText tells whether the key is one.
func (t *Tab) keyedText() string {
	name := t.env.Painter.Cut(cell.Name(t.key.Or(item.Path{}).Name()), 24)
	extra := t.duplicates.Extra()
	if extra == 0 {
		return name + " is the key: no two items share it"
	}
	sharing := text.Count(int64(extra+t.duplicates.Groups())) + " items"
	return name + " is the key, and " + sharing + " share theirs with another: Columns has them"
}

// Jobs returns the work that may go on: looking for items with the same key, and at all items.
func (t *Tab) Jobs() (key, all *screen.Job) { return &t.keyWork, &t.work }

// Profile returns what the items are like, with the findings about each column; nil until it is known.
func (t *Tab) Profile() (*profile.Profile, [][]profile.Finding) { return t.profile, t.of }

// Duplicates returns the items that share their key; false until that is known.
func (t *Tab) Duplicates() (profile.Duplicates, bool) { return t.duplicates, t.keyKnown }

// Selected returns what the cursor is on: a finding about all items or, where it is nil, a column of the profile.
func (t *Tab) Selected() (about *profile.Finding, column int) {
	e := t.entries[t.list.Cursor()]
	return e.finding, e.column
}

// SelectedDetail returns the line of the open profile that the cursor is on; false where none is open.
func (t *Tab) SelectedDetail() (line string, isOpen bool) {
	if !t.detail.open {
		return "", false
	}
	return t.detail.lines[t.detail.list.Cursor()].text, true
}
