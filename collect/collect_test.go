package collect_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/collect"
	"sbwatch/history"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
	"sbwatch/report"
)

func TestCollectsAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		s.statuses["k-r2"] = run.StatusFailed
		s.began["k-old"] = time.Now()
		c := newCollection(s, func(config *collect.Config) {
			config.List = append(config.List, history.TaskKey{Kind: history.TaskRun, ID: "k-old"})
		}, "r1", "r2")
		if outcome := c.run(t.Context(), t); outcome != report.Failed {
			t.Errorf("outcome %v", outcome)
		}
		if got := s.dispatched(); !slices.Equal(got, []string{"r1", "r2"}) {
			t.Errorf("dispatched %v", got)
		}
		for i, state := range s.states {
			if state != "dispatching, held by a" {
				t.Errorf("%s was %q when its dispatch was sent", s.sent[i], state)
			}
		}
		for id, want := range map[string]string{"r1": "ended k-r1: completed", "r2": "ended k-r2: failed", "k-old": "ended k-old: completed"} {
			if got := s.tasks.state(id); got != want {
				t.Errorf("%s: %s, want %s", id, got, want)
			}
		}
		slices.Sort(c.endings)
		want := []string{"old k-old: completed, 7 items", "r1 k-r1: completed, 7 items", "r2 k-r2: failed, 7 items"}
		if !slices.Equal(c.endings, want) {
			t.Errorf("endings %q", c.endings)
		}
	})
}

// A restart of an invocation whose runs have all ended dispatches nothing, but has the same outcome.
func TestSameInvocationAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		s.statuses["k-r1"] = run.StatusCancelled
		first := newCollection(s, nil, "r1").run(t.Context(), t)
		again := newCollection(s, nil, "r1").run(t.Context(), t)
		if first != report.Failed || again != report.Failed || len(s.dispatched()) != 1 {
			t.Errorf("outcomes %v and %v, dispatched %v", first, again, s.dispatched())
		}
		newCollection(s, func(config *collect.Config) { config.Today = "tuesday" }, "r1").run(t.Context(), t)
		if len(s.dispatched()) != 2 {
			t.Errorf("the next night: dispatched %v", s.dispatched())
		}
	})
}

// A collector that is stopped waits for the answer to its dispatch. The next collector then watches this run.
func TestStopAndRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		s.takes = 8 * time.Second
		ctx, stop := context.WithTimeoutCause(t.Context(), 5*time.Second, report.ErrLeft)
		defer stop()
		if outcome := newCollection(s, nil, "r1", "r2").run(ctx, t); outcome != report.Left {
			t.Errorf("outcome %v", outcome)
		}
		if r1, r2 := s.tasks.state("r1"), s.tasks.state("r2"); r1 != "watching k-r1" || r2 != "to dispatch" {
			t.Errorf("after the stop: r1 %s, r2 %s", r1, r2)
		}
		if outcome := newCollection(s, nil, "r1", "r2").run(t.Context(), t); outcome != report.Completed {
			t.Errorf("outcome %v", outcome)
		}
		if got := s.dispatched(); !slices.Equal(got, []string{"r1", "r2"}) {
			t.Errorf("dispatched %v", got)
		}
	})
}

// A process that died during a dispatch leaves a task that is reported as lost and not dispatched again.
func TestLostDispatchIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tasks := &fakeTasks{tasks: []fakeTask{{Task: history.Task{
			TaskKey: history.TaskKey{Invocation: "monday", Kind: history.TaskRecipe, ID: "r1"}, State: history.TaskDispatching, DispatchedAt: time.Now(),
		}}}}
		tasks.give("dead", 30*time.Second)
		s := newService(tasks)
		c := newCollection(s, nil, "r1")
		began := time.Now()
		if outcome := c.run(t.Context(), t); outcome != report.Failed || len(s.dispatched()) > 0 {
			t.Errorf("outcome %v, dispatched %v", outcome, s.dispatched())
		}
		if took := time.Since(began); took < 30*time.Second || took > time.Minute {
			t.Errorf("taken over after %v", took)
		}
		if len(c.endings) != 1 || !strings.Contains(c.endings[0], "the answer to the dispatch was lost") {
			t.Errorf("endings %q", c.endings)
		}
		if !strings.Contains(c.log.String(), "not dispatched again") {
			t.Errorf("log:\n%s", c.log)
		}
	})
}

