// Package usage implements the screen with the limits of the account and how much of them is used.
package usage

import (
	"image"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/chart"
	"sbwatch/ui/widget/pager"
)

// Account holds the known facts about the account.
type Account struct {
	Usage optional.Value[run.Usage]
	At    time.Time // time when the usage was read
	// IsAsking reports whether a request for the usage is in progress.
	IsAsking bool
	// Problem is the reason why the last request failed. It is nil if the request succeeded.
	Problem *run.Problem
	// Pace says how fast credits are spent. It is unknown if there is no history.
	Pace optional.Value[baseline.Pace]
}

// Screen shows the usage of the account.
type Screen struct {
	env     *screen.Env
	account func() Account
	ask     func() tea.Cmd
	pager   pager.Pager
}

// New returns the screen. account returns what is known about the account. ask returns a command that requests the
// usage of the account again.
func New(env *screen.Env, account func() Account, ask func() tea.Cmd) *Screen {
	return &Screen{env: env, account: account, ask: ask}
}

// Place returns PlaceBody.
func (s *Screen) Place() screen.Place { return screen.PlaceBody }

// Subject returns "usage", because all screens of this type show the same.
func (*Screen) Subject() any { return "usage" }

// Update returns nil because the screen has no state.
func (s *Screen) Update(tea.Msg) tea.Cmd { return nil }

// Position returns the range of the visible lines, or "" if all are visible.
func (s *Screen) Position() string {
	body := s.env.Frame.Body
	s.pager.SetLines(s.allLines(body.Dx(), body.Dy()))
	return s.pager.Position(max(1, body.Dy()))
}

// Header returns the line at the top of the screen, w cells wide.
func (s *Screen) Header(w int) string {
	p, account := s.env.Painter, s.account()
	right := ""
	switch {
	case account.IsAsking:
		right = "reading"
	case !account.At.IsZero():
		right = "read " + text.Seconds(s.env.Now.Sub(account.At)) + " ago"
	}
	return p.Between(p.Strong.Render("Account usage"), p.Muted.Render(right), w)
}

// Actions lists the available actions.
func (s *Screen) Actions() action.Table {
	return append(action.Moves(s.move, s.Position() != "", false), action.Table{
		{ID: "usage.back", Group: action.GroupView, Title: "back", Keys: []string{"esc", "u"}, Rank: 2, Enabled: true, Run: action.Do(func() { s.env.Layers.Close(s) })},
		{ID: "usage.read", Group: action.GroupWatch, Title: "read again", Keys: []string{"p"}, Rank: 3, Enabled: !s.account().IsAsking, Run: s.ask},
	}...)
}

func (s *Screen) move(m cursor.Move) tea.Cmd {
	s.pager.Move(m, max(1, s.env.Frame.Body.Dy()))
	return nil
}

// Mouse scrolls the screen.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	if m.Kind == screen.MouseWheel {
		s.pager.Scroll(m.Wheel.Y, max(1, m.Area.Dy()))
	}
	return nil
}

// labelWidth is the width of the labels, in cells.
const labelWidth = 18

// View draws the usage, one value per line.
func (s *Screen) View(area image.Rectangle) []string {
	if s.env.Frame.IsTooSmall {
		return []string{s.env.Painter.Cut("This window is too small.", area.Dx())}
	}
	s.pager.SetLines(s.allLines(area.Dx(), area.Dy()))
	return s.pager.View(max(1, area.Dy()))
}

// allLines returns all lines of the screen for an area of w by h cells. Values that do not fit continue on the next
// line.
func (s *Screen) allLines(w, h int) []string {
	p, account := s.env.Painter, s.account()
	var lines []string
	if h >= roomyHeight {
		lines = append(lines, "")
	}
	if account.Problem != nil {
		lines = append(append(lines, draw.Marked("!", p.Warning, p.Wrap(account.Problem.Short(), w-2))...), "")
	}
	usage, known := account.Usage.Get()
	if !known {
		return append(lines, p.Muted.Render("waiting for the usage of the account"))
	}
	for _, line := range s.lines(usage, account.Pace, w) {
		lines = append(lines, wrapValue(p, line, w)...)
	}
	return lines
}

// roomyHeight is the minimum height of the screen, in lines, for an empty line at the top.
const roomyHeight = 12

// wrapValue breaks a line with a label and a value into lines of at most w cells. All lines of the value start in the
// same column, to the right of the label.
func wrapValue(p draw.Painter, line string, w int) []string {
	if p.Width(line) <= w {
		return []string{line}
	}
	if w < 2*labelWidth {
		return p.Wrap(line, w)
	}
	label, value := p.Method.Truncate(line, labelWidth, ""), p.Method.TruncateLeft(line, labelWidth, "")
	lines := p.Wrap(value, w-labelWidth)
	for i := range lines {
		if i == 0 {
			lines[i] = p.Fit(label, labelWidth) + lines[i]
		} else {
			lines[i] = draw.Spaces(labelWidth) + p.Muted.Render(ansi.Strip(lines[i]))
		}
	}
	return lines
}

