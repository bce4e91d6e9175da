package ui

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/query"
)

// judge is what the items are like, found out by a command once all of them are there.
type judge struct {
	profile *profile.Profile // nil until it is known
	work    job

	entries []entry // the lines of the tab of columns
	columns list
	pages   list
	// pageColumns are the columns of the tab of pages; pageFrom is the first of them that shows.
	pageColumns []int
	pageFrom    int
	layout      pageLayout
	// of are the findings about each column, the worst first.
	of       [][]profile.Finding
	detail   detail
	keyed    profile.Duplicates // items that share their key
	keyWork  job
	keyKnown bool
}

// profiledMsg is what all items are like.
type profiledMsg struct {
	generation int
	profile    *profile.Profile
}

// profileItems looks at all items, in the background.
func (a *App) profileItems() tea.Cmd {
	a.judge.profile = nil
	ctx, progress, generation := a.judge.work.begin(a.ctx, a.now, "looking at all items")
	items := a.watch.Items()
	return tea.Batch(func() tea.Msg {
		all, err := query.Profile(ctx, items, progress)
		if err != nil {
			return nil // the program ends, or there are newer items
		}
		return profiledMsg{generation, all}
	}, a.nextTick())
}

func (a *App) profiled(msg profiledMsg) {
	if !a.judge.work.done(msg.generation) {
		return
	}
	a.judge.profile = msg.profile
	a.judge.columns, a.judge.pages, a.judge.detail = list{}, list{}, detail{}
	a.listEntries()
	a.judge.pageColumns, a.judge.pageFrom = columnsOnPages(msg.profile), 0
	a.judge.of = make([][]profile.Finding, len(msg.profile.Columns))
	for _, f := range msg.profile.Findings {
		if f.Column >= 0 {
			a.judge.of[f.Column] = append(a.judge.of[f.Column], f)
		}
	}
	a.arrange()
}

// arrangeJudge lays out the tabs of columns and pages for the size of the screen.
func (a *App) arrangeJudge() {
	j := &a.judge
	if j.profile == nil {
		return
	}
	h := a.bodyHeight()
	j.columns.follow(len(j.entries), h-1)
	j.pages.follow(len(j.profile.Pages), h-1)
	j.layout = a.pageLayout(a.innerWidth() - 2)
	a.arrangeDetail()
}

// findings are what looks wrong, the worst first; none until it is known.
func (a *App) findings() []profile.Finding {
	if a.judge.profile == nil {
		return nil
	}
	return a.judge.profile.Findings
}

// lookingText says how far the look at all items has come.
func (a *App) lookingText() string {
	if a.loading || !a.watch.Over() {
		return "the items are looked at when all of them have come"
	}
	return "looking at all " + text.Counted(int64(a.watch.Items().Len()), "item") + " … " + percent(a.judge.work.progress.Share())
}

// keyedMsg are the items that share their key.
type keyedMsg struct {
	generation int
	duplicates profile.Duplicates
}

// findKeyed looks for items that have the same key, once all items are there.
func (a *App) findKeyed() tea.Cmd {
	a.judge.keyKnown = false
	a.judge.keyWork.stop()
	if a.judge.detail.entry.keyed {
		a.judge.detail = detail{}
	}
	a.listEntries()
	if !a.table.hasKey || !a.watch.Over() || a.table.items.Len() == 0 {
		return nil
	}
	ctx, progress, generation := a.judge.keyWork.begin(a.ctx, a.now, "looking for items with the same key")
	items, path := a.table.items, a.table.key
	return tea.Batch(func() tea.Msg {
		duplicates, err := query.Duplicates(ctx, items, path, progress)
		if err != nil {
			return nil
		}
		return keyedMsg{generation, duplicates}
	}, a.nextTick())
}

func (a *App) foundKeyed(msg keyedMsg) tea.Cmd {
	if !a.judge.keyWork.done(msg.generation) {
		return nil
	}
	a.judge.keyed, a.judge.keyKnown = msg.duplicates, true
	a.listEntries()
	return a.say(a.keyedText())
}

// keyedText tells whether the key is one.
func (a *App) keyedText() string {
	name := a.look.cut(columnName(a.table.key.Name()), 24)
	extra := a.judge.keyed.Extra()
	if extra == 0 {
		return name + " is the key: no two items share it"
	}
	sharing := text.Count(int64(extra+a.judge.keyed.Groups())) + " items"
	return name + " is the key, and " + sharing + " share theirs with another: Columns has them"
}
