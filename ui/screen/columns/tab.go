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

// Tab profiles the items of a run in a command and lists the columns, the worst findings first.
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

// Update handles the results of commands.
func (t *Tab) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case keyedMsg:
		return t.foundKeyed(msg)
	default:
		return nil
	}
}

// SetItems sets the current items.
func (t *Tab) SetItems(items item.Table, isComplete bool) {
	if items.Len() < t.items.Len() {
		t.keyKnown = false
	}
	t.items, t.isComplete = items, isComplete
}

// SetKey sets the unique key of the items and looks for duplicates.
func (t *Tab) SetKey(key optional.Value[item.Path]) tea.Cmd {
	t.key = key
	return t.findKeyed()
}

// ProfiledMsg holds the profile of all items.
type ProfiledMsg struct {
	generation int
	profile    *profile.Profile
}

// ProfileItems profiles all items in a command.
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

// Profiled takes a profile. It reports whether it is the newest.
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

// SetArea sets the area of the tab on the screen.
func (t *Tab) SetArea(area image.Rectangle) { t.area = area }

// Arrange lays out the tab.
func (t *Tab) Arrange() {
	if t.profile == nil {
		return
	}
	t.list.Follow(t.area.Dy() - 1)
	t.arrangeDetail()
}

// Findings returns the findings, the worst first. There are none before the profile is known.
func (t *Tab) Findings() []profile.Finding {
	if t.profile == nil {
		return nil
	}
	return t.profile.Findings
}

// WaitingText returns what is shown before the profile is known.
func (t *Tab) WaitingText() string {
	if !t.isComplete {
		return "the items are looked at when all of them have come"
	}
	return "looking at all " + text.Counted(int64(t.items.Len()), "item") + " … " + screen.Percent(t.work.Progress.Share())
}

// keyedMsg holds the items with equal keys.
type keyedMsg struct {
	generation int
	duplicates profile.Duplicates
}

// findKeyed looks for items with equal keys once all items are there.
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

// keyedText says whether the key is unique.
func (t *Tab) keyedText() string {
	name := t.env.Painter.Cut(cell.Name(t.key.Or(item.Path{}).Name()), 24)
	extra := t.duplicates.Extra()
	if extra == 0 {
		return name + " is the key: no two items share it"
	}
	sharing := text.Count(int64(extra+t.duplicates.Groups())) + " items"
	return name + " is the key, and " + sharing + " share theirs with another: Columns has them"
}

// Jobs returns the jobs: looking for equal keys, and profiling.
func (t *Tab) Jobs() (key, all *screen.Job) { return &t.keyWork, &t.work }

// Profile returns the profile and the findings about each column, nil before it is known.
func (t *Tab) Profile() (*profile.Profile, [][]profile.Finding) { return t.profile, t.of }

// Duplicates returns the items with equal keys. It reports whether they are known.
func (t *Tab) Duplicates() (profile.Duplicates, bool) { return t.duplicates, t.keyKnown }

// Selected returns what the cursor is on: a finding about all items or, if it is nil, a column.
func (t *Tab) Selected() (about *profile.Finding, column int) {
	e := t.entries[t.list.Cursor()]
	return e.finding, e.column
}

// SelectedDetail returns the cursor's line of the details. It reports whether they are open.
func (t *Tab) SelectedDetail() (line string, isOpen bool) {
	if !t.detail.open {
		return "", false
	}
	return t.detail.lines[t.detail.list.Cursor()].text, true
}
