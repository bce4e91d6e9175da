// Package run implements the screen of one run. While the run is active, the screen shows live counters. Afterwards it
// shows the results in tabs or, if there are none, an explanation of what went wrong.
//
// [Screen] owns the tabs and reads the state of the run from a [Poller]. Several screens may exist at once.
package run

import (
	"cmp"
	"image"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/checks"
	"sbwatch/ui/screen/columns"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/items"
	"sbwatch/ui/screen/pages"
	"sbwatch/ui/screen/raw"
	"sbwatch/ui/screen/warnings"
	"sbwatch/ui/widget/pager"
	"sbwatch/ui/widget/table"
)

// Poller provides the state of a run and of its polls.
type Poller interface {
	// Watch returns the state of the run. Every call returns the same pointer.
	Watch() *watch.Watch
	// IsLoading reports whether a saved run is being read, or the items of a run are being read again after they were
	// dropped from memory.
	IsLoading() bool
	// IsAsking reports whether a request is in progress.
	IsAsking() bool
	// NextAt returns the time of the next request. The time is unknown while a request is in progress, or if no request
	// will follow.
	NextAt() optional.Value[time.Time]
	// Silence returns how long the current request has been unanswered. isLong reports whether that is unusually long.
	Silence(now time.Time) (silence time.Duration, isLong bool)
}

// The messages about a run. The screen sends PollNowMsg, and it receives the others.
type (
	// ChangedMsg reports that the state of the run has changed.
	ChangedMsg struct{}
	// ItemsArriveMsg reports that some items of the service's answer have arrived. Fits is nil if the column widths
	// have not changed.
	ItemsArriveMsg struct{ Fits table.Fits }
	// ItemsCameMsg reports that the service's answer has arrived completely, with its items.
	ItemsCameMsg struct{ Fits table.Fits }
	// PollNowMsg asks for a poll without waiting.
	PollNowMsg struct{}
)

// Config configures the screen of a run.
type Config struct {
	Items items.Config
	// Source is the name of the file from which the run is read, or "history". It is empty if the run is read from the
	// service. IsSaved reports whether the run is read from a file or from the history.
	Source   text.Text
	IsSaved  bool
	Interval time.Duration
	Commands Commands
	// Rules returns the user's rules for a recipe. Rules is nil if the user gave none.
	Rules checks.Rules
	// History provides earlier runs of the recipe. It is nil if there is no history.
	History history.Source
	// Column is the name of the column where the cursor starts. It may be empty.
	Column text.Text
	// State is the state with which the screen starts. It may be the zero state.
	State State
	// Close is what Esc calls to close the screen. It is nil if the screen cannot be closed.
	Close func() tea.Cmd
}

// Commands provides command lines to suggest to the user. They are printable and quoted for a shell. If a command line
// is empty, it is not suggested.
type Commands interface {
	// Rerun returns the command that dispatches the recipe again.
	Rerun(watch *watch.Watch) string
	// Watch returns the command that watches a run.
	Watch(runID text.Text) string
	// Usage returns the command that shows the account's usage.
	Usage() string
	// Suggest returns the command that writes rules which a run meets.
	Suggest(watch *watch.Watch) string
}

// status is the state of a run, with methods that describe it.
type status struct {
	env      screen.RunEnv
	config   Config
	poll     Poller
	watch    *watch.Watch
	chart    chartKind
	past     *history.Panel // earlier runs of the recipe
	computed []item.Column  // computed columns
}

// SetClose sets [Config.Close].
func (s *status) SetClose(closeScreen func() tea.Cmd) { s.config.Close = closeScreen }

// screenKind says what the screen of a run shows.
type screenKind int

const (
	// screenLive shows a run that is active, or whose status is not known yet.
	screenLive screenKind = iota
	// screenResults shows items, a completed run without items, or a saved answer.
	screenResults
	// screenOutcome explains a run or a watch that ended badly and has no items.
	screenOutcome
)

