package report

import (
	"strings"
	"testing"
	"time"

	"sbwatch/internal/testrun"
	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// TestSentences follows two runs. Sentences about progress come at most every few seconds, but a new status is told at
// once.
func TestSentences(t *testing.T) {
	start := time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	running := func(pages, items int64) run.Answer {
		answer := testrun.Running(pages, items)
		answer.Run.StartedAt = start
		return answer
	}
	first, second := testrun.Watch("k7Xb9dRmQ2p"), testrun.Watch("second00001")
	queued := run.Answer{Run: run.Run{ID: text.NewText("second00001"), StatusSent: text.NewText("queued")}}
	completed := testrun.Completed("pagination stalled")
	completed.Run.Pages, completed.Run.Items = optional.Some[int64](3), optional.Some[int64](87)
	var b strings.Builder
	sentences := NewSentences(&b)
	earlier := baseline.Run{
		Status: run.StatusCompleted, StartedAt: start.Add(-time.Hour), CompletedAt: start.Add(2*time.Minute - time.Hour), Pages: optional.Some[int64](4),
	}
	sentences.Course = func(recipe text.Text) baseline.Course {
		if recipe.Raw() != "m3Yc2tFvN8q" {
			t.Errorf("asked for recipe %q", recipe)
		}
		_, course := baseline.JudgeCourse([]baseline.Run{earlier})
		return course
	}
	for _, step := range []struct {
		at       time.Duration
		isSecond bool
		answer   run.Answer
		repeated bool
	}{
		{at: 1 * time.Second, answer: running(1, 29)},
		{at: 2 * time.Second, answer: running(2, 58)}, // too early
		{at: 3 * time.Second, isSecond: true, answer: queued},
		{at: 4 * time.Second, answer: running(3, 80)},
		{at: 70 * time.Second, answer: running(3, 87)},
		{at: 80 * time.Second, answer: running(3, 87)}, // no change
		{at: 81 * time.Second, answer: running(3, 87), repeated: true},
		{at: 90 * time.Second, answer: completed},
	} {
		w, now := &first, start.Add(step.at)
		if step.isSecond {
			w = &second
		}
		w.Polled(step.answer, now, 0)
		if step.answer.Run.Status() == run.StatusCompleted {
			if err := sentences.end(now, w); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if _, err := sentences.state(now, w, step.repeated); err != nil {
			t.Fatal(err)
		}
	}
	wantLines(t, "sentences", b.String(), `
Run k7Xb9dRmQ2p is running: 1 page, 29 items, 2 credits, after 1 second; about 1 minute 50 seconds left.
Run second00001 is queued.
Run k7Xb9dRmQ2p is running: 3 pages, 87 items, 6 credits, after 1 minute 10 seconds; about 35 seconds left.
Run k7Xb9dRmQ2p is still running: 3 pages, 87 items, 6 credits, after 1 minute 21 seconds; about 30 seconds left.
Run k7Xb9dRmQ2p completed after 1 minute 30 seconds with 3 pages, 87 items, 0 credits and drift 0.02. 1 warning.
Warning: pagination stalled.
`)
}

func TestSentencesOfResults(t *testing.T) {
	var b strings.Builder
	verdicts := []rules.Verdict{
		{Rule: rules.Rule{Kind: rules.NoWarnings}, Level: rules.Holds, Found: "no warnings"},
		{Rule: rules.Rule{Kind: rules.NoWarnings}, Level: rules.NotJudged, Found: "the warnings are unknown"},
	}
	findings := []profile.Finding{{Severity: profile.Warning, Text: "price is empty in 2 of 4 items", Rows: []int{2, 3}}}
	judgment := baseline.Judgment{Advice: baseline.Advice{Kind: baseline.AdviceReAuthor, Text: "re-author the recipe"}, Earlier: 3}
	for _, err := range []error{
		WriteVerdictSentences(&b, text.Text{}, verdicts, findings), WriteVerdictSentences(&b, text.NewText("k7Xb9dRmQ2p"), nil, nil), WriteBaselineSentences(&b, &judgment),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wantLines(t, "sentences", b.String(), `
Rule no-warnings is met: no warnings.
Rule no-warnings could not be judged: the warnings are unknown.
1 finding in the items.
Warning: price is empty in 2 of 4 items, such as items 3, 4.
Results of run k7Xb9dRmQ2p.
No findings in the items.
Advice: re-author the recipe.
The run is as usual: nothing differs from the last 3 runs.
`)
}
