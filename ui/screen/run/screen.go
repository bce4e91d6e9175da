// Package run is the screen of one run: live while it is under way, then what it brought, in tabs, or how it ended. There may
// be several such screens at once.
package run

import (
	"image"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/columns"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/screen/items"
	"sbwatch/ui/screen/pages"
	"sbwatch/ui/widget/pager"
	"sbwatch/ui/widget/table"
)

// Poller tells how the polls of a run go.
type Poller interface {
	// Watch returns what is known of the run. The same watch tells it at all times.
	Watch() *watch.Watch
	// IsLoading reports whether a saved answer is being read.
	IsLoading() bool
	// IsAsking reports whether a request is under way.
	IsAsking() bool
	// NextAt returns when the next request is sent; none while one is under way, or where none will be.
	NextAt() optional.Value[time.Time]
	// Silence returns how long a request has been without an answer, and whether that is long.
	Silence(now time.Time) (silence time.Duration, isLong bool)
}

// Messages about a run, from what polls it and for that.
type (
	// ChangedMsg says that something else is known of the run.
	ChangedMsg struct{}
	// ItemsArriveMsg says that items have come of an answer that is still arriving; Fits is nil where they are as before.
	ItemsArriveMsg struct{ Fits table.Fits }
	// ItemsCameMsg says that an answer has come, with its items.
	ItemsCameMsg struct{ Fits table.Fits }
	// PollNowMsg asks for a poll at once.
	PollNowMsg struct{}
)

// Config is what a screen of a run is made of.
type Config struct {
	Items items.Config
	// Source is the name of the saved answer; IsSaved reports that there is one.
	Source   text.Text
	IsSaved  bool
	Interval time.Duration
	Commands Commands
}

// Commands are the command lines that a screen proposes to its user, printable and quoted for a shell. Each may be empty:
// then there is nothing to propose.
type Commands interface {
	// Rerun dispatches the recipe of a watch again.
	Rerun(watch *watch.Watch) string
	// Watch shows a run.
	Watch(runID text.Text) string
	// Usage shows the account.
	Usage() string
}

// status is what is known of a run, and how it is put.
type status struct {
	env    screen.RunEnv
	config Config
	poll   Poller
	watch  *watch.Watch
}

// screenKind is what a screen of a run shows.
type screenKind int

const (
	// screenLive: the run is under way, or not known yet.
	screenLive screenKind = iota
	// screenResults: there are items to browse, or a completed run or a saved answer without any.
	screenResults
	// screenOutcome: the run, or the watch, ended badly and left nothing to browse.
	screenOutcome
)

// kind follows from what is known of the run alone.
func (s *status) kind() screenKind {
	switch {
	case s.watch.Items().Len() > 0 || s.watch.Phase() == watch.PhaseEnded && !endedBadly(s.watch.Run()):
		return screenResults
	case s.watch.Over():
		return screenOutcome
	default:
		return screenLive
	}
}

// Screen shows one run: live, then what it brought, in tabs, or how it ended. There may be several at once.
type Screen struct {
	status

	head     []string // what stands above the tabs, and their names
	tab      tab
	items    *items.Tab
	columns  columns.Tab
	pages    pages.Tab
	warnings pager.Pager
	raw      pager.Pager
	outcome  pager.Pager
}

// New makes the screen of the run that poll tells of.
func New(env screen.RunEnv, config Config, poll Poller) *Screen {
	s := &Screen{status: status{env: env, config: config, poll: poll, watch: poll.Watch()}}
	s.items = items.New(env, config.Items)
	s.columns = columns.New(env)
	s.pages = pages.New(env)
	if first := s.watch.Items(); first.Len() > 0 {
		s.setItems(table.FitColumns(env.Painter, first, table.FitFirst))
	}
	s.arrange()
	return s
}

// Place returns the body of the screen.
func (s *Screen) Place() screen.Place { return screen.PlaceBody }

// Header returns the line at the top of the screen.
func (s *Screen) Header(w int) string { return s.header(w) }