// kind returns what the screen shows for the current state of the run.
func (s *status) kind() screenKind {
	switch {
	case s.watch.Items().Len() == 0 && s.poll.IsLoading():
		return screenLive
	case s.watch.Items().Len() > 0 || s.watch.Phase() == watch.PhaseEnded && !endedBadly(s.watch.Run()):
		return screenResults
	case s.watch.Over():
		return screenOutcome
	default:
		return screenLive
	}
}

// Screen shows one run: live counters while it is active, then the results in tabs or an explanation of what went
// wrong.
type Screen struct {
	status

	head []headLine // the lines above the tab, including the tab bar
	tab  tab
	// dismissed is the number of notices at the time when the user hid them.
	dismissed int
	// isFiltered reports whether filters were active when the lines above the open tab were laid out.
	isFiltered bool
	visited    []tab // the tabs that Esc goes back to, oldest first
	// retries reports whether to read the history again if that has failed, because the user has opened its tab.
	retries  bool
	items    *items.Tab
	columns  columns.Tab
	pages    pages.Tab
	checks   checks.Tab
	warnings warnings.Tab
	raw      raw.Tab
	outcome  pager.Pager
}

// New returns the screen of a run. poll provides the state of the run.
func New(env screen.RunEnv, config Config, poll Poller) *Screen {
	past := history.NewPanel(env.Env, env.Cmd, config.History)
	if config.State.isKnown {
		config.Column, config.Items.State = text.Text{}, config.State.items
	}
	s := &Screen{status: status{env: env, config: config, poll: poll, watch: poll.Watch(), past: &past}, tab: config.State.tab}
	s.items = items.New(env, config.Items)
	s.columns = columns.New(env)
	s.pages = pages.New(env)
	s.raw = raw.New(env)
	s.warnings = warnings.New(env, s.profileColumn)
	s.checks = checks.New(env, config.Rules)
	if first := s.watch.Items(); first.Len() > 0 {
		s.setItems(table.FitColumns(env.Painter, first, table.FitFirst))
	}
	s.arrange()
	return s
}

// Place returns PlaceBody.
func (s *Screen) Place() screen.Place { return screen.PlaceBody }

// Header returns the line at the top of the screen, w cells wide.
func (s *Screen) Header(w int) string { return s.header(w, &s.checks) }

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
		return tea.Batch(s.items.AskLayout(), s.askHistory())
	case ItemsArriveMsg:
		return s.itemsArrive(msg)
	case ItemsCameMsg:
		return s.itemsCame(msg)
	case finding.ShowItemsMsg:
		s.visit(tabItems)
		return s.items.ShowOnly(msg.Filter, msg.Column)
	case finding.ShowPageMsg:
		s.visit(tabPages)
		s.pages.SelectPage(msg.Page)
	case items.ProfileColumnMsg:
		return s.profileColumn(msg.Place)
	case columns.ShowAllItemsMsg:
		s.visit(tabItems)
	case columns.ShowRunMsg:
		return s.openPast(msg)
	case checks.ShowWarningsMsg:
		s.visit(tabWarnings)
	case checks.JudgedMsg:
		if s.checks.Judged(msg) {
			s.arrange()
		}
	case items.ComputedMsg:
		return showComputed(s, msg)
	case items.KeyMarkedMsg:
		return s.columns.SetKey(s.items.Table().Key())
	case columns.ProfiledMsg:
		return s.profiled(msg)
	default:
		cmd, changed := s.past.Update(msg)
		if changed {
			s.pastChanged()
		}
		s.raw.Update(msg)
		cmd = tea.Batch(cmd, s.items.Update(msg), s.columns.Update(msg))
		if len(s.items.Filters()) > 0 != s.isFiltered {
			s.arrange() // filters use one of the lines for notices
		}
		return cmd
	}
	return nil
}

