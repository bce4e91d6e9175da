package ui

import (
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// header is the top of every screen: which run, how it stands, how long it has taken.
func (a *App) header() []string {
	l, m := a.look, a.margin()
	mark, style := a.badge()
	status := style.Render(mark + " " + a.statusText())
	if clock := a.clockText(); clock != "" {
		status += "  " + l.Muted.Render(clock)
	}
	line := l.between(a.runName(), status, a.innerWidth())
	return []string{spaces(m) + line, l.rule(a.width)}
}

// runName names the run by its recipe and id, or by the file that it was read from.
func (a *App) runName() string {
	l := a.look
	var parts []string
	if recipe := a.watch.RecipeID(); !recipe.IsEmpty() {
		parts = append(parts, l.Strong.Render(recipe.String()))
	}
	if run := a.watch.RunID(); !run.IsEmpty() {
		parts = append(parts, run.String())
	}
	if source := a.config.Source; !source.IsEmpty() {
		parts = append([]string{l.Strong.Render(source.String())}, parts...)
	}
	return strings.Join(parts, l.Muted.Render(" › "))
}

// badge is the sign of a status, told apart by shape as well as by colour.
func (a *App) badge() (mark string, style lipgloss.Style) {
	l := a.look
	switch a.watch.Phase() {
	case watch.PhaseDispatching:
		return "○", l.Muted
	case watch.PhaseGaveUp:
		return "✗", l.Bad
	case watch.PhaseLost:
		return "?", l.Bad
	case watch.PhasePolling, watch.PhaseEnded:
	}
	r := a.watch.Run()
	switch _, known := a.watch.Answer(); {
	case !known:
		return "○", l.Muted
	case a.config.Load != nil && r.ID.IsEmpty() && r.StatusSent.IsEmpty():
		return "✓", l.Good // items by themselves
	}
	switch r.Status() {
	case run.StatusQueued:
		return "○", l.Muted
	case run.StatusRunning:
		return "●", l.Accent
	case run.StatusCompleted:
		return "✓", l.Good
	case run.StatusFailed:
		return "✗", l.Bad
	case run.StatusCancelled:
		return "■", l.Doubtful
	case run.StatusUnknown:
	}
	return "●", l.Doubtful
}

// statusText is how the run stands, in words.
func (a *App) statusText() string {
	_, known := a.watch.Answer()
	switch {
	case a.loading:
		return "reading"
	case !a.config.Source.IsEmpty() && a.watch.Problem() != nil:
		return "not read whole"
	case a.watch.Phase() == watch.PhaseDispatching:
		return "dispatching"
	case a.watch.Phase() == watch.PhaseLost:
		return "no answer"
	case a.watch.Phase() == watch.PhaseGaveUp:
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
	r := a.watch.Run()
	elapsed := a.watch.Elapsed(a.now)
	switch {
	case r.Status() == run.StatusQueued && !r.CreatedAt.IsZero() && a.config.Load == nil:
		return "for " + text.Clock(a.watch.Now(a.now).Sub(r.CreatedAt))
	case r.Began().IsZero() || r.Status().Terminal() && r.CompletedAt.IsZero() || a.config.Load != nil && !r.Status().Terminal():
		return ""
	}
	switch r.Status() {
	case run.StatusCompleted:
		return "in " + text.Clock(elapsed)
	case run.StatusFailed, run.StatusCancelled:
		return "after " + text.Clock(elapsed)
	case run.StatusQueued, run.StatusRunning, run.StatusUnknown:
	}
	return text.Clock(elapsed) + " of " + text.Clock(run.RunLimit)
}

// footer is the foot of every screen: what was just done, or the keys that are useful here, and where one is.
func (a *App) footer() []string {
	l, m := a.look, a.margin()
	w := a.innerWidth()
	if a.prompt.open() {
		hint := a.prompt.kind.hint()
		if a.toast.isKept(a.now) {
			hint = a.toast.words
		}
		return []string{spaces(m) + a.prompt.above(l, w, hint), spaces(m) + a.prompt.view(l, w)}
	}
	left := a.hints()
	if a.chooser != nil || a.export != nil {
		left = ""
	}
	position := a.position()
	switch work := a.workText(); {
	case a.toast.shows(a.now):
		left = l.Strong.Render(a.toast.words)
		if l.width(left)+2+l.width(position) > w {
			position = "" // what was just done is said whole
		}
	case work != "":
		left = l.Accent.Render(work)
	}
	return []string{l.rule(a.width), spaces(m) + l.between(left, l.Muted.Render(position), w)}
}

// hints name the keys that are useful here, each whole: where there is no room, the less useful ones are left out. The key
// that lists them all stands at the end.
func (a *App) hints() string {
	l := a.look
	const gap = 3
	room := a.innerWidth() - l.width(a.position()) - 2
	var hints []string
	for _, binding := range a.keymap().hints() {
		if !binding.Enabled() {
			continue
		}
		hint := l.Strong.Render(binding.Help().Key) + " " + l.Muted.Render(binding.Help().Desc)
		if width := l.width(hint); width <= room {
			hints = append(hints, hint)
			room -= width + gap
		}
	}
	if len(hints) == 0 {
		return ""
	}
	return strings.Join(append(hints[1:], hints[0]), spaces(gap))
}

// position tells where the cursor is in what the screen shows.
func (a *App) position() string {
	h := a.bodyHeight()
	switch {
	case a.help.open:
		return a.help.scroll.position(len(a.helpLines(a.innerWidth())), a.helpHeight())
	case a.screen() == screenOutcome:
		return a.outcome.scroll.position(len(a.outcome.lines), h)
	case a.screen() != screenResults:
		return ""
	case a.tab == tabWarnings:
		return a.warnings.scroll.position(len(a.warnings.lines), h)
	case a.tab == tabRaw:
		return a.raw.scroll.position(len(a.raw.lines), h)
	case a.tab == tabColumns || a.tab == tabPages:
		return a.listPosition()
	case a.itemCovers():
		return a.item.scroll.position(len(a.item.lines), h-1)
	case a.table.items.Len() == 0:
		return ""
	default:
		w, _ := a.tableSize()
		return a.table.position(a.look, w)
	}
}