// Update handles a message about the run.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case nil:
	case screen.ResizedMsg:
		s.arrange()
		return s.items.LayOutLargeItem()
	case screen.ClockMsg:
		s.arrangeHead()
	case ChangedMsg:
		s.arrange()
		return s.items.AskLayout()
	case ItemsArriveMsg:
		return s.itemsArrive(msg)
	case ItemsCameMsg:
		return s.itemsCame(msg)
	case finding.ShowItemsMsg:
		s.goTo(tabItems)
		return s.items.ShowOnly(msg.Filter, msg.Column)
	case columns.ShowPageMsg:
		s.goTo(tabPages)
		s.pages.SelectPage(msg.Page)
	case items.KeyMarkedMsg:
		return s.columns.SetKey(s.items.Table().Key())
	case columns.ProfiledMsg:
		return s.profiled(msg)
	default:
		return tea.Batch(s.items.Update(msg), s.columns.Update(msg))
	}
	return nil
}

// setItems takes over the items that there are by now.
func (s *Screen) setItems(fits table.Fits) {
	s.columns.SetItems(s.watch.Items(), s.isComplete())
	s.items.SetItems(s.watch.Items(), fits)
	s.sync()
}

// isComplete reports that no more items will come.
func (s *Screen) isComplete() bool { return s.watch.Over() && !s.poll.IsLoading() }

// sync tells the tabs what they use of the run.
func (s *Screen) sync() {
	s.items.SetRun(s.watch.RecipeID(), s.watch.RunID(), s.isComplete())
	s.columns.SetItems(s.watch.Items(), s.isComplete())
}

// itemsArrive shows items while their answer arrives.
func (s *Screen) itemsArrive(msg ItemsArriveMsg) tea.Cmd {
	s.setItems(msg.Fits)
	s.arrangeHead()
	s.items.Arrange()
	return s.items.Arrive()
}

// itemsCame shows the items of an answer, and begins what waits for all items to be there.
func (s *Screen) itemsCame(msg ItemsCameMsg) tea.Cmd {
	s.setItems(msg.Fits)
	var cmds []tea.Cmd
	if s.watch.Over() && s.kind() == screenResults {
		s.pages.SetProfile(nil, nil)
		cmds = []tea.Cmd{
			s.items.Complete(), s.columns.ProfileItems(), s.columns.SetKey(s.items.Table().Key()),
		}
	}
	s.arrange()
	return tea.Batch(append(cmds, s.items.AskLayout())...)
}

// profiled shows what the items are like.
func (s *Screen) profiled(msg columns.ProfiledMsg) tea.Cmd {
	if !s.columns.Profiled(msg) {
		return nil
	}
	s.pages.SetProfile(s.columns.Profile())
	s.arrange()
	return nil
}

// arrange lays out anew what depends on the size, the styles or the data, so that View has only to read it.
func (s *Screen) arrange() {
	s.sync()
	if s.env.Frame.IsTooSmall {
		return // what showed before shows again when there is room
	}
	w := s.env.Frame.Body.Dx()
	s.arrangeHead()
	s.warnings.SetLines(s.warningLines(w))
	s.raw.SetLines(rawLines(s.env.Painter, s.watch, w))
	s.outcome.SetLines(outcomeView{&s.status}.lines(w))
	s.columns.Arrange()
	s.pages.Arrange()
	s.items.Arrange()
}

// arrangeHead draws what stands above the tabs, and gives them what is left of the screen.
func (s *Screen) arrangeHead() {
	if s.env.Frame.IsTooSmall {
		return
	}
	if s.kind() == screenResults {
		s.head = resultsHead{&s.status, s.tab, s.columns.Findings()}.lines(s.env.Frame.Body.Dx())
	}
	area := s.area()
	s.items.SetArea(area)
	s.columns.SetArea(area)
	s.pages.SetArea(area)
}

// area returns the part of the screen that scrolls: at least one line.
func (s *Screen) area() image.Rectangle {
	area := s.env.Frame.Body
	if s.kind() == screenResults {
		_, area = layout.Below(area, len(s.head))
	}
	area.Max.Y = max(area.Max.Y, area.Min.Y+1)
	return area
}

