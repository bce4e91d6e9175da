package overview

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/chart"
)

// field is a column of the overview, in display order.
type field int

const (
	fieldRecipe field = iota
	fieldRun
	fieldStatus
	fieldProgress
	fieldPages
	fieldItems
	fieldRate
	fieldDrift
	fieldWarnings
	fieldFindings
	fieldCredits
	fieldElapsed
	fieldLeft
	fieldAge // time since the last answer; shown only while numbers are old
	fieldTrend
	fieldNote
	fields     // number of columns
	fieldState // whether the run needs attention; only for filters
)

// name returns the name of the column, as used in the header and in filters.
func (f field) name() string {
	if f == fieldState {
		return "state"
	}
	return [fields]string{
		"recipe", "run", "status", "progress", "pages", "items", "rate", "drift", "warnings", "findings", "credits", "elapsed", "left", "age",
		"trend", "note",
	}[f]
}

// Widths in cells. They are fixed, so that a growing number does not move the columns next to it.
const (
	cursorWidth  = 2
	columnGap    = 2
	maxNameWidth = 16
	trendWidth   = 6
	minNote      = 14
	roomyNote    = 20 // width of the notes before less important columns get any room
)

// width returns the width of the column in cells. For a column with ids it returns the minimum width: the overview
// makes such a column wide enough for its ids.
func (f field) width() int {
	return [fields]int{11, 11, 13, 8, 5, 7, 8, 6, 8, 8, 7, 7, 6, 5, trendWidth, minNote}[f]
}

// isNumber reports whether the column has numbers. Numbers are aligned to the right, and sorting starts with the
// largest number.
func (f field) isNumber() bool { return f >= fieldPages && f <= fieldAge }

// isCount reports whether the column has counts. A count that does not fit is shortened, such as 12.6M.
func (f field) isCount() bool {
	switch f {
	case fieldPages, fieldItems, fieldWarnings, fieldFindings, fieldCredits:
		return true
	default:
		return false
	}
}

// byImportance lists the columns, the most important first. A narrow window shows only the first columns of this list.
func byImportance() []field {
	return []field{
		fieldRecipe, fieldStatus, fieldItems, fieldPages, fieldAge, fieldDrift, fieldProgress, fieldElapsed, fieldLeft, fieldNote, fieldRun, fieldTrend,
		fieldRate, fieldWarnings, fieldFindings, fieldCredits,
	}
}

type view struct{ *Screen }

// layout holds the visible columns, in the order of display, and their widths.
type layout struct {
	fields []field
	widths []int
}

// newLayout chooses the columns that fit into w cells. The column at the cursor is always one of them.
func (s view) newLayout(w int) layout {
	order := byImportance()
	if at := slices.Index(order, s.column); at > 1 {
		order = slices.Insert(slices.Delete(order, at, at+1), 1, s.column)
	}
	widths := map[field]int{}
	room := w + columnGap
	for _, f := range order {
		if f == fieldAge && f != s.column && !showsAge(s.Screen) {
			continue
		}
		width := f.width()
		switch f {
		case fieldRecipe:
			width = s.recipeWidth
		case fieldRun:
			width = s.runWidth
		default:
		}
		needed := width + columnGap
		if _, hasNote := widths[fieldNote]; hasNote {
			needed += roomyNote - minNote
		}
		if needed <= room {
			widths[f] = width
			room -= width + columnGap
		}
	}
	var l layout
	for f := range fields {
		if width, isShown := widths[f]; isShown {
			l.fields = append(l.fields, f)
			l.widths = append(l.widths, width)
		}
	}
	if n := len(l.fields); n > 0 && l.fields[n-1] == fieldNote {
		l.widths[n-1] += max(0, room)
	}
	return l
}

// fieldAt returns the column at cell x of a line. It returns false if there is none.
func (l layout) fieldAt(x int) (field, bool) {
	at := cursorWidth
	for i, f := range l.fields {
		if x >= at && x < at+l.widths[i] {
			return f, true
		}
		at += l.widths[i] + columnGap
	}
	return 0, false
}