// setItems passes the current items to the tabs.
func (s *Screen) setItems(fits table.Fits) {
	s.items.SetItems(s.items.WithComputed(s.watch.Items()), fits)
	s.sync()
}

// isComplete reports whether all items have arrived.
func (s *Screen) isComplete() bool { return s.watch.Over() && !s.poll.IsLoading() }

// sync passes the state of the run to the tabs.
func (s *Screen) sync() {
	s.items.SetRun(s.watch.RecipeID(), s.watch.RunID(), s.isComplete())
	withComputed := s.items.WithComputed(s.watch.Items())
	s.columns.SetItems(withComputed, s.isComplete())
	s.columns.SetFormats(table.CellsOf(s.items.Table()).Formats())
	s.computed = withComputed.Added()
}

// itemsArrive shows the items of an answer of the service that is still arriving.
func (s *Screen) itemsArrive(msg ItemsArriveMsg) tea.Cmd {
	s.setItems(msg.Fits)
	s.arrangeHead()
	s.items.Arrange()
	return s.items.Arrive()
}

// itemsCame shows the items after the service's answer has arrived completely. It returns commands for the work that
// needs all items.
func (s *Screen) itemsCame(msg ItemsCameMsg) tea.Cmd {
	s.setItems(msg.Fits)
	complete := allArrived(s)
	s.goToColumn()
	s.arrange()
	return tea.Batch(complete, s.items.AskLayout(), s.askHistory())
}

// allArrived returns commands for the work that needs all items, or nil if the items are incomplete.
func allArrived(s *Screen) tea.Cmd {
	if !s.watch.Over() || s.kind() != screenResults {
		return nil
	}
	s.pages.SetProfile(nil, nil)
	s.checks.Reset()
	complete := s.items.Complete()
	profiling := s.columns.ProfileItems(s.items.Table().Paths(), s.items.Cache())
	return tea.Batch(complete, profiling, s.columns.SetKey(s.items.Table().Key()))
}

// showComputed updates the tabs after the computed columns have changed.
func showComputed(s *Screen, msg items.ComputedMsg) tea.Cmd {
	s.setItems(nil)
	cmd := allArrived(s)
	if cmd == nil {
		cmd = s.items.Arrive()
	}
	s.items.SelectColumn(msg.Column)
	s.arrange()
	return cmd
}

// GoToColumn shows the Items tab with the cursor on a column. If name is empty, it does nothing. If the items have not
// arrived, the cursor moves later.
func GoToColumn(s *Screen, name text.Text) {
	if name.IsEmpty() {
		return
	}
	s.config.Column = name
	if s.tab != tabItems {
		s.visit(tabItems)
	}
	s.goToColumn()
}

// goToColumn moves the cursor to the column in [Config.Column] once the items have this column. Later calls do nothing.
func (s *Screen) goToColumn() {
	place, found := s.watch.Items().FindPlace(s.config.Column.Raw())
	if s.config.Column.IsEmpty() || !found {
		return
	}
	s.config.Column = text.Text{}
	s.items.Table().Show(place.Column())
	s.items.Table().SelectPath(place.Column())
}

// profiled handles a [columns.ProfiledMsg]: it passes the new profile to the tabs.
func (s *Screen) profiled(msg columns.ProfiledMsg) tea.Cmd {
	if !s.columns.Profiled(msg) {
		return nil
	}
	p, about := s.columns.Profile()
	s.pages.SetProfile(p, about)
	s.arrange()
	return tea.Batch(s.judge(), s.compare(), s.items.Prepare(p.ScalarPaths()))
}

// canJudge reports whether the rules can be checked now or later, when all items have arrived.
func (s *status) canJudge() bool {
	return !s.watch.Over() || s.watch.Phase() == watch.PhaseEnded && !endedBadly(s.watch.Run()) && s.watch.Incomplete() == nil
}