// View draws the run.
func (s *Screen) View(area image.Rectangle) []string {
	w, h := area.Dx(), area.Dy()
	switch kind := s.kind(); {
	case s.env.Frame.IsTooSmall:
		return s.tooSmallLines(w)
	case kind == screenResults:
		return append(slices.Clip(s.head), s.tabView()...)
	case kind == screenOutcome:
		return s.outcome.View(h)
	default:
		return liveView{&s.status}.view(w, h)
	}
}

// tabView draws the open tab.
func (s *Screen) tabView() []string {
	p, area := s.env.Painter, s.area()
	switch {
	case s.tab == tabItems && s.watch.Items().Len() == 0:
		return append([]string{""}, s.nothingToShow(area.Dx())...)
	case s.tab == tabItems:
		return s.items.View()
	case s.tab == tabColumns:
		return s.columns.View()
	case s.tab == tabPages && !s.pages.IsKnown():
		return []string{"", p.Muted.Render(p.Cut(s.columns.WaitingText(), area.Dx()))}
	case s.tab == tabPages:
		return s.pages.View()
	case s.tab == tabWarnings:
		return s.warnings.View(s.env.Frame.Body.Dy() - len(s.head))
	default:
		return s.raw.View(s.env.Frame.Body.Dy() - len(s.head))
	}
}

// tooSmallLines say kindly that there is no room, and what matters most all the same.
func (s *status) tooSmallLines(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	mark, style := s.badge()
	lines := []string{
		style.Render(p.Cut(mark+" "+s.statusText(), w)),
		p.Cut(countedOr(run.Pages, "page")+"  "+countedOr(run.Items, "item"), w),
		"",
	}
	words := "This window is too small for the dashboard: it needs 60x20 cells."
	if !s.watch.Over() {
		words += " The watch goes on."
	}
	return append(lines, draw.Styled(p.Muted, p.Wrap(words+" q leaves.", w))...)
}

// Position describes where the cursor is.
func (s *Screen) Position() string {
	h := s.area().Dy()
	switch kind := s.kind(); {
	case kind == screenOutcome:
		return s.outcome.Position(h)
	case kind != screenResults:
		return ""
	}
	switch s.tab {
	case tabItems, tabs:
		return s.items.Position()
	case tabColumns:
		return s.columns.Position()
	case tabPages:
		return s.pages.Position()
	case tabWarnings:
		return s.warnings.Position(h)
	case tabRaw:
		return s.raw.Position(h)
	}
	return ""
}

// jobs returns all work that may go on.
func (s *Screen) jobs() []*screen.Job {
	key, all := s.columns.Jobs()
	return append(s.items.Jobs(), key, s.items.Exporting(), all)
}

// StopWork ends the work that goes on.
func (s *Screen) StopWork() {
	for _, job := range s.jobs() {
		job.Stop()
	}
}

// IsWorking reports whether work goes on.
func (s *Screen) IsWorking() bool {
	return slices.ContainsFunc(s.jobs(), (*screen.Job).Runs)
}

// Work tells what work has gone on for some time, and how far it is.
func (s *Screen) Work() string {
	for _, job := range s.jobs() {
		if text := job.Text(s.env.Now); text != "" {
			return text
		}
	}
	return ""
}

// Actions lists what the user can do.
func (s *Screen) Actions() action.Table {
	if s.env.Frame.IsTooSmall {
		return s.actions()
	}
	switch s.kind() {
	case screenResults:
		return append(s.tabActions(), s.actions()...)
	case screenOutcome:
		return append(action.Moves(s.move, true, false), s.actions()...)
	case screenLive:
	}
	return s.actions()
}

// tabActions lists the actions of the open tab.
func (s *Screen) tabActions() action.Table {
	switch s.tab {
	case tabItems:
		return s.items.Actions()
	case tabColumns:
		return s.columns.Actions()
	case tabPages:
		return s.pages.Actions()
	case tabWarnings, tabRaw, tabs:
	}
	return action.Moves(s.move, true, false)
}

