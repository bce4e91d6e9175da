package run

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/columns"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/widget/chart"
)

// askHistory returns a command that reads the earlier runs of the recipe. It returns nil until the recipe is known.
func (s *Screen) askHistory() tea.Cmd {
	recipe := s.watch.RecipeID()
	if recipe.IsEmpty() || s.past.Recipe().ID != "" {
		return nil
	}
	s.past.SetCurrentID(s.watch.RunID())
	return s.past.Load(history.RecipeKey{ID: recipe.Raw()})
}

// compare returns a command that compares the run with earlier runs of the recipe. The items must be profiled.
func (s *Screen) compare() tea.Cmd {
	if !s.past.IsEnabled() || !s.watch.Over() {
		return nil
	}
	facts := s.watch.Run()
	r := history.Run{Run: baseline.Run{
		ID: s.watch.RunID(), RecipeID: s.watch.RecipeID(), Status: facts.Status(), Error: facts.Error,
		CreatedAt: facts.CreatedAt, StartedAt: facts.StartedAt, CompletedAt: facts.CompletedAt,
		Pages: facts.Pages, Items: facts.Items, Credits: facts.Credits, Drift: facts.Drift(),
	}}
	if usage, known := s.watch.Usage(); known {
		r.Cut = usage.CutShort(r.ID, facts)
	}
	warnings, _ := facts.Warnings().Get()
	r.Warnings = len(warnings)
	if p, _ := s.columns.Profile(); p != nil && p.Items().Len() > 0 {
		r.Columns = slices.DeleteFunc(p.Summary().Columns, func(c profile.ColumnSummary) bool { return s.isComputed(c.Path) })
		for _, f := range p.Findings {
			if f.Column < 0 || !s.isComputed(p.Columns[f.Column].Place) {
				r.Findings++
			}
		}
	}
	return s.past.SetCurrent(r)
}

// isComputed reports whether the values at a place are computed. Earlier runs do not have such columns.
func (s *status) isComputed(place item.Place) bool {
	return slices.ContainsFunc(s.computed, func(added item.Column) bool { return added.Path() == place.Column() })
}

// pastChanged updates the screen after the comparison with earlier runs has changed.
func (s *Screen) pastChanged() {
	s.columns.SetChanges(s.judgment())
	s.arrange()
}

// openPast returns a command that opens an earlier run.
func (s *Screen) openPast(msg columns.ShowRunMsg) tea.Cmd {
	if study := s.past.Study(); study != nil {
		if r, found := study.Run(msg.RunID.Raw()); found {
			return func() tea.Msg { return history.OpenMsg{Run: r, Column: msg.Column} }
		}
	}
	return s.env.Say("the run is not in the history any more")
}

// judgment returns how the run differs from earlier runs. It returns nil if the run has not ended or was not compared.
func (s *status) judgment() *baseline.Judgment {
	study := s.past.Study()
	if study == nil || !s.watch.Over() {
		return nil
	}
	judgment := study.Judgment(s.watch.RunID().Raw())
	if judgment == nil || judgment.Earlier == 0 {
		return nil
	}
	return judgment
}

// Worse returns a few words about data that earlier runs of the recipe have and this run lacks. It returns "" if no
// data are missing. isCompared is false if the run was not compared.
func (s *status) Worse() (words string, isCompared bool) {
	judgment := s.judgment()
	if judgment == nil {
		return "", false
	}
	for _, c := range judgment.Changes {
		if c.IsData() {
			return c.String(), true
		}
	}
	return "", true
}

// baselineLine returns a line that compares the drift and the items of the run with the usual values. It returns "" if
// these are unknown.
func (s *status) baselineLine(w int) string {
	p, judgment := s.env.Painter, s.judgment()
	if judgment == nil {
		return ""
	}
	usually := " usually "
	if !judgment.ClaimsUsual() {
		usually = " last run "
	}
	beside := func(subject baseline.Subject, withPercent bool) string {
		now, known := subject.Measure(judgment.Run).Get()
		usual, isUsual := judgment.Usual(subject).Get()
		if !known || !isUsual {
			return ""
		}
		style := p.Strong
		for _, c := range judgment.Changes {
			if _, changed := history.ChangeMark(p, c); c.Subject == subject && c.Worse {
				style = changed
			}
		}
		value := text.CountOr(optional.Some(int64(now)))
		if subject == baseline.Drift {
			value = text.DriftText(now)
		}
		words := p.Muted.Render(subject.String()+" ") + style.Render(value) + p.Muted.Render(usually+usual.Words(subject))
		if percent := 100 * (now - usual.Median) / max(usual.Median, 1e-9); withPercent && usual.Median > 0 && (percent >= 1 || percent <= -1) {
			words += "  " + style.Render(fmt.Sprintf("%+.0f%%", percent))
		}
		return words
	}
	drift, items := beside(baseline.Drift, false), beside(baseline.Items, true)
	runs := p.Muted.Render(" (" + text.Counted(int64(judgment.Earlier), "run") + ")")
	line := ""
	for _, parts := range [][]string{{drift + runs, items}, {drift, items}, {items}} {
		line = strings.Join(nonEmpty(parts), draw.Spaces(3))
		if p.Width(line) <= w {
			return line
		}
	}
	return p.Cut(line, w)
}

