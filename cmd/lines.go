package cmd

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model"
)

// dataLines writes what becomes of a run to standard output.
type dataLines interface {
	// dispatched tells the id of a run that was accepted.
	dispatched(now time.Time, watch *model.Watch) error
	// change tells the state of a run under way. With repeated, nothing has changed and the line is a sign of life; it
	// tells whether one was written.
	change(now time.Time, watch *model.Watch, repeated bool) (bool, error)
	// end tells the state that a run ended in, and all that it says of itself.
	end(now time.Time, watch *model.Watch) error
}

// plainLines writes lines for people and for grep: time of day, run, status, counts. Columns only ever grow, so that
// lines stand under each other.
type plainLines struct {
	out                   io.Writer
	idWidth, statusWidth  int
	pages, items, credits int        // widths of the numbers
	nameless              model.Text // stands where a run has no id
}

// newPlainLines starts with columns that fit most runs.
func newPlainLines(out io.Writer) *plainLines {
	return &plainLines{out: out, pages: 3, items: 4, credits: 2, idWidth: 11, statusWidth: 9}
}

func (l *plainLines) dispatched(now time.Time, watch *model.Watch) error {
	return l.write(l.remark(now, watch, "dispatched", "recipe "+watch.RecipeID().String()))
}

func (l *plainLines) change(now time.Time, watch *model.Watch, _ bool) (bool, error) {
	return true, l.write(l.state(now, watch))
}

func (l *plainLines) end(now time.Time, watch *model.Watch) error {
	lines := []string{l.state(now, watch)}
	if watch.Run().Status() == model.StatusCompleted {
		drift := "-"
		if value, known := watch.Run().Drift().Get(); known {
			drift = model.DriftText(value)
		}
		lines[0] += "   drift " + drift
	}
	warnings, known := watch.Run().Warnings().Get()
	if known {
		lines[0] += "   " + plainCount(model.Some(int64(len(warnings))), "warning")
	}
	if took := tookOf(watch.Run()); took != "" {
		lines[0] += "   " + took
	}
	for _, warning := range warnings {
		lines = append(lines, l.remark(now, watch, "warning", warning.String()))
	}
	return l.write(lines...)
}

// tookOf is how long an ended run took; empty where the service did not say.
func tookOf(run model.Run) string {
	if run.Began().IsZero() || run.CompletedAt.IsZero() {
		return ""
	}
	return model.Clock(run.Elapsed(run.CompletedAt))
}

// head is how every line begins.
func (l *plainLines) head(now time.Time, watch *model.Watch, status string) string {
	id := watch.RunID()
	if id.IsEmpty() {
		id = l.nameless
	}
	return now.Format(time.TimeOnly) + "  " + padRight(id.String(), l.idWidth) + "  " + padRight(status, l.statusWidth)
}

// remark is a line of words, which begin below the number of pages.
func (l *plainLines) remark(now time.Time, watch *model.Watch, kind, text string) string {
	return l.head(now, watch, padRight(kind, l.statusWidth+2)) + "  " + text
}

// state is the line of a run's status and counts.
func (l *plainLines) state(now time.Time, watch *model.Watch) string {
	run := watch.Run()
	line := l.head(now, watch, statusWord(watch)) +
		"  " + l.counted(run.Pages, "page", &l.pages) +
		"  " + l.counted(itemCount(watch), "item", &l.items) +
		"  " + l.counted(run.Credits, "credit", &l.credits)
	return line
}

// counted is a number, right-aligned in a column that grows with it, and its noun.
func (l *plainLines) counted(n model.Optional[int64], noun string, width *int) string {
	text := plainCount(n, noun)
	number, _, _ := strings.Cut(text, " ")
	*width = max(*width, len(number))
	return strings.Repeat(" ", *width-len(number)) + padRight(text, len(number)+len(" s")+len(noun))
}

// plainCount is a number with its noun, "1 page" or "1204 items": without separators, as it is for programs too. An
// unknown number is a dash.
func plainCount(n model.Optional[int64], noun string) string {
	value, known := n.Get()
	switch {
	case !known:
		return "- " + noun + "s"
	case value == 1:
		return "1 " + noun
	default:
		return strconv.FormatInt(value, 10) + " " + noun + "s"
	}
}

// write writes whole lines, in one go: another process may write to the same log.
func (l *plainLines) write(lines ...string) error {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(l.out, b.String())
	return written(err)
}

// padRight fills text up with spaces to a width in cells.
func padRight(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

// statusWord is the status of a run. What has neither id nor status is no run, but items that were saved from one.
func statusWord(watch *model.Watch) string {
	run := watch.Run()
	if run.ID.IsEmpty() && run.StatusSent.IsEmpty() && run.Status() == model.StatusQueued && watch.Over() {
		return "opened"
	}
	return run.StatusText()
}

// itemCount is the service's own count, or that of the items at hand where it gave none.
func itemCount(watch *model.Watch) model.Optional[int64] {
	if watch.Run().Items.Known() || !watch.Over() {
		return watch.Run().Items
	}
	isRun := !watch.RunID().IsEmpty() || !watch.Run().StatusSent.IsEmpty() || !watch.Run().Error.IsEmpty()
	if n := watch.Items().Total(); n > 0 || !isRun && watch.Problem() == nil || watch.Run().Status() == model.StatusCompleted {
		return model.Some(int64(n))
	}
	return model.Optional[int64]{} // a run that ended badly returns none, whatever it had read
}

// costLine says what a run of a recipe may cost, as far as usage tells.
func costLine(recipeID model.Text, usage model.Usage) string {
	pages, credits := usage.Allowance()
	most, pagesKnown := pages.Get()
	cost, costKnown := credits.Get()
	line := fmt.Sprintf("a run of %s reads up to %s", recipeID, model.Counted(most, "page"))
	switch {
	case !pagesKnown:
		return fmt.Sprintf("what a run of %s may cost is not known: the account's limits were not told", recipeID)
	case !costKnown:
		return line + "; what a page costs is not known"
	case most == 0:
		return fmt.Sprintf("the credits (%s) do not pay for a single page, which costs %s: the service will refuse a run of %s",
			model.CountOr(usage.CreditsRemaining), model.CountOr(usage.CostPerPage), recipeID)
	}
	line += ": at most " + model.Counted(cost, "credit")
	if balance, known := usage.CreditsRemaining.Get(); known {
		line += " of " + model.Count(balance)
	}
	line += "; a page costs " + model.Count(usage.CostPerPage.Or(0))
	if plan, known := usage.PagesPerRun.Get(); known && plan > most {
		line += "; the plan allows " + model.Count(plan) + " pages, but the credits pay for no more"
	}
	return line
}
