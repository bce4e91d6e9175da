package watch

import (
	"strings"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

func answerOf(r run.Run) run.Answer { return run.Answer{Run: r} }

func TestStatus(t *testing.T) {
	now := at(0)
	for name, c := range map[string]struct {
		run  run.Run
		want run.Status
		text string
	}{
		"as sent":                {run.Run{StatusSent: text.NewText("cancelled")}, run.StatusCancelled, "cancelled"},
		"a word of tomorrow":     {run.Run{StatusSent: text.NewText("paused\x1b"), CompletedAt: now}, run.StatusUnknown, `paused\x1b`},
		"missing, with an error": {run.Run{CompletedAt: now, Error: text.NewText("<string>")}, run.StatusFailed, "failed"},
		"missing, at its end":    {run.Run{CompletedAt: now, StartedAt: now}, run.StatusCompleted, "completed"},
		"missing, begun":         {run.Run{StartedAt: now}, run.StatusRunning, "running"},
		"missing, nothing known": {run.Run{}, run.StatusQueued, "queued"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.run.Status(); got != c.want {
				t.Errorf("status %v, want %v", got, c.want)
			}
			if got := c.run.StatusText(); got != c.text {
				t.Errorf("text %q, want %q", got, c.text)
			}
		})
	}
}

func TestFailuresKeepTheLastGoodAnswer(t *testing.T) {
	w := NewWatch(text.NewText("run"))
	w.Polled(answerOf(counts(at(0), 3, 87)), at(10), time.Second)
	for range 100 {
		w.PollFailed(&run.Problem{Kind: run.ProblemMalformed})
	}
	if w.Over() || w.Run().Pages.Or(0) != 3 || !w.AnsweredAt().Equal(at(10)) || w.NextRequest() == RequestNone {
		t.Errorf("after failures: over %v, page %v, next %v", w.Over(), w.Run().Pages, w.NextRequest())
	}
	w.PollFailed(&run.Problem{Kind: run.ProblemKey})
	if w.Phase() != PhaseGaveUp || w.Run().Pages.Or(0) != 3 {
		t.Error("a refused key does not end the watch or loses the answer")
	}
}

func TestNextRequest(t *testing.T) {
	w := NewDispatchWatch(text.NewText("recipe"))
	expect := func(want Request) {
		t.Helper()
		if got := w.NextRequest(); got != want {
			t.Fatalf("next request %d, want %d", got, want)
		}
	}
	expect(RequestUsage)
	w.UsageFailed(&run.Problem{Kind: run.ProblemNoConnection})
	expect(RequestDispatch)
	w.Dispatching(at(1))
	w.Dispatched(run.Dispatch{RunID: text.NewText("run"), RecipeID: text.NewText("recipe")})
	expect(RequestPoll)
	w.Polled(answerOf(counts(at(1), 0, 0)), at(2), 0)
	expect(RequestUsage)
	w.UsageRead(run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText("run"), EffectiveCap: optional.Some(int64(80))})})
	expect(RequestPoll)
	if w.PageCap().Or(0) != 80 {
		t.Error("the cap of this run is not known from usage")
	}
	done := counts(at(1), 3, 87)
	done.StatusSent = text.NewText("completed")
	w.Polled(answerOf(done), at(3), 0)
	expect(RequestUsage)
	for range maxUsageTries {
		w.UsageFailed(&run.Problem{Kind: run.ProblemService})
	}
	expect(RequestNone)
}

func TestRefusedKeyPreventsTheDispatch(t *testing.T) {
	w := NewDispatchWatch(text.NewText("recipe"))
	w.UsageFailed(&run.Problem{Kind: run.ProblemKey})
	if w.Phase() != PhaseGaveUp || w.NextRequest() != RequestNone {
		t.Error("the next request is a dispatch with a refused key")
	}
}

func TestLostRun(t *testing.T) {
	usageOf := func(id string, created time.Time) run.Usage {
		return run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText(id), Status: text.NewText("running"), CreatedAt: created})}
	}
	for name, c := range map[string]struct {
		before  *run.Usage
		after   run.Usage
		want    string // the run that may be the dispatched one
		verdict string
	}{
		"a new run is there":             {new(usageOf("old", at(-500))), usageOf("new", at(1)), "new", "new"},
		"no new run":                     {new(usageOf("old", at(1))), usageOf("old", at(1)), "", "no new run"},
		"the account's first run":        {&run.Usage{}, usageOf("first", at(1)), "first", "first"},
		"unknown before, young":          {nil, usageOf("new", at(1)), "new", "may be this run"},
		"unknown before, old":            {nil, usageOf("old", at(-3600)), "", "no new run"},
		"unknown before, none on record": {nil, run.Usage{}, "", "no new run"},
	} {
		t.Run(name, func(t *testing.T) {
			w := NewDispatchWatch(text.NewText("recipe"))
			if c.before != nil {
				w.UsageRead(*c.before)
			}
			w.Dispatching(at(0))
			w.DispatchFailed(&run.Problem{Kind: run.ProblemLost})
			if w.LostRun().Known() || !strings.Contains(w.LostVerdict(true), "Checking") {
				t.Error("a lost run is reported before usage was read again")
			}
			w.UsageRead(c.after)
			last, known := w.LostRun().Get()
			if !known || last.ID.Raw() != c.want {
				t.Errorf("got %v, %v", last.ID, known)
			}
			if !strings.Contains(w.LostVerdict(true), c.verdict) {
				t.Errorf("verdict %q", w.LostVerdict(true))
			}
		})
	}
}