func nonEmpty(parts []string) []string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return kept
}

// adviceLines returns the advice from the comparison with earlier runs. It returns nil if there is none.
func (s *status) adviceLines(w int) []string {
	judgment := s.judgment()
	if judgment == nil || judgment.Advice.Kind == baseline.AdviceNone {
		return nil
	}
	mark, style := history.AdviceMark(s.env.Painter, judgment.Advice.Kind)
	return draw.Marked(mark, style, s.env.Painter.Wrap(judgment.Advice.Text, w-2))
}

// adviceTitle returns the advice in short form, on one line.
func (s *status) adviceTitle(w int) []string {
	lines := s.adviceLines(w)
	if lines == nil {
		return nil
	}
	mark, style := history.AdviceMark(s.env.Painter, s.judgment().Advice.Kind)
	return draw.Marked(mark, style, []string{s.env.Painter.Cut(s.past.AdviceTitle(s.judgment()), w-2)})
}

// estimate returns how much of the run is done, estimated from earlier runs of its recipe. It returns false if there is
// no estimate.
func (s *status) estimate() (baseline.Estimate, bool) {
	study, r := s.past.Study(), s.watch.Run()
	if study == nil || s.config.IsSaved || s.watch.Phase() != watch.PhasePolling || r.Status() != run.StatusRunning || r.StartedAt.IsZero() {
		return baseline.Estimate{}, false
	}
	return study.Course().Estimate(r.Pages, s.watch.Elapsed(s.env.Now)).Get()
}

// maxTrack is the maximum width of the bar that shows the progress, in cells.
const maxTrack = 40

// progress draws a line that shows how much of the run is done and how long it will still take. It returns "" if there
// is no estimate. w is the width in cells.
func (s *status) progress(w int) string {
	e, known := s.estimate()
	if !known {
		return ""
	}
	const minTrack, gap = 12, 2
	texts := s.progressTexts(e)
	for _, words := range texts {
		if track := min(maxTrack, w-gap-s.env.Painter.Width(words)); track >= minTrack {
			return s.track(e, track) + draw.Spaces(gap) + words
		}
	}
	return s.env.Painter.Cut(texts[len(texts)-1], w)
}

// tallProgress draws the same as the method progress, but on two lines: the bar and, below it, the text. withPages says
// whether the text may contain the number of pages.
func (s *status) tallProgress(w int, withPages bool) []string {
	e, known := s.estimate()
	if !known {
		return nil
	}
	texts := s.progressTexts(e)
	if !withPages {
		texts = texts[2:]
	}
	words := texts[len(texts)-1]
	for _, longer := range texts {
		if s.env.Painter.Width(longer) <= w {
			words = longer
			break
		}
	}
	return []string{s.track(e, min(maxTrack, w)), s.env.Painter.Cut(words, w)}
}

// track draws a bar, w cells wide, that shows how much of the run is done, estimated from earlier runs.
func (s *status) track(e baseline.Estimate, w int) string {
	elapsed := s.watch.Elapsed(s.env.Now)
	longest := float64(max(1, elapsed+e.LeftHigh))
	return chart.Progress{
		Done: e.Done * float64(elapsed+e.Left) / longest,
		End:  float64(elapsed+e.LeftLow) / longest,
	}.View(s.env.Painter, w)
}

// progressTexts returns texts about the time that the run will still take, from the longest text to the shortest. Texts
// other than the last two also have the number of pages.
func (s *status) progressTexts(e baseline.Estimate) []string {
	p := s.env.Painter
	than := "usual"
	if !e.ClaimsUsual() {
		than = "the last run"
	}
	pages := ""
	if usual, hasPages := e.Pages.Get(); hasPages {
		pages = text.CountOr(s.watch.Run().Pages) + " " + p.Muted.Render("of "+usualWords(e)+usual.Words(baseline.Pages)+" pages")
	}
	left := p.Muted.Render("about") + " " + text.Clock(e.Left) + " " + p.Muted.Render("left")
	if e.Overdue > 0 {
		left = p.Warning.Render("! " + text.Clock(e.Overdue) + " longer than " + than)
	}
	sep, took := " "+p.Muted.Render("·")+" ", " "+p.Muted.Render("("+usualWords(e)+e.Duration.Words(baseline.Duration)+")")
	return []string{joinWith(sep, pages, left+took), joinWith(sep, pages, left), left + took, left}
}

// usualWords returns the words before a usual value: "usually " or, if there are too few earlier runs, "last run ".
func usualWords(e baseline.Estimate) string {
	if e.ClaimsUsual() {
		return "usually "
	}
	return "last run "
}

func joinWith(separator string, parts ...string) string {
	return strings.Join(nonEmpty(parts), separator)
}