// header draws the names of the columns and marks the sort keys.
func (s view) header() string {
	p := s.env.Painter
	var parts []string
	for i, f := range s.layout.fields {
		mark, w := "", s.layout.widths[i]
		if at := slices.IndexFunc(s.sorted, func(k sortKey) bool { return k.field == f }); at >= 0 {
			mark = s.sorted[at].mark()
		}
		title := p.Title(mark, f.name(), "", w)
		style := p.Table.Header
		if f == s.column {
			style = p.Table.HeaderCursor
		}
		if f.isNumber() {
			parts = append(parts, draw.Spaces(w-p.Width(title))+style.Render(title))
		} else {
			parts = append(parts, style.Render(title)+draw.Spaces(w-p.Width(title)))
		}
	}
	return draw.Spaces(cursorWidth) + strings.Join(parts, draw.Spaces(columnGap))
}

// line draws a run on one line. isIndented is true for the runs of a group.
func (s view) line(r *row, isIndented bool) string {
	p := s.env.Painter
	parts := make([]string, len(s.layout.fields))
	for i, f := range s.layout.fields {
		w := s.layout.widths[i]
		shown, style := s.cell(r, f)
		switch {
		case f.isCount() && p.Width(shown) > w:
			shown = shortNumber(r.value(f, s.env.Now).number)
		case f == fieldRecipe && isIndented:
			shown = "  " + shown
		case f == fieldProgress && shown == "":
			parts[i] = s.bar(r, w)
			continue
		}
		shown = p.Cut(shown, w)
		fill := draw.Spaces(w - p.Width(shown))
		shown = s.marked(shown, style)
		if f.isNumber() {
			parts[i] = fill + shown
		} else {
			parts[i] = shown + fill
		}
	}
	return strings.TrimRight(strings.Join(parts, draw.Spaces(columnGap)), " ")
}

// marked renders a text and highlights the matches of the search.
func (s view) marked(shown string, style lipgloss.Style) string {
	spans := s.search.Spans(shown)
	if len(spans) == 0 {
		return style.Render(shown)
	}
	var b strings.Builder
	at := 0
	for _, span := range spans {
		b.WriteString(style.Render(shown[at:span[0]]) + s.env.Painter.Table.Match.Render(shown[span[0]:span[1]]))
		at = span[1]
	}
	b.WriteString(style.Render(shown[at:]))
	return b.String()
}

// bar draws the progress of a run.
func (s view) bar(r *row, w int) string {
	p := s.env.Painter
	share, known := r.progress().Get()
	if !known {
		return draw.Spaces(w)
	}
	style := p.Accent
	if r.watch.Over() {
		style = p.Success
	}
	return chart.Bar(p, share, w, style)
}

// cell returns the text that a column shows for a run, and its style.
func (s view) cell(r *row, f field) (string, lipgloss.Style) {
	p, w, now := s.env.Painter, r.watch, s.env.Now
	switch f {
	case fieldRecipe:
		return r.name(), p.Strong
	case fieldRun:
		return orDash(w.RunID().String()), p.Muted
	case fieldStatus:
		mark, style := s.badge(r)
		return mark + " " + r.status(), style
	case fieldProgress:
		if r.watch.Run().Status() == run.StatusRunning && !r.progress().Known() {
			return "–", p.Muted
		}
		return "", p.Plain
	case fieldDrift:
		drift := w.Run().Drift()
		if value, known := drift.Get(); known {
			return text.DriftText(value), driftStyle(p, run.DriftLevelOf(drift))
		}
		return "", p.Plain
	case fieldWarnings:
		return countText(r.warnings()), unlessZero(p, r.warnings())
	case fieldFindings:
		return countText(r.facts.Findings), unlessZero(p, r.facts.Findings)
	case fieldElapsed:
		if elapsed, known := r.elapsed(now).Get(); known {
			return text.Clock(elapsed), p.Plain
		}
		return "", p.Plain
	case fieldLeft:
		if left, known := r.timeLeft(now).Get(); known {
			sign := "≤"
			if r.facts.Left.Known() {
				sign = "~"
			}
			return sign + text.Clock(left), p.Plain
		}
		return "", p.Plain
	case fieldAge:
		return s.ageText(r)
	case fieldTrend:
		_, items := w.Timeline().Growth(trendWidth)
		return chart.Sparkline{Values: items, Baseline: true}.View()[0], p.Accent.UnsetBold()
	case fieldNote:
		return s.noteText(r), s.noteStyle(r)
	case fieldPages, fieldItems, fieldCredits, fieldRate, fields, fieldState:
	}
	return s.numberText(r, f), s.numberStyle(r)
}