// The runs of a collector that died are taken over within a minute. Until then, other collectors leave these runs
// alone.
func TestTakeOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		s.began["k-1"] = time.Now()
		list := func(config *collect.Config) {
			config.List = []history.TaskKey{{Kind: history.TaskRun, ID: "k-1"}}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		newCollection(s, list).run(ctx, t)
		s.tasks.give("dead", 30*time.Second)
		polls := s.polled()
		c := newCollection(s, list)
		done := make(chan report.Outcome)
		go func() { done <- c.run(t.Context(), t) }()
		time.Sleep(25 * time.Second)
		if s.polled() > polls {
			t.Error("polls a run of another collector")
		}
		time.Sleep(35 * time.Second)
		if s.polled() == polls {
			t.Error("not taken over within a minute")
		}
		if outcome := <-done; outcome != report.Completed {
			t.Errorf("outcome %v", outcome)
		}
	})
}

// While the history cannot be reached, nothing is dispatched, but runs are still polled. Changes in the meantime are
// stored later.
func TestHistoryOutOfReach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		s.takes = time.Second
		c := newCollection(s, nil, "r1", "r2")
		done := make(chan report.Outcome)
		go func() { done <- c.run(t.Context(), t) }()
		synctest.Wait() // the dispatch of r1 is under way
		s.tasks.setDown(true)
		time.Sleep(2 * time.Minute)
		if health := c.Health(time.Now()); len(health) != 1 || !strings.Contains(health[0], "is down") {
			t.Errorf("health %q", health)
		}
		if got := s.dispatched(); len(got) != 1 || s.polled() < 10 {
			t.Errorf("dispatched %v, %d polls", got, s.polled())
		}
		s.tasks.setDown(false)
		if outcome := <-done; outcome != report.Completed {
			t.Errorf("outcome %v", outcome)
		}
		for _, id := range []string{"r1", "r2"} {
			if got := s.tasks.state(id); got != "ended k-"+id+": completed" {
				t.Errorf("%s is %s", id, got)
			}
		}
		if got := s.dispatched(); len(got) != 2 {
			t.Errorf("dispatched %v", got)
		}
	})
}

// Leases are renewed in time although a run ends every second.
func TestLeasesAreRenewedWhileRunsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		const runs = 180
		c := newCollection(s, func(config *collect.Config) {
			for i := range runs {
				id := fmt.Sprintf("k-%d", i)
				s.began[id] = time.Now().Add(time.Duration(i-30) * time.Second)
				config.List = append(config.List, history.TaskKey{Kind: history.TaskRun, ID: id})
			}
			config.Limits = monitor.Limits{}
		})
		done := make(chan report.Outcome)
		go func() { done <- c.run(t.Context(), t) }()
		for range 20 {
			time.Sleep(10 * time.Second)
			if id := fmt.Sprintf("k-%d", runs-1); s.tasks.hasExpired(id) {
				t.Fatalf("the lease on %s has ended", id)
			}
		}
		if outcome := <-done; outcome != report.Completed {
			t.Errorf("outcome %v", outcome)
		}
	})
}

// At its time limit, a collector does not dispatch a recipe whose state it could not store.
func TestTimeoutWhileHistoryIsOutOfReach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		c := newCollection(s, func(config *collect.Config) {
			config.Timeout = 20 * time.Second
		}, "r1")
		s.tasks.failAfterRenewal()
		time.AfterFunc(25*time.Second, func() { s.tasks.setDown(false) })
		began := time.Now()
		outcome := c.run(t.Context(), t)
		if took := time.Since(began); outcome != report.TimedOut || len(s.dispatched()) > 0 || took > 25*time.Second {
			t.Errorf("outcome %v after %v, dispatched %v", outcome, took, s.dispatched())
		}
	})
}

