// Package overview implements the screen for several runs. It shows one line per run. Runs that need attention come
// first.
//
// [Screen] reads the runs from a [Runs] and derives a row from each run. Drawing reads only the visible rows.
package overview

import (
	"image"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/usage"
	"sbwatch/ui/widget/list"
	"sbwatch/ui/widget/prompt"
)

// Runs provides the runs and carries out the user's commands.
type Runs interface {
	// Keys returns the keys of all runs, in the order in which they were added.
	Keys() []monitor.RunKey
	// Watch returns the state of a run. It always returns the same pointer.
	Watch(run monitor.RunKey) *watch.Watch
	// Facts returns facts about a run that are not in the service's answers.
	Facts(run monitor.RunKey) Facts
	// Preview draws a summary of a run on at most w by h cells.
	Preview(run monitor.RunKey, w, h int) []string
	// Polling describes the polls of all runs.
	Polling() Polling
	// DueAt returns the time of the next request of a run. It is unknown if a request is in flight, or if none is
	// needed.
	DueAt(run monitor.RunKey) optional.Value[time.Time]
	// Next returns the time of the next request. It returns false if none is scheduled.
	Next() (time.Time, bool)
	// Open opens the screen of a run.
	Open(run monitor.RunKey) tea.Cmd
	// Close closes the screen of the open run.
	Close() tea.Cmd
	// Opened returns the run whose screen is on top. It returns false if there is none.
	Opened() (monitor.RunKey, bool)
	// Add watches another run and returns its key.
	Add(watch watch.Watch) (monitor.RunKey, tea.Cmd)
	// Remove stops watching a run. It does not stop the run itself.
	Remove(run monitor.RunKey)
	// Account returns the known facts about the account.
	Account() usage.Account
	// AskUsage returns a command that requests the account's usage. It returns nil if the usage was read a moment ago.
	AskUsage() tea.Cmd
	// AskPast returns a command that reads the recorded runs of recipes. Without recipes, it reads the ids of all
	// recorded recipes. The result arrives as a [PastMsg]. AskPast returns nil if there is no history.
	AskPast(recipes []text.Text) tea.Cmd
	// OpenUsage opens the screen with the account's usage.
	OpenUsage() tea.Cmd
}

// Polling describes the polls of all runs, which share the limits of the account.
type Polling struct {
	// Outage says that the service cannot be reached. It is unknown if the service can be reached.
	Outage optional.Value[Outage]
	// PausedUntil is the time before which no run is polled because of the rate limit. It stays known until a later
	// request succeeds.
	PausedUntil optional.Value[time.Time]
	// Turn is the time between two polls of the same run. It is long if many runs have to take turns.
	Turn time.Duration
}

// Outage says that the service cannot be reached.
type Outage struct {
	Since  time.Time
	Reason string // printable
}

// ChangedMsg reports that the state of a run has changed. Other runs may have changed, too, because they share the
// account.
type ChangedMsg struct{ Run monitor.RunKey }

// PastMsg has the recipes or runs that [Runs.AskPast] has read from the history.
type PastMsg struct {
	Recipes []string
	Runs    map[string][]PastRun // by recipe id
}

// PastRun is a completed run in the history.
type PastRun struct {
	ID             string
	Pages, Credits optional.Value[int64]
}

// Screen is the overview of several runs.
type Screen struct {
	env      *screen.Env
	runs     Runs
	interval time.Duration

	rows    []*row
	polling Polling
	sums    sums
	byKey   map[monitor.RunKey]*row
	layout  layout
	// recipeWidth and runWidth are the widths of the columns with ids, in cells.
	recipeWidth, runWidth int

	entries []entry // the lines, in the order of display
	list    list.List
	at      position
	column  field

	sorted    []sortKey
	isGrouped bool
	folded    map[string]bool // recipes whose group is folded
	heldUntil time.Time       // the order stays the same until then
	ageUntil  time.Time       // the column with the age of the numbers is shown until then
	isStale   bool            // runs have changed since they were sorted
	isBehind  bool            // runs have changed since the totals were computed

	filters []item.Filter
	kept    int // number of runs that match the filters
	search  search.Query
	matches map[monitor.RunKey]bool

	pastRecipes []string
	pastRuns    map[string][]PastRun // by recipe id

	searchHistory, filterHistory, idHistory, recipeHistory prompt.History
}

// New returns the overview of runs. interval is the time between polls of a run.
func New(env *screen.Env, runs Runs, interval time.Duration) *Screen {
	s := &Screen{env: env, runs: runs, interval: interval, byKey: map[monitor.RunKey]*row{}, folded: map[string]bool{}, pastRuns: map[string][]PastRun{}}
	s.Refresh()
	return s
}