// numberStyle returns the style for the numbers of a run.
func (s view) numberStyle(r *row) lipgloss.Style {
	if r.isOld {
		return s.env.Painter.Muted
	}
	return s.env.Painter.Plain
}

// ageText returns the time since the last answer about a run, and its style. It returns "" if the numbers are not old.
func (s view) ageText(r *row) (string, lipgloss.Style) {
	age, known := r.age(s.env.Now).Get()
	switch {
	case !known || !r.isOld:
		return "", s.env.Painter.Muted
	case r.attention.isCutOff():
		return shortAge(age), s.env.Painter.Warning.UnsetBold()
	default:
		return shortAge(age), s.env.Painter.Muted
	}
}

// shortAge formats a duration on at most five cells: "45 s", "12:30", "3 h", "5 d".
func shortAge(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Hour:
		return text.Seconds(d)
	case d < 2*day:
		return text.Count(int64(d/time.Hour)) + " h"
	default:
		return text.Count(int64(d/day)) + " d"
	}
}

// numberText returns the number that a column shows for a run. It returns "" if the number is unknown.
func (s view) numberText(r *row, f field) string {
	v := r.value(f, s.env.Now)
	if !v.isKnown {
		return ""
	}
	if f == fieldRate {
		return rateText(v.number)
	}
	return text.Count(int64(v.number))
}

// rateText formats a rate in items per minute.
func rateText(rate float64) string {
	const tooMany, many, thousand = 9_999_500, 99_999.5, 1000
	switch {
	case rate >= tooMany:
		return shortNumber(rate) + "/m"
	case rate >= many:
		return text.Count(int64(math.Round(rate/thousand))) + "k/m"
	}
	return text.Count(int64(math.Round(rate))) + "/m"
}

// shortNumber formats a large number with a unit on at most five cells, such as 12.6M.
func shortNumber(x float64) string {
	const units, thousand = "kMGT", 1000
	const oneDecimal, limit = 99.95, 999.5 // from these values on, the rounded number gets longer
	unit := 0
	for x /= thousand; x >= limit && unit < len(units)-1; unit++ {
		x /= thousand
	}
	if x < oneDecimal {
		return fmt.Sprintf("%.1f%c", x, units[unit])
	}
	return text.Count(int64(math.Round(x))) + units[unit:unit+1]
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// unlessZero returns the style for n, which counts problems: the muted style if n is 0 or unknown, and the warning
// style otherwise.
func unlessZero(p draw.Painter, n optional.Value[int64]) lipgloss.Style {
	if n.Or(0) == 0 {
		return p.Muted
	}
	return p.Warning
}

// badge returns the symbol and the style of a status. A running run that has stalled gets the warning style. A run that
// cannot be polled gets a question mark, too, because its status may have changed.
func (s view) badge(r *row) (mark string, style lipgloss.Style) {
	mark, style = screen.Badge(s.env.Painter, r.watch)
	switch {
	case r.attention.isCutOff():
		return "?", s.env.Painter.Warning
	case r.attention == attentionStalled && r.watch.Run().Status() == run.StatusRunning:
		style = s.env.Painter.Warning
	}
	return mark, style
}

// noteText returns the note about a run, with a sign for its severity.
func (s view) noteText(r *row) string {
	switch {
	case r.note == "":
		return ""
	case r.attention == attentionFailed:
		return "✗ " + r.note
	default:
		return "! " + r.note
	}
}

func (s view) noteStyle(r *row) lipgloss.Style {
	p := s.env.Painter
	switch r.attention {
	case attentionFailed:
		return p.Error.UnsetBold()
	case attentionStalled, attentionUnreachable, attentionLimited, attentionWorse:
		return p.Warning.UnsetBold()
	case attentionRunning, attentionQueued, attentionDispatching, attentionUnpolled, attentionDone, attentions:
	}
	return p.Muted
}

func driftStyle(p draw.Painter, level run.DriftLevel) lipgloss.Style {
	switch level {
	case run.DriftSmall:
		return p.Success.UnsetBold()
	case run.DriftModerate, run.DriftLarge:
		return p.Warning
	case run.DriftUnknown:
	}
	return p.Muted
}