func (s *Screen) lines(u run.Usage, pace optional.Value[baseline.Pace], w int) []string {
	p := s.env.Painter
	row := func(label, value, more string) string {
		return p.Muted.Render(p.Fit(label, labelWidth)) + p.Strong.Render(value) + "  " + p.Muted.Render(more)
	}
	schedules := ""
	if allowed, known := u.SchedulesAllowed.Get(); known && !allowed {
		schedules = "not included in the plan"
	}
	lines := []string{
		row("credits left", text.CountOr(u.CreditsRemaining), s.enoughFor(u)),
	}
	lines = append(lines, s.forecast(u, pace)...)
	lines = append(lines,
		row("cost per page", text.CountOr(u.CostPerPage), "credits, charged when a run completes"),
		"",
		s.runsLine(u, w),
		row("pages per run", text.CountOr(u.PagesPerRun), "the plan's limit"),
		row("schedules", text.CountOr(u.Schedules), schedules),
		"",
	)
	last, known := u.LastRun.Get()
	if !known {
		return append(lines, row("last run", "none", ""))
	}
	return append(lines, s.lastRunLines(u, last, row)...)
}

// forecast draws how long the credits will last, computed from the history.
func (s *Screen) forecast(u run.Usage, pace optional.Value[baseline.Pace]) []string {
	p := s.env.Painter
	known, hasHistory := pace.Get()
	balance, balanceKnown := u.CreditsRemaining.Get()
	if !hasHistory || !balanceKnown {
		return nil
	}
	style := p.Muted
	if days, ok := known.Lasts(balance); ok && days < shortForecast {
		style = p.Warning
	}
	indent := draw.Spaces(labelWidth)
	lines := []string{indent + style.Render(known.Words(balance))}
	if basis := known.Basis(); known.IsKnown() {
		lines = append(lines, indent+p.Muted.Render(basis))
	}
	return lines
}

// shortForecast is the number of days below which a forecast is drawn as a warning.
const shortForecast = 3

// enoughFor returns how many pages the credits pay for, such as "enough for 12 pages". It returns "" if that is
// unknown.
func (s *Screen) enoughFor(u run.Usage) string {
	pages, _ := u.Allowance()
	balance, balanceKnown := u.CreditsRemaining.Get()
	cost, costKnown := u.CostPerPage.Get()
	limit, limitKnown := u.PagesPerRun.Get()
	switch {
	case !balanceKnown || !costKnown || cost <= 0:
		return ""
	case pages.Known() && pages.Or(0) == 0:
		return "not enough for one page: the service refuses runs"
	case limitKnown && limit > balance/cost:
		return "enough for " + text.Counted(balance/cost, "page") + ": fewer than the plan allows in a run"
	default:
		return "enough for " + text.Counted(balance/cost, "page")
	}
}

// runsLine draws the number of runs in the last 30 days and the plan's limit.
func (s *Screen) runsLine(u run.Usage, w int) string {
	p := s.env.Painter
	label := p.Muted.Render(p.Fit("runs in 30 days", labelWidth))
	used, usedKnown := u.RunsUsed.Get()
	limit, limitKnown := u.RunsPerMonth.Get()
	if !usedKnown || !limitKnown || limit <= 0 {
		return label + p.Strong.Render(text.CountOr(u.RunsUsed))
	}
	share := min(1, float64(used)/float64(limit))
	style := usedStyle(p, share)
	line := label + p.Strong.Render(text.Count(used)) + p.Muted.Render(" of "+text.Count(limit)) + "  "
	const maxBar = 24
	if bar := min(maxBar, w-p.Width(line)-labelWidth); bar >= 8 {
		line += chart.Bar(p, share, bar, style) + "  "
	}
	return line + style.Render(text.Count(max(0, limit-used))+" left")
}

// usedStyle returns the style for the share of a limit that is used, from 0 to 1.
func usedStyle(p draw.Painter, share float64) lipgloss.Style {
	const high = 0.9
	switch {
	case share >= 1:
		return p.Error
	case share >= high:
		return p.Warning
	default:
		return p.Success
	}
}

// lastRunLines draws the account's newest run, and whether the credits cut that run short.
func (s *Screen) lastRunLines(u run.Usage, last run.LastRun, row func(label, value, more string) string) []string {
	p := s.env.Painter
	more := last.Status.String()
	if pages, known := last.Pages.Get(); known {
		more += " · " + text.Counted(pages, "page")
	}
	if limit, known := last.EffectiveCap.Get(); known {
		more += " of at most " + text.Count(limit)
	}
	lines := []string{row("last run", last.ID.String(), more)}
	if !last.CreatedAt.IsZero() {
		when := last.CreatedAt.UTC().Format(time.DateTime) + " UTC"
		took := ""
		if !last.CompletedAt.IsZero() {
			took = "took " + text.Clock(last.CompletedAt.Sub(last.CreatedAt))
		}
		lines = append(lines, row("  dispatched", when, took))
	}
	state := run.Run{ID: last.ID, StatusSent: last.Status, Pages: last.Pages}
	switch cut := u.CutShort(last.ID, state); {
	case cut == run.CutByCredits:
		lines = append(lines, p.Error.Render("✗ the credits cut it short: the site may have more pages"))
	case cut == run.CutByPlan:
		lines = append(lines, p.Warning.Render("! the plan's limit of pages cut it short: the site may have more"))
	case last.ClampedByCredits.Or(false):
		lines = append(lines, p.Warning.Render("! its pages are limited by the credits, not by the plan"))
	case last.ClampedByCredits.Known():
		lines = append(lines, p.Muted.Render(draw.Spaces(labelWidth)+"not limited by credits"))
	}
	return lines
}