// move scrolls a text.
func (s *Screen) move(m cursor.Move) tea.Cmd {
	text := &s.outcome
	if s.kind() == screenResults {
		text = &s.raw
		if s.tab == tabWarnings {
			text = &s.warnings
		}
	}
	text.Move(m, s.area().Dy())
	return nil
}

// actions lists the actions that do not depend on the open tab.
func (s *Screen) actions() action.Table {
	inResults := s.kind() == screenResults && !s.env.Frame.IsTooSmall
	back, can := s.back()
	table := action.Table{
		{ID: "back", Group: action.GroupView, Title: back.Title, Keys: []string{"esc"}, Rank: 5, Enabled: can, Run: back.Run},
		{
			ID: "tab.next", Group: action.GroupView, Title: "next tab", Keys: []string{"tab"}, Rank: 15, Enabled: inResults,
			Run: action.Do(func() { s.goTo((s.tab + 1) % tabs) }),
		},
		{
			ID: "tab.previous", Group: action.GroupView, Title: "previous tab", Keys: []string{"shift+tab"}, Enabled: inResults,
			Run: action.Do(func() { s.goTo((s.tab + tabs - 1) % tabs) }),
		},
	}
	for i, name := range tabNames() {
		table = append(table, action.Action{
			ID: "tab." + name, Group: action.GroupView, Title: "that tab", Keys: []string{strconv.Itoa(i + 1)}, Enabled: inResults,
			Run: action.Do(func() { s.goTo(tab(i)) }),
		})
	}
	return append(table,
		action.Action{
			ID: "copy.error", Group: action.GroupExport, Title: "copy the error", Keys: []string{"y"}, Rank: 12,
			Enabled: s.kind() == screenOutcome && s.errorText() != "",
			Run:     func() tea.Cmd { return screen.Copy(s.env.Env, "the error", s.errorText()) },
		},
		action.Action{
			ID: "poll", Group: action.GroupWatch, Title: "poll now", Keys: []string{"p"}, Rank: 13,
			WhileCovered: true, Enabled: s.canPoll(), Run: func() tea.Cmd { return s.env.Send(PollNowMsg{}) },
		},
	)
}

// back returns what is to be taken back next: in the open tab, else an export. There may be nothing.
func (s *Screen) back() (screen.Step, bool) {
	if s.kind() == screenResults {
		switch s.tab {
		case tabItems:
			return s.items.Back()
		case tabColumns:
			if step, found := s.columns.Back(); found {
				return step, true
			}
		case tabPages, tabWarnings, tabRaw, tabs:
		}
	}
	return s.items.BackFromExport()
}

// canPoll reports whether there is a request that could be sent at once.
func (s *Screen) canPoll() bool {
	request := s.watch.NextRequest()
	if s.poll.IsLoading() || request == watch.RequestNone || s.watch.Phase() == watch.PhaseEnded {
		return false
	}
	return request == watch.RequestPoll || !s.poll.IsAsking()
}

func (s *Screen) goTo(t tab) {
	s.tab = t
	s.arrangeHead()
}

// IsExporting reports whether a file is being written.
func (s *Screen) IsExporting() bool { return s.items.Exporting().Runs() }

// Flush returns the command that saves what is not saved yet; nil where all is.
func (s *Screen) Flush() tea.Cmd { return s.items.Flush() }

// Items returns the tab of items.
func (s *Screen) Items() *items.Tab { return s.items }

// Columns returns the tab of columns.
func (s *Screen) Columns() *columns.Tab { return &s.columns }

// Pages returns the tab of pages.
func (s *Screen) Pages() *pages.Tab { return &s.pages }

// tabNames returns the names of the tabs, in their order.
func tabNames() [tabs]string { return [tabs]string{"items", "columns", "pages", "warnings", "raw"} }

// Tab returns the name of the open tab.
func (s *Screen) Tab() string { return tabNames()[s.tab] }