// A collector that cannot begin does not block callers of Deliver.
func TestDeliverWithoutHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{down: true})
		c := newCollection(s, nil, "r1")
		if _, err := c.Run(t.Context()); err == nil {
			t.Error("no error")
		}
		c.Deliver(text.NewText("k-1"))
	})
}

// A refused key ends the collector, but not its tasks: a later collector with another key continues them.
func TestKeyRevoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		c := newCollection(s, nil, "r1", "r2")
		time.AfterFunc(20*time.Second, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.pollErr = &run.Problem{Kind: run.ProblemKey, Summary: text.NewText("the service refused the API key")}
		})
		if outcome := c.run(t.Context(), t); outcome != report.KeyRefused {
			t.Errorf("outcome %v", outcome)
		}
		if got := s.tasks.state("r1"); got != "watching k-r1" {
			t.Errorf("r1 is %s", got)
		}
		s.mu.Lock()
		s.pollErr = nil
		s.mu.Unlock()
		if outcome := newCollection(s, nil, "r1", "r2").run(t.Context(), t); outcome != report.Completed || len(s.dispatched()) != 2 {
			t.Errorf("outcome %v, dispatched %v", outcome, s.dispatched())
		}
	})
}

func TestDispatchRefusedOrLost(t *testing.T) {
	for _, c := range []struct {
		problem *run.Problem
		sent    int
		detail  string
	}{
		{&run.Problem{Kind: run.ProblemCredits, Summary: text.NewText("too few credits")}, 1, "too few credits"},
		{&run.Problem{Kind: run.ProblemLost, Summary: text.NewText("the connection broke")}, 1, "the answer to the dispatch was lost"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(&fakeTasks{})
			s.problem = c.problem
			collector := newCollection(s, nil, "r1")
			outcome := collector.run(t.Context(), t)
			if got := s.tasks.state("r1"); outcome != report.Failed || got != "ended: failed" || len(s.dispatched()) != c.sent {
				t.Errorf("%s: outcome %v, state %s, dispatched %v", c.detail, outcome, got, s.dispatched())
			}
			if len(collector.endings) != 1 || !strings.Contains(collector.endings[0], c.detail) {
				t.Errorf("endings %q", collector.endings)
			}
		})
	}
}

// Deliveries add runs, but only runs that the service knows. The added runs survive a restart.
func TestDeliveriesAddRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		endless := func(config *collect.Config) { config.Endless = true }
		c := newCollection(s, endless)
		ctx, stop := context.WithCancelCause(t.Context())
		done := make(chan report.Outcome)
		go func() { done <- c.run(ctx, t) }()
		s.mu.Lock()
		s.began["k-1"] = time.Now()
		s.mu.Unlock()
		for _, id := range []string{"k-1", "nosuchrun", "k-1", ""} {
			c.Deliver(text.NewText(id))
		}
		time.Sleep(30 * time.Second)
		if got, other := s.tasks.state("k-1"), s.tasks.state("nosuchrun"); got != "watching k-1, held by a" || other != "unknown" {
			t.Errorf("k-1 is %s, nosuchrun is %s", got, other)
		}
		stop(report.ErrLeft)
		if outcome := <-done; outcome != report.Completed {
			t.Errorf("stopped with %v", outcome)
		}
		c = newCollection(s, endless)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		c.run(ctx, t)
		if got := s.tasks.state("k-1"); got != "ended k-1: completed" {
			t.Errorf("after the restart, k-1 is %s", got)
		}
	})
}