// unjudgedText returns the reason why the rules are not checked.
func (s *status) unjudgedText() string {
	if endedBadly(s.watch.Run()) {
		return "rules are for completed runs"
	}
	return "rules need all items, and some are missing"
}

// judge returns a command that checks the items of a completed run against the rules. It returns nil if the rules
// cannot be checked.
func (s *Screen) judge() tea.Cmd {
	if !s.watch.Over() || !s.canJudge() {
		return nil
	}
	p, _ := s.columns.Profile()
	return s.checks.Judge(s.watch.Run(), s.watch.RecipeID(), p, items.Uncomputed(s.items, p.Items()), s.config.Commands.Suggest(s.watch))
}

// profileColumn shows the profile of a column in the Columns tab.
func (s *Screen) profileColumn(place item.Place) tea.Cmd {
	if !s.columns.ShowColumn(place) {
		return s.env.Say("this column is not profiled yet")
	}
	s.visit(tabColumns)
	return nil
}

// arrange lays out everything that depends on the size, the styles or the data. View only draws the result.
func (s *Screen) arrange() {
	s.sync()
	if s.env.Frame.IsTooSmall {
		return // keep the scroll positions until the terminal is large enough again
	}
	w := s.env.Frame.Body.Dx()
	s.arrangeHead()
	if s.tab == tabWarnings {
		s.warnings.SetList(warningList(s, w)) // only if the tab is visible, because there may be thousands of warnings
	}
	answer, _ := s.watch.Answer()
	s.raw.SetAnswer(answer.Envelope, s.watch.Items())
	if s.tab == tabRaw {
		s.raw.Arrange() // only if the tab is visible, because laying out a large answer takes longer than a frame
	}
	s.outcome.SetLines(outcomeView{&s.status}.lines(w))
	s.columns.Arrange()
	s.pages.Arrange()
	s.items.Arrange()
}

// arrangeHead lays out the lines above the tabs and gives the tabs the rest of the screen.
func (s *Screen) arrangeHead() {
	if s.env.Frame.IsTooSmall {
		return
	}
	if s.kind() == screenResults {
		head := s.resultsHead()
		s.head, s.isFiltered = head.lines(s.env.Frame.Body.Dx()), head.isFiltered
	}
	area := s.area()
	s.items.SetArea(area)
	s.columns.SetArea(area)
	s.pages.SetArea(area)
	s.raw.SetArea(area)
	s.warnings.SetArea(area)
	s.checks.SetArea(area)
	s.past.SetArea(area)
}

func (s *Screen) resultsHead() resultsHead {
	return resultsHead{&s.status, s.tab, s.columns.Findings(), &s.checks, s.dismissed, len(s.items.Filters()) > 0}
}

// area returns the scrollable part of the screen, at least one line high.
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
		lines := make([]string, len(s.head), h)
		for i, line := range s.head {
			lines[i] = line.text
		}
		return append(lines, s.tabView()...)
	case kind == screenOutcome:
		return s.outcome.View(h)
	default:
		return liveView{&s.status}.view(w, h)
	}
}

func (s *Screen) tabView() []string {
	p, area := s.env.Painter, s.area()
	switch {
	case s.tab == tabItems && s.watch.Items().Len() == 0:
		return append([]string{""}, s.emptyLines(area.Dx())...)
	case s.tab == tabItems:
		return s.items.View()
	case s.tab == tabColumns:
		return s.columns.View()
	case s.tab == tabPages && !s.pages.IsKnown():
		return []string{"", p.Muted.Render(p.Cut(s.columns.WaitingText(), area.Dx()))}
	case s.tab == tabPages:
		return s.pages.View()
	case s.tab == tabChecks && !s.canJudge():
		return append([]string{""}, draw.Styled(p.Muted, p.Wrap(s.unjudgedText(), area.Dx()))...)
	case s.tab == tabChecks:
		return s.checks.View()
	case s.tab == tabHistory:
		return s.past.View()
	case s.tab == tabWarnings:
		return s.warnings.View()
	default:
		return s.raw.View()
	}
}

