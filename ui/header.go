package ui

import (
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model"
	"sbwatch/ui/draw"
)

// header is the top of every screen: which run, how it stands, how long it has taken.
func (a *App) header() []string {
	p, m := a.painter, a.margin()
	mark, style := a.badge()
	status := style.Render(mark + " " + a.statusText())
	if clock := a.clockText(); clock != "" {
		status += "  " + p.Muted.Render(clock)
	}
	line := p.Between(a.runName(), status, a.innerWidth())
	return []string{draw.Spaces(m) + line, p.Rule(a.width)}
}

// runName names the run by its recipe and id, or by the file that it was read from.
func (a *App) runName() string {
	p := a.painter
	var parts []string
	if recipe := a.watch.RecipeID(); !recipe.IsEmpty() {
		parts = append(parts, p.Strong.Render(recipe.String()))
	}
	if run := a.watch.RunID(); !run.IsEmpty() {
		parts = append(parts, run.String())
	}
	if source := a.config.Source; !source.IsEmpty() {
		parts = append([]string{p.Strong.Render(source.String())}, parts...)
	}
	return strings.Join(parts, p.Muted.Render(" › "))
}

// badge is the sign of a status, told apart by shape as well as by colour.
func (a *App) badge() (mark string, style lipgloss.Style) {
	p := a.painter
	switch a.watch.Phase() {
	case model.PhaseDispatching:
		return "○", p.Muted
	case model.PhaseGaveUp:
		return "✗", p.Bad
	case model.PhaseLost:
		return "?", p.Bad
	case model.PhasePolling, model.PhaseEnded:
	}
	run := a.watch.Run()
	switch _, known := a.watch.Answer(); {
	case !known:
		return "○", p.Muted
	case a.config.Load != nil && run.ID.IsEmpty() && run.StatusSent.IsEmpty():
		return "✓", p.Good // items by themselves
	}
	switch run.Status() {
	case model.StatusQueued:
		return "○", p.Muted
	case model.StatusRunning:
		return "●", p.Accent
	case model.StatusCompleted:
		return "✓", p.Good
	case model.StatusFailed:
		return "✗", p.Bad
	case model.StatusCancelled:
		return "■", p.Doubtful
	case model.StatusUnknown:
	}
	return "●", p.Doubtful
}

// statusText is how the run stands, in words.
func (a *App) statusText() string {
	_, known := a.watch.Answer()
	switch {
	case a.loading:
		return "reading"
	case !a.config.Source.IsEmpty() && a.watch.Problem() != nil:
		return "not read whole"
	case a.watch.Phase() == model.PhaseDispatching:
		return "dispatching"
	case a.watch.Phase() == model.PhaseLost:
		return "no answer"
	case a.watch.Phase() == model.PhaseGaveUp:
		return "watch ended"
	case !known:
		return "asking"
	case !a.config.Source.IsEmpty() && a.watch.RunID().IsEmpty() && a.watch.Run().StatusSent.IsEmpty():
		return "read"
	case !a.config.Source.IsEmpty() && !a.watch.Run().Status().Terminal():
		return "saved while " + a.watch.Run().StatusText()
	default:
		return a.watch.Run().StatusText()
	}
}

// clockText is how long the run has taken, against its limit while it is under way.
func (a *App) clockText() string {
	run := a.watch.Run()
	elapsed := a.watch.Elapsed(a.now)
	switch {
	case run.Status() == model.StatusQueued && !run.CreatedAt.IsZero() && a.config.Load == nil:
		return "for " + model.Clock(a.watch.Now(a.now).Sub(run.CreatedAt))
	case run.Began().IsZero() || run.Status().Terminal() && run.CompletedAt.IsZero() || a.config.Load != nil && !run.Status().Terminal():
		return ""
	}
	switch run.Status() {
	case model.StatusCompleted:
		return "in " + model.Clock(elapsed)
	case model.StatusFailed, model.StatusCancelled:
		return "after " + model.Clock(elapsed)
	case model.StatusQueued, model.StatusRunning, model.StatusUnknown:
	}
	return model.Clock(elapsed) + " of " + model.Clock(model.RunLimit)
}

// footer is the foot of every screen: what was just done, or the keys that are useful here, and where one is.
func (a *App) footer() []string {
	p, m := a.painter, a.margin()
	w := a.innerWidth()
	if a.prompt.isOpen() {
		return draw.Indent(a.prompt.View(p, w), m)
	}
	left := a.hints()
	if a.picker != nil || a.export != nil {
		left = ""
	}
	position := a.position()
	switch work := a.workText(); {
	case a.toast.IsVisible(a.now):
		left = a.toast.View(p, w, a.now)
		if p.Width(left)+2+p.Width(position) > w {
			position = "" // what was just done is said whole
		}
	case work != "":
		left = p.Accent.Render(work)
	}
	return []string{p.Rule(a.width), draw.Spaces(m) + p.Between(left, p.Muted.Render(position), w)}
}

// hints name the keys that are useful here, each whole: where there is no room, the less useful ones are left out. The key
// that lists them all stands at the end.
func (a *App) hints() string {
	p := a.painter
	const gap = 3
	room := a.innerWidth() - p.Width(a.position()) - 2
	var hints []string
	for _, action := range a.actions().Hints() {
		hint := p.Strong.Render(action.KeyText()) + " " + p.Muted.Render(action.Title)
		if width := p.Width(hint); width <= room {
			hints = append(hints, hint)
			room -= width + gap
		}
	}
	if len(hints) == 0 {
		return ""
	}
	return strings.Join(append(hints[1:], hints[0]), draw.Spaces(gap))
}

// position tells where the cursor is in what the screen shows.
func (a *App) position() string {
	h := a.bodyHeight()
	switch {
	case a.help.open:
		return a.helpPager(a.innerWidth()).Position(a.helpHeight())
	case a.screen() == screenOutcome:
		return a.outcome.Position(h)
	case a.screen() != screenResults:
		return ""
	case a.tab == tabWarnings:
		return a.warnings.Position(h)
	case a.tab == tabRaw:
		return a.raw.Position(h)
	case a.tab == tabColumns || a.tab == tabPages:
		return a.listPosition()
	case a.itemCovers():
		return a.item.pager.Position(h - 1)
	case a.table.Items().Len() == 0:
		return ""
	default:
		w, _ := a.tableSize()
		return a.table.Position(a.painter, w)
	}
}
