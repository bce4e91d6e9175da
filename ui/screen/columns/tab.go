// Package columns implements the Columns tab. It profiles the items of a run and shows for each column how many items
// have a value and what the values are. Suspicious columns come first.
//
// Once all items have arrived, the command of [Tab.ProfileItems] profiles them and sends [ProfiledMsg].
package columns

import (
	"image"
	"maps"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/numeral"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/list"
)

// Tab is the Columns tab of a run. A command profiles the items once all have arrived; the tab then lists the columns,
// suspicious ones first.
type Tab struct {
	env  screen.RunEnv
	area image.Rectangle

	items item.Table
	// isComplete reports whether all items have arrived.
	isComplete bool
	// key is the column that the user has marked as the unique key.
	key optional.Value[item.Path]

	formats formats

	profile *profile.Profile // nil until the items are profiled
	work    screen.Job

	entries []entry // the lines of the tab
	list    list.List
	sorting sorting
	find    screen.Find
	// byColumn holds the findings about each column, the most severe first.
	byColumn   [][]profile.Finding
	detail     detail
	duplicates profile.Duplicates // items with the same unique key
	keyWork    screen.Job
	keyKnown   bool
	// changes are the differences from earlier runs of the recipe.
	changes []baseline.Change
}

// New returns the tab for a run.
func New(env screen.RunEnv) Tab { return Tab{env: env} }

// Update handles the results of the tab's commands.
func (t *Tab) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case keyedMsg:
		return t.foundKeyed(msg)
	default:
		return nil
	}
}

// SetItems sets the items that have arrived so far.
func (t *Tab) SetItems(items item.Table, isComplete bool) {
	if items.Len() < t.items.Len() {
		t.keyKnown = false
	}
	t.items, t.isComplete = items, isComplete
}

// SetFormats sets the number format of each column for which the user has chosen one.
func (t *Tab) SetFormats(formats map[item.Path]numeral.Format) {
	if !maps.Equal(formats, t.formats) {
		t.formats = formats
		t.arrangeDetail()
	}
}

// SetKey sets the unique-key column. It returns a command that looks for items with the same value in this column.
func (t *Tab) SetKey(key optional.Value[item.Path]) tea.Cmd {
	t.key = key
	return t.findKeyed()
}

// ProfiledMsg carries the profile of all items.
type ProfiledMsg struct {
	generation int
	profile    *profile.Profile
}

// ProfileItems returns a command that profiles all items. The command also fills the cache with the columns at paths,
// so that later queries of these columns are fast.
func (t *Tab) ProfileItems(paths []item.Path, cache *query.Cache) tea.Cmd {
	t.profile = nil
	ctx, progress, generation := t.work.Begin(t.env.Env, "profiling all items")
	items := t.items
	return t.env.Cmd(func() tea.Msg {
		all, err := query.ProfileAndPrepare(ctx, items, paths, cache, progress)
		if err != nil {
			return nil // the program is quitting, or newer items have arrived
		}
		return ProfiledMsg{generation, all}
	})
}

// Profiled stores the profile of msg and returns true. If the profile is outdated, Profiled ignores it and returns
// false.
func (t *Tab) Profiled(msg ProfiledMsg) bool {
	if !t.work.Done(msg.generation) {
		return false
	}
	t.profile = msg.profile
	t.list, t.detail = list.List{}, detail{}
	t.listEntries()
	t.byColumn = make([][]profile.Finding, len(msg.profile.Columns))
	for _, f := range msg.profile.Findings {
		if f.Column >= 0 {
			t.byColumn[f.Column] = append(t.byColumn[f.Column], f)
		}
	}
	return true
}

// SetArea sets the area that the tab draws in.
func (t *Tab) SetArea(area image.Rectangle) { t.area = area }

// Arrange rebuilds the tab for its area.
func (t *Tab) Arrange() {
	if t.profile == nil {
		return
	}
	t.list.Follow(t.area.Dy() - 1)
	t.arrangeDetail()
}

// Findings returns the findings, the most severe first. It returns nil if the items are not profiled yet.
func (t *Tab) Findings() []profile.Finding {
	if t.profile == nil {
		return nil
	}
	return t.profile.Findings
}

// WaitingText returns a line about the progress of the profiling, such as "profiling 61 items … 40 %".
func (t *Tab) WaitingText() string {
	if !t.isComplete {
		return "columns are profiled when all items have arrived"
	}
	return "profiling " + text.Counted(int64(t.items.Len()), "item") + " … " + screen.Percent(t.work.Progress.Share())
}

// keyedMsg carries the duplicates: items whose value in the unique-key column is also the value of another item.
type keyedMsg struct {
	generation int
	duplicates profile.Duplicates
}

// findKeyed returns a command that looks for items with the same value in the unique-key column. It returns nil until
// all items have arrived.
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
	ctx, progress, generation := t.keyWork.Begin(t.env.Env, "checking for duplicate keys")
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
	return t.env.Say(keyedText(t))
}

// keyedText returns a line that says whether all values of the unique key are distinct.
func keyedText(t *Tab) string {
	name := t.env.Painter.Cut(cell.Name(t.key.Or(item.Path{}).Name()), maxNameWidth)
	extra := t.duplicates.Extra()
	if extra == 0 {
		return name + " is unique"
	}
	sharing := text.Count(int64(extra+t.duplicates.Groups())) + " items"
	return name + " is not unique: " + sharing + " have repeated values (see the Columns tab)"
}

// Jobs returns the tab's background jobs: the search for duplicate keys, and the profile of all items.
func (t *Tab) Jobs() (key, all *screen.Job) { return &t.keyWork, &t.work }

// Profile returns the profile of the items and the findings about each column. It returns nil if the items are not
// profiled yet.
func (t *Tab) Profile() (*profile.Profile, [][]profile.Finding) { return t.profile, t.byColumn }

// Duplicates returns the items with the same value in the unique-key column. It returns false if these items are not
// known yet.
func (t *Tab) Duplicates() (profile.Duplicates, bool) { return t.duplicates, t.keyKnown }

// Selected returns the finding at the cursor. If the cursor is on a column, finding is nil and column is the index of
// the column.
func (t *Tab) Selected() (finding *profile.Finding, column int) {
	e := t.entries[t.list.Cursor()]
	return e.finding, e.column
}

// SelectedDetail returns the text of the line at the cursor in the open profile. isOpen is false if no profile is open.
func (t *Tab) SelectedDetail() (line string, isOpen bool) {
	if !t.detail.open {
		return "", false
	}
	return t.detail.lines[t.detail.list.Cursor()].text, true
}