// tooSmallLines returns lines that say that the terminal is too small, with the status and the counts.
func (s *status) tooSmallLines(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	mark, style := s.badge()
	lines := []string{
		style.Render(p.Cut(mark+" "+s.statusText(), w)),
		p.Cut(countedOr(run.Pages, "page")+"  "+countedOr(run.Items, "item"), w),
		"",
	}
	words := "This window is too small for the dashboard: it needs 40x10 cells."
	if !s.watch.Over() {
		words += " The watch continues."
	}
	return append(lines, draw.Styled(p.Muted, p.Wrap(words+" Press q to quit.", w))...)
}

// Position returns the position of the cursor, for the footer. On small terminals it starts with facts that larger
// terminals show above the tab.
func (s *Screen) Position() string {
	switch kind := s.kind(); {
	case kind == screenOutcome:
		return s.outcome.Position(s.area().Dy())
	case kind != screenResults:
		return ""
	}
	parts := []string{s.resultsHead().positionPrefix(), s.tabPosition()}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " · ")
}

func (s *Screen) tabPosition() string {
	switch s.tab {
	case tabItems, tabs:
		return s.items.Position()
	case tabColumns:
		return s.columns.Position()
	case tabPages:
		return s.pages.Position()
	case tabChecks:
		return s.checks.Position()
	case tabHistory:
		return s.past.Position()
	case tabWarnings:
		return s.warnings.Position()
	case tabRaw:
		return s.raw.Position()
	}
	return ""
}

// jobs returns all background jobs.
func (s *Screen) jobs() []*screen.Job {
	key, all := s.columns.Jobs()
	return slices.Concat(s.items.Jobs(), []*screen.Job{key, s.items.Exporting(), all, s.checks.Job(), s.raw.Job()}, s.past.Jobs())
}

// StopWork stops all background jobs.
func (s *Screen) StopWork() {
	for _, job := range s.jobs() {
		job.Stop()
	}
}

// IsWorking reports whether a background job is running.
func (s *Screen) IsWorking() bool {
	return slices.ContainsFunc(s.jobs(), (*screen.Job).Runs)
}

// Work returns a text about a background job that has been running for some time, with its progress. It returns "" if
// there is none.
func (s *Screen) Work() string {
	for _, job := range s.jobs() {
		if text := job.Text(s.env.Now); text != "" {
			return text
		}
	}
	return ""
}

// Actions lists the available actions.
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

func (s *Screen) tabActions() action.Table {
	switch s.tab {
	case tabItems:
		return s.items.Actions()
	case tabColumns:
		return s.columns.Actions()
	case tabPages:
		return s.pages.Actions()
	case tabChecks:
		return s.checks.Actions()
	case tabHistory:
		return s.past.Actions()
	case tabRaw:
		return s.raw.Actions()
	case tabWarnings:
		return s.warnings.Actions()
	case tabs:
	}
	return nil
}

// move scrolls the explanation of a run without results.
func (s *Screen) move(m cursor.Move) tea.Cmd {
	s.outcome.Move(m, s.area().Dy())
	return nil
}