// Refresh reads all runs again. Call it after runs were added or removed.
func (s *Screen) Refresh() {
	s.rows = s.rows[:0]
	s.recipeWidth, s.runWidth = fieldRecipe.width(), fieldRun.width()
	known := s.byKey
	s.byKey = map[monitor.RunKey]*row{}
	s.polling = s.runs.Polling()
	for _, key := range s.runs.Keys() {
		r := known[key]
		if r == nil {
			r = &row{key: key, watch: s.runs.Watch(key)}
		}
		s.byKey[key] = r
		s.rows = append(s.rows, r)
		s.refresh(r)
	}
	s.order(true)
	s.arrange()
}

// refresh derives a row from its run again.
func (s *Screen) refresh(r *row) {
	r.refresh(s.env.Now, s.interval, s.polling, s.runs.DueAt(r.key), s.runs.Facts(r.key))
	p := s.env.Painter
	s.recipeWidth = min(maxNameWidth, max(s.recipeWidth, p.Width(r.watch.RecipeID().String())))
	s.runWidth = min(maxNameWidth, max(s.runWidth, p.Width(r.watch.RunID().String())))
}

// Place returns PlaceBody.
func (s *Screen) Place() screen.Place { return screen.PlaceBody }

// Update handles a message.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.ResizedMsg:
		s.arrange()
	case screen.ClockMsg:
		s.polling = s.runs.Polling()
		for _, r := range s.rows {
			if !r.isSettled {
				s.refresh(r)
			}
		}
		s.order(false)
		if slices.Contains(s.layout.fields, fieldAge) != showsAge(s) {
			s.arrange()
		}
	case PastMsg:
		s.pastRecipes = append(s.pastRecipes, msg.Recipes...)
		maps.Copy(s.pastRuns, msg.Runs)
	case ChangedMsg:
		changed(s, msg.Run)
	}
	return nil
}

// maxQuick is the maximum number of runs for which each change updates all rows, the totals and the order at once.
const maxQuick = 50

// changed updates the row of a run. If there are many runs, the other rows, the totals and the order are not updated
// until the clock advances, so that an answer to a poll does not read all runs.
func changed(s *Screen, run monitor.RunKey) {
	s.polling = s.runs.Polling()
	if len(s.rows) <= maxQuick {
		for _, r := range s.rows {
			if r.key == run || !r.isSettled {
				s.refresh(r)
			}
		}
		s.order(false)
	} else if r := s.byKey[run]; r != nil {
		s.refresh(r)
		s.isBehind = true
	}
	s.arrange()
}

// updateDelay is the maximum time for which the totals and the order are not up to date.
const updateDelay = 250 * time.Millisecond

// NextUpdate returns the time at which a [screen.ClockMsg] must update the totals or the order. It returns false if they
// are up to date.
func (s *Screen) NextUpdate() (time.Time, bool) {
	switch {
	case s.isBehind:
		return s.env.Now.Add(updateDelay), true
	case s.isStale:
		return s.heldUntil, true
	}
	return time.Time{}, false
}

// arrange lays out the columns.
func (s *Screen) arrange() {
	if s.env.Frame.IsTooSmall {
		return
	}
	list, _, _ := areas(s)
	w := list.Dx() - cursorWidth
	grouped := 0
	if s.isGrouped {
		grouped = 2 // indent of the runs in a group
		s.recipeWidth += grouped
	}
	s.layout = view{s}.newLayout(w)
	s.recipeWidth -= grouped
	s.list.Follow(s.listHeight())
}

// headHeight returns the number of lines above the runs.
func (s *Screen) headHeight() int {
	if len(s.filters) > 0 || !s.search.IsEmpty() {
		return 2
	}
	return 1
}

// detailHeight returns the number of lines below the runs, for the note about the run at the cursor.
func (s *Screen) detailHeight() int {
	if _, _, isWide := areas(s); isWide || s.env.Frame.Body.Dy() < 12 {
		return 1
	}
	return 2
}

// listHeight returns the number of lines for runs.
func (s *Screen) listHeight() int {
	return max(1, s.env.Frame.Body.Dy()-s.headHeight()-s.detailHeight())
}

// View draws the overview.
func (s *Screen) View(area image.Rectangle) []string {
	v := view{s}
	if s.env.Frame.IsTooSmall {
		return v.tooSmallLines(area.Dx())
	}
	list, preview, isWide := areas(s)
	if !isWide {
		return v.listLines(area.Dx(), area.Dy())
	}
	left := v.listLines(list.Dx(), area.Dy())
	return s.env.Painter.Divided(left, v.preview(preview.Dx(), area.Dy()), list.Dx(), preview.Dx(), area.Dy())
}