// Many runs may end at the same time, such as those of a nightly schedule. All are watched, within the limits.
func TestManyDeliveriesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		s.hanging = "late"
		c := newCollection(s, func(config *collect.Config) { config.Endless = true })
		ctx, stop := context.WithCancelCause(t.Context())
		done := make(chan report.Outcome)
		go func() { done <- c.run(ctx, t) }()
		var ids []string
		s.mu.Lock()
		for i := range 100 {
			ids = append(ids, fmt.Sprintf("k-%d", i))
			s.began[ids[i]] = time.Now().Add(-time.Hour)
		}
		s.mu.Unlock()
		for _, id := range ids {
			c.Deliver(text.NewText("forged" + id))
			c.Deliver(text.NewText(id))
			c.Deliver(text.NewText(id))
		}
		time.Sleep(10 * time.Minute)
		for _, id := range ids {
			if got, forged := s.tasks.state(id), s.tasks.state("forged"+id); got != "ended "+id+": completed" || forged != "unknown" {
				t.Errorf("%s is %s, the forged one is %s", id, got, forged)
			}
		}
		c.Deliver(text.NewText("late"))
		stop(report.ErrLeft)
		<-done
		if log := c.log.String(); !strings.Contains(log, "stopped before it polled") || !strings.Contains(log, "late") {
			t.Errorf("the log does not name the unconfirmed run:\n%s", log)
		}
	})
}

func TestHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		s.statuses["k-r2"] = run.StatusFailed
		c := newCollection(s, nil, "r1", "r2")
		handler := c.Handler(func(text string) string { return strings.ReplaceAll(text, "secret", "***") })
		done := make(chan report.Outcome)
		go func() { done <- c.run(t.Context(), t) }()
		time.Sleep(30 * time.Second)
		if code, body := get(handler, "/healthz"); code != http.StatusOK || body != "{\"status\":\"ok\"}\n" {
			t.Errorf("%d %s", code, body)
		}
		_, body := get(handler, "/metrics")
		for _, want := range []string{
			`sbwatch_runs{state="running"} 2`, "sbwatch_budget_limit 60", "sbwatch_credits_left 500", `sbwatch_requests_total{kind="dispatch",result="ok"} 2`,
			"sbwatch_collectors 1", "sbwatch_tasks_open 2",
		} {
			if !strings.Contains(body, want+"\n") {
				t.Errorf("no %s in\n%s", want, body)
			}
		}
		s.mu.Lock()
		s.pollErr = &run.Problem{Kind: run.ProblemService, Summary: text.NewText("secret error"), HTTPStatus: 500}
		s.mu.Unlock()
		time.Sleep(6 * time.Minute)
		if code, body := get(handler, "/healthz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "no poll has succeeded for") {
			t.Errorf("%d %s", code, body)
		}
		s.mu.Lock()
		s.pollErr = nil
		s.mu.Unlock()
		<-done
		if _, body := get(handler, "/metrics"); !strings.Contains(body, `sbwatch_runs_ended_total{outcome="failed"} 1`) {
			t.Errorf("metrics at the end:\n%s", body)
		}
		if code, _ := get(handler, "/other"); code != http.StatusNotFound {
			t.Errorf("/other: %d", code)
		}
	})
}

func get(handler http.Handler, path string) (code int, body string) {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer.Code, answer.Body.String()
}

// The number of labels is bounded, whatever ids the service sends.
func TestMetricsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(&fakeTasks{})
		var recipes []string
		for i := range 300 {
			recipes = append(recipes, fmt.Sprintf("r%03d\x1b[31m\xff\u202e%s", i, strings.Repeat("x", 200)))
		}
		c := newCollection(s, func(config *collect.Config) { config.Limits.PerMinute = 0 }, recipes...)
		c.run(t.Context(), t)
		_, body := get(c.Handler(nil), "/metrics")
		if n := strings.Count(body, "\nsbwatch_recipe_items{"); n != 200 {
			t.Errorf("%d recipes in the metrics", n)
		}
		for line := range strings.Lines(body) {
			if len(line) > 300 || strings.ContainsAny(line, "\x1b\u202e") {
				t.Fatalf("line %q", line)
			}
		}
		if strings.ContainsAny(c.log.String(), "\x1b\u202e") {
			t.Error("the log has control characters")
		}
	})
}