// actions lists the actions that are available in every tab.
func (s *Screen) actions() action.Table {
	inResults := s.kind() == screenResults && !s.env.Frame.IsTooSmall
	back, can := s.back()
	table := action.Table{
		{ID: "back", Group: action.GroupView, Title: cmp.Or(back.Title, "back"), Keys: []string{"esc"}, Rank: 5, Enabled: can, Run: back.Run},
		{
			ID: "tab.next", Group: action.GroupView, Title: "next tab", Keys: []string{"tab"}, Rank: 15, Enabled: inResults,
			Run: action.Do(func() { s.open(neighbor(s, 1)) }),
		},
		{
			ID: "tab.previous", Group: action.GroupView, Title: "previous tab", Keys: []string{"shift+tab"}, Enabled: inResults,
			Run: action.Do(func() { s.open(neighbor(s, -1)) }),
		},
	}
	for i, one := range s.tabs() {
		table = append(table, action.Action{
			ID: "tab." + tabNames()[one], Group: action.GroupView, Title: "go to tab", Keys: []string{strconv.Itoa(i + 1)}, Enabled: inResults,
			Run: action.Do(func() { s.open(one) }),
		})
	}
	notices := s.resultsHead()
	title := "show notices"
	if notices.showsNotices() {
		title = "hide notices"
	}
	errors, warnings := notices.count()
	copyError := "copy error"
	if inResults {
		copyError = "" // if the screen shows no error, its tabs use the key for something else
	}
	return append(table,
		action.Action{
			ID: "notices", Group: action.GroupView, Title: title, Keys: []string{"D"}, Rank: 19,
			Enabled: inResults && s.tab == tabItems && errors+warnings > 0 && notices.maxNoticeLines() > 0,
			Run:     action.Do(s.toggleNotices),
		},
		action.Action{
			ID: "chart", Group: action.GroupView, Title: strings.ToLower(((s.chart + 1) % chartKinds).title()), Keys: []string{"c"}, Rank: 13,
			Enabled: s.kind() != screenResults && !s.env.Frame.IsTooSmall && s.hasChart(),
			Run:     action.Do(func() { s.chart = (s.chart + 1) % chartKinds; s.arrange() }),
		},
		action.Action{
			ID: "copy.error", Group: action.GroupExport, Title: copyError, Keys: []string{"y"}, Rank: 12,
			Enabled: s.kind() == screenOutcome && s.errorText() != "",
			Run:     func() tea.Cmd { return screen.Copy(s.env.Env, "the error", s.errorText()) },
		},
		action.Action{
			ID: "poll", Group: action.GroupWatch, Title: "poll now", Keys: []string{"p"}, Rank: 13,
			WhileCovered: true, Enabled: s.canPoll(), Run: func() tea.Cmd { return s.env.Send(PollNowMsg{}) },
		},
	)
}

// toggleNotices hides the notices above the tab, or shows them again. Hidden notices are also shown again when there
// are more of them.
func (s *Screen) toggleNotices() {
	head := s.resultsHead()
	if s.dismissed = 0; head.showsNotices() {
		errors, warnings := head.count()
		s.dismissed = errors + warnings
	}
	s.arrangeHead()
	s.items.Arrange()
}

// back returns what Esc does next: undo a step in the open tab, cancel an export, or go back to the previous tab. It
// returns false if there is nothing to undo.
func (s *Screen) back() (screen.Step, bool) {
	if s.kind() != screenResults {
		return s.orClose(s.items.BackFromExport())
	}
	switch {
	case s.tab == tabItems && len(s.visited) > 0 && s.items.ShowsOnly():
		return s.stepBack(s.items.Restore), true
	case s.tab == tabItems:
		if step, found := s.items.Back(); found {
			return step, true
		}
	case s.tab == tabColumns:
		if step, found := s.columns.Back(len(s.visited) > 0); found {
			return step, true
		}
	case s.tab == tabRaw:
		if step, found := s.raw.Back(); found {
			return step, true
		}
	case s.tab == tabWarnings:
		if step, found := s.warnings.Back(); found {
			return step, true
		}
	}
	if step, found := s.items.BackFromExport(); found || len(s.visited) == 0 {
		return s.orClose(step, found)
	}
	return s.stepBack(func() tea.Cmd { return nil }), true
}

// orClose returns step if hasStep is true, and otherwise a step that closes the screen. It returns false if hasStep is
// false and the screen cannot be closed.
func (s *Screen) orClose(step screen.Step, hasStep bool) (screen.Step, bool) {
	if hasStep || s.config.Close == nil {
		return step, hasStep
	}
	return screen.Step{Title: "close run", Run: s.config.Close}, true
}