// listLines draws the list of runs, with the note about the run at the cursor, on w by h cells.
func (s view) listLines(w, h int) []string {
	p, v := s.env.Painter, s
	var lines []string
	if s.headHeight() > 1 {
		lines = append(lines, v.strip(w))
	}
	lines = append(lines, v.header())
	lines = append(lines, s.list.View(p, s.listHeight(), func(i int) string {
		if e := s.entries[i]; e.row != nil {
			return v.line(e.row, e.isInGroup)
		}
		return v.groupLine(s.entries[i].group)
	})...)
	if len(s.entries) == 0 {
		lines = append(lines, "  "+p.Muted.Render(p.Cut(v.emptyText(), w-2)))
	}
	lines = draw.Exactly(lines, h-s.detailHeight())
	return append(lines, v.detail(w)...)
}

// emptyText returns the reason why no runs are shown.
func (s view) emptyText() string {
	if len(s.rows) == 0 {
		return "no runs: press a to add one"
	}
	return "no runs match. Esc removes the last filter."
}

// detail draws the run at the cursor in full, in the last lines of the screen.
func (s view) detail(w int) []string {
	p := s.env.Painter
	lines := make([]string, s.detailHeight())
	outage, isOut := s.polling.Outage.Get()
	pausedUntil, isPaused := s.polling.PausedUntil.Get()
	switch {
	case isOut:
		words := outage.Reason + " for " + text.Wait(s.env.Now.Sub(outage.Since)) + "; " + waiting(s.sums)
		lines[0] = p.Cut("  "+p.Error.Render("✗")+" "+p.Warning.UnsetBold().Render(words), w)
		if len(lines) == 1 {
			return lines // the outage is more important than the run
		}
	case isPaused && pausedUntil.After(s.env.Now) && len(lines) > 1:
		words := "rate limit reached: polling continues in " + text.Wait(pausedUntil.Sub(s.env.Now))
		lines[0] = p.Cut("  "+p.Warning.Render("!")+" "+p.Warning.UnsetBold().Render(words), w)
	}
	r, found := s.current()
	if !found || s.entries[s.list.Cursor()].group != nil {
		return lines
	}
	var parts []string
	for _, id := range []string{r.watch.RecipeID().String(), r.watch.RunID().String()} {
		if _, _, isWide := areas(s.Screen); id != "" && !isWide {
			parts = append(parts, id)
		}
	}
	name := p.Muted.Render(strings.Join(parts, " › "))
	if note := s.noteText(r); note != "" {
		name += "  " + s.noteStyle(r).Render(note)
	}
	lines[len(lines)-1] = p.Cut("  "+name, w)
	return lines
}

// waiting returns a text with the number of runs that have not ended, such as "3 runs wait".
func waiting(s sums) string {
	n := -s.over
	for _, count := range s.counts {
		n += count
	}
	if n == 1 {
		return "1 run waits"
	}
	return text.Count(int64(n)) + " runs wait"
}

// tooSmallLines returns lines that say that the terminal is too small, with the numbers of runs.
func (s view) tooSmallLines(w int) []string {
	p := s.env.Painter
	lines := []string{p.Cut(runsText(len(s.rows)), w), p.Cut(stateCounts(s.sums.counts), w), ""}
	words := "This window is too small for the dashboard: it needs 40x10 cells. The watch continues. Press q to quit."
	return append(lines, draw.Styled(p.Muted, p.Wrap(words, w))...)
}

// Position returns the position of the cursor, the order, and the time of the next poll, for the footer.
func (s *Screen) Position() string {
	parts := []string{s.list.Position()}
	if parts[0] == "" {
		parts = []string{"no runs"}
	}
	if s.env.Frame.Header.Dy() == 0 {
		parts = append([]string{stateCounts(s.sums.counts)}, parts...)
	}
	switch {
	case s.isStale:
		parts = append(parts, "order paused")
	case len(s.sorted) > 0:
		parts = append(parts, "by "+s.sorted[0].field.name())
	}
	if next := s.sums.next; !next.IsZero() {
		parts = append(parts, "next poll "+text.Wait(max(0, next.Sub(s.env.Now))))
	}
	return strings.Join(parts, " · ")
}

func (s *Screen) move(m cursor.Move) tea.Cmd {
	s.hold()
	if !m.IsAcross() {
		s.list.Move(m, s.listHeight())
		s.notePosition()
		return nil
	}
	s.column = field(m.Across(int(s.column), int(fields)))
	s.arrange()
	return nil
}

// Cursor returns the run at the cursor. It returns false if there is none.
func (s *Screen) Cursor() (monitor.RunKey, bool) {
	r, found := s.current()
	if !found {
		return 0, false
	}
	return r.key, true
}

// Visible returns the keys of the visible runs, in the order of display.
func (s *Screen) Visible() []monitor.RunKey {
	var keys []monitor.RunKey
	for _, e := range s.entries {
		if e.row != nil {
			keys = append(keys, e.row.key)
		}
	}
	return keys
}