func TestElapsedCorrectsClockSkew(t *testing.T) {
	w := NewWatch(text.NewText("run"))
	answer := answerOf(counts(at(600), 3, 87)) // it began according to a clock that is ten minutes ahead
	answer.ServedAt = at(641)
	w.Polled(answer, at(41), 100*time.Millisecond)
	if got := w.Elapsed(at(41)); got < 40*time.Second || got > 42*time.Second {
		t.Errorf("elapsed %v, want about 41 s", got)
	}
	answer.ServedAt = at(642)
	w.Polled(answer, at(43), 100*time.Millisecond)
	if got := w.Elapsed(at(43)) - w.Elapsed(at(41)); got != 2*time.Second {
		t.Errorf("elapsed changed by %v in two seconds", got)
	}
	// A clock difference within the network delay is ignored.
	w = NewWatch(text.NewText("run"))
	answer = answerOf(counts(at(0), 3, 87))
	answer.ServedAt = at(20)
	w.Polled(answer, at(40), 25*time.Second)
	if got := w.Elapsed(at(40)); got != 40*time.Second {
		t.Errorf("elapsed %v, want 40 s", got)
	}
}

func TestNotices(t *testing.T) {
	completed := func(change func(*run.Run)) *Watch {
		run := counts(at(0), 3, 0)
		run.Items = optional.Some(int64(0))
		run.StatusSent, run.CompletedAt = text.NewText("completed"), at(90)
		if change != nil {
			change(&run)
		}
		w := NewWatch(text.NewText("run"))
		w.Polled(answerOf(run), at(91), 0)
		return &w
	}
	usage := func(w *Watch, last run.LastRun) *Watch {
		last.ID = text.NewText("run")
		w.UsageRead(run.Usage{LastRun: optional.Some(last)})
		return w
	}
	underWay := func(elapsed float64, last run.LastRun) *Watch {
		w := NewWatch(text.NewText("run"))
		for i := range 11 {
			w.Polled(answerOf(counts(at(0), int64(10+i), 300)), at(elapsed-10+float64(i)), 0)
		}
		return usage(&w, last)
	}
	stalled := underWay(60, run.LastRun{})
	stalled.Polled(answerOf(counts(at(0), 20, 300)), at(75), 0)
	for name, c := range map[string]struct {
		watch    *Watch
		now      float64
		want     string
		severity Severity
	}{
		"cut by credits":          {usage(completed(nil), run.LastRun{EffectiveCap: optional.Some(int64(3)), ClampedByCredits: optional.Some(true)}), 100, "cut short by the credits after 3 pages", SeverityError},
		"cut by the plan":         {usage(completed(nil), run.LastRun{EffectiveCap: optional.Some(int64(3))}), 100, "cut short by the plan's limit of 3 pages", SeverityError},
		"empty":                   {completed(nil), 100, "completed without items", SeverityError},
		"drifted":                 {completed(func(r *run.Run) { r.Result = optional.Some(run.Result{Drift: optional.Some(0.61)}) }), 100, "the run has 0 items", SeverityWarning},
		"another count than held": {completed(func(r *run.Run) { r.Items = optional.Some(int64(87)) }), 100, "counted 87 items, but its answer has 0", SeverityWarning},
		"the limit is near":       {underWay(800, run.LastRun{}), 800, "1:40 left of the 15-minute limit", SeverityError},
		"the limit has passed":    {underWay(901, run.LastRun{}), 901, "past the 15-minute limit", SeverityError},
		"the limit before the cap": {
			underWay(500, run.LastRun{EffectiveCap: optional.Some(int64(500))}), 500, "reaches its 15-minute limit before page 500", SeverityWarning,
		},
		"stalled": {stalled, 75, "nothing new for 15 s; usually a page every 3.0 s", SeverityWarning},
	} {
		t.Run(name, func(t *testing.T) {
			notices := c.watch.Notices(at(c.now), 2*time.Second)
			for _, n := range notices {
				if strings.Contains(n.Text, c.want) && n.Severity == c.severity {
					return
				}
			}
			t.Errorf("no notice %q of severity %d among %+v", c.want, c.severity, notices)
		})
	}
	early := underWay(300, run.LastRun{EffectiveCap: optional.Some(int64(500))})
	if notices := early.Notices(at(300), time.Second); len(notices) != 0 {
		t.Errorf("the limit notice comes too early: %+v", notices)
	}
	quiet := completed(func(r *run.Run) { r.Items = optional.Some(int64(0)) })
	usage(quiet, run.LastRun{EffectiveCap: optional.Some(int64(80)), ClampedByCredits: optional.Some(true)})
	for _, n := range quiet.Notices(at(100), time.Second) {
		if strings.Contains(n.Text, "cut short") {
			t.Errorf("a run that ended before its cap has a cut notice: %q", n.Text)
		}
	}
}

func TestUnsuccessfulStatuses(t *testing.T) {
	for status := run.StatusUnknown; status <= run.StatusCancelled; status++ {
		want := status == run.StatusFailed || status == run.StatusCancelled
		if got := status.Unsuccessful(); got != want {
			t.Errorf("%v: unsuccessful %v, want %v", status, got, want)
		}
	}
}