// stepBack returns the step that goes back to the previous tab. The function undo removes what was set when the open
// tab was opened, such as a filter.
func (s *Screen) stepBack(undo func() tea.Cmd) screen.Step {
	last := len(s.visited) - 1
	to := s.visited[last]
	return screen.Step{Title: "back to " + tabNames()[to], Run: func() tea.Cmd {
		s.visited = s.visited[:last]
		cmd := undo()
		s.goTo(to)
		return cmd
	}}
}

// canPoll reports whether the user can send the next request now.
func (s *Screen) canPoll() bool {
	request := s.watch.NextRequest()
	if s.poll.IsLoading() || request == watch.RequestNone || s.watch.Phase() == watch.PhaseEnded {
		return false
	}
	return request == watch.RequestPoll || !s.poll.IsAsking()
}

// open opens a tab that the user has selected.
func (s *Screen) open(t tab) {
	s.visited = nil
	s.goTo(t)
}

// visit opens another tab, such as the Items tab for a finding. Esc then goes back to the tab that was open before.
func (s *Screen) visit(t tab) {
	s.visited = append(s.visited, s.tab)
	s.goTo(t)
}

func (s *Screen) goTo(t tab) {
	s.tab, s.retries = t, t == tabHistory
	s.arrangeHead()
	switch t {
	case tabRaw:
		s.raw.Arrange()
	case tabColumns:
		s.columns.SetFormats(table.CellsOf(s.items.Table()).Formats())
	case tabWarnings:
		s.warnings.SetList(warningList(s, s.env.Frame.Body.Dx())) // the head of this tab may leave more room
	default:
	}
}

// IsExporting reports whether a file is being written.
func (s *Screen) IsExporting() bool { return s.items.Exporting().Runs() }

// Flush returns a command that saves unsaved changes. It returns nil if there are none.
func (s *Screen) Flush() tea.Cmd { return s.items.Flush() }

// Items returns the Items tab.
func (s *Screen) Items() *items.Tab { return s.items }

// Columns returns the Columns tab.
func (s *Screen) Columns() *columns.Tab { return &s.columns }

// Checks returns the Checks tab.
func (s *Screen) Checks() *checks.Tab { return &s.checks }

// History returns the History tab.
func (s *Screen) History() *history.Panel { return s.past }

// Pages returns the Pages tab.
func (s *Screen) Pages() *pages.Tab { return &s.pages }

// tabNames returns the names of the tabs in the order of display.
func tabNames() [tabs]string {
	return [tabs]string{"items", "columns", "pages", "checks", "history", "warnings", "raw"}
}

// tabs returns the available tabs in the order of display. The History tab needs a history and a recipe.
func (s *status) tabs() []tab {
	var available []tab
	for t := range tabs {
		if t != tabHistory || s.past.IsEnabled() {
			available = append(available, t)
		}
	}
	return available
}

// Deferred returns a command for work that the open tab has put off. In the Items tab it reads values that take long, and
// in the Raw tab it lays out a large answer of the service. In the History tab it reads the history again after the user
// has opened the tab, if that has failed before. Deferred returns nil if there is nothing to do.
func (s *Screen) Deferred() tea.Cmd {
	switch {
	case s.kind() != screenResults:
	case s.tab == tabItems:
		return s.items.Deferred()
	case s.tab == tabRaw:
		return s.raw.Deferred()
	case s.tab == tabHistory && s.retries:
		s.retries = false
		return s.past.Retry()
	}
	return nil
}

// neighbor returns the next tab (by = 1) or the previous tab (by = -1).
func neighbor(s *Screen, by int) tab {
	available := s.tabs()
	at := max(0, slices.Index(available, s.tab))
	return available[(at+by+len(available))%len(available)]
}

// Tab returns the name of the open tab.
func (s *Screen) Tab() string { return tabNames()[s.tab] }
