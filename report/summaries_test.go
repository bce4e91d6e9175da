package report

import (
	"strings"
	"testing"
	"time"

	"sbwatch/internal/testrun"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// TestSummaryOfMany checks that the summary of many runs has a line for each run, that the runs that did not complete
// come last with the reason, and that recipes that were not dispatched are named.
func TestSummaryOfMany(t *testing.T) {
	now := time.Date(2026, 5, 21, 12, 2, 0, 0, time.UTC)
	failed := testrun.Watch("failed00001")
	answer := run.Answer{Run: testrun.Of(run.StatusFailed, 3, 61)}
	answer.Run.Error = text.NewText("page 4: element not found")
	failed.Polled(answer, now, time.Second)
	completed := testrun.Watch("k7Xb9dRmQ2p")
	sample := testrun.Completed("pagination stalled")
	sample.Run.Pages, sample.Run.Items = optional.Some[int64](3), optional.Some[int64](87)
	completed.Polled(sample, now, time.Second)
	waiting, unanswered := testrun.Dispatch("waiting0001"), testrun.Dispatch("unanswered1")
	unanswered.Dispatching(now)
	watches := []*watch.Watch{&failed, &waiting, &unanswered, &completed}

	got := SummaryOfAll(watches, ErrLeft, Commands{}, now, 2*time.Second)
	lines := strings.Split(got, "\n")
	if !strings.HasPrefix(lines[0], "k7Xb9dRmQ2p  completed") || !strings.Contains(lines[0], "3 pages, 87 items") {
		t.Errorf("the completed run is not the first line with its counts:\n%s", got)
	}
	for _, want := range []string{
		"error    page 4: element not found",
		"no run  recipe waiting0001\n  note     not dispatched",
		"the dispatch was not answered: the run may have started",
		"again    sbwatch run waiting0001\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the summary lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "run unanswered1") {
		t.Errorf("the summary proposes to dispatch a recipe twice:\n%s", got)
	}
	if few := SummaryOfAll(watches[3:], ErrLeft, Commands{}, now, 2*time.Second); few != Summary(&completed, ErrLeft, Commands{}, now, 2*time.Second) {
		t.Errorf("the summary of one run differs:\n%s", few)
	}
	values := []watch.Watch{completed, failed}
	if got := OutcomeOfAll(values, ErrLeft); got != Failed {
		t.Errorf("outcome %d, want the worst, %d", got, Failed)
	}
}
