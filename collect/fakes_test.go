package collect_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"sbwatch/collect"
	"sbwatch/history"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
	"sbwatch/report"
)

// fakeTasks keeps tasks in memory. Its leases end by the clock of the test.
type fakeTasks struct {
	mu    sync.Mutex
	tasks []fakeTask
	down  bool // all calls fail
	// failsNext means that all calls fail after the next renewal.
	failsNext bool
}

type fakeTask struct {
	history.Task
	owner   string
	expires time.Time
}

var errDown = errors.New("the database on db is down")

func (f *fakeTasks) BeginTasks(_ context.Context, b history.Begin) (history.Begun, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return history.Begun{}, errDown
	}
	begun := history.Begun{Invocation: b.Invocation}
	if begun.Invocation == "" {
		begun.Invocation = b.Fallback
	}
	for _, t := range b.Tasks {
		t.Invocation = begun.Invocation
		if slices.ContainsFunc(f.tasks, func(known fakeTask) bool { return known.TaskKey == t.TaskKey }) {
			begun.Known++
			continue
		}
		f.tasks = append(f.tasks, fakeTask{Task: t})
	}
	return begun, nil
}

func (f *fakeTasks) RenewTasks(_ context.Context, l history.Lease) (history.Held, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return history.Held{}, errDown
	}
	held := history.Held{Collectors: 1}
	now := time.Now()
	for i := range f.tasks {
		t := &f.tasks[i]
		if t.State == history.TaskEnded || !l.Allows(&t.Task) {
			continue
		}
		held.Open++
		if t.owner == l.Owner || t.owner == "" || !t.expires.After(now) {
			t.owner, t.expires = l.Owner, now.Add(l.For)
			held.Tasks = append(held.Tasks, t.Task)
		}
	}
	f.down, f.failsNext = f.failsNext, false
	return held, nil
}

func (f *fakeTasks) ChangeTask(_ context.Context, _ history.Job, owner string, task history.Task) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return errDown
	}
	for i := range f.tasks {
		if t := &f.tasks[i]; t.TaskKey == task.TaskKey && t.owner == owner {
			t.Task = task
			return nil
		}
	}
	return history.ErrLeaseLost
}

func (f *fakeTasks) ReleaseTasks(_ context.Context, _ history.Job, owner string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.tasks {
		if t := &f.tasks[i]; t.owner == owner && t.State != history.TaskEnded {
			t.owner = ""
		}
	}
	return nil
}

func (f *fakeTasks) TasksOf(_ context.Context, _ history.Job, invocation string) ([]history.Task, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var tasks []history.Task
	for _, t := range f.tasks {
		if t.Invocation == invocation {
			tasks = append(tasks, t.Task)
		}
	}
	return tasks, nil
}

func (f *fakeTasks) Close() error { return nil }

func (f *fakeTasks) setDown(down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = down
}

// failAfterRenewal makes all calls fail after the next renewal of leases.
func (f *fakeTasks) failAfterRenewal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failsNext = true
}

// hasExpired reports whether the lease on an unfinished task has ended.
func (f *fakeTasks) hasExpired(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.tasks, func(t fakeTask) bool {
		return t.ID == id && t.State != history.TaskEnded && t.expires.Before(time.Now())
	})
}

// give makes another collector hold all tasks for the given duration.
func (f *fakeTasks) give(owner string, lasts time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.tasks {
		f.tasks[i].owner, f.tasks[i].expires = owner, time.Now().Add(lasts)
	}
}

// state returns the state of a task and the collector that holds it.
func (f *fakeTasks) state(id string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.tasks {
		if t.ID == id {
			words := string(t.State)
			if t.RunID != "" {
				words += " " + t.RunID
			}
			if t.Outcome != "" {
				words += ": " + t.Outcome
			}
			if t.owner != "" && t.State != history.TaskEnded {
				words += ", held by " + t.owner
			}
			return words
		}
	}
	return "unknown"
}

// fakeService runs each recipe for a minute. The run of recipe r1 is k-r1.
type fakeService struct {
	tasks *fakeTasks
	// takes is the time until a dispatch is answered. problem is the problem of the answer, or nil if the dispatch
	// succeeds.
	takes   time.Duration
	problem *run.Problem

	mu       sync.Mutex
	sent     []string // recipes
	states   []string // states of the tasks of the sent recipes when these were sent
	began    map[string]time.Time
	statuses map[string]run.Status // final status of each run, if not completed
	polls    int
	pollErr  *run.Problem
	hanging  string // run whose polls are never answered
	recorded func(*history.Record)
	noted    map[string]bool
}

func newService(tasks *fakeTasks) *fakeService {
	return &fakeService{tasks: tasks, began: map[string]time.Time{}, statuses: map[string]run.Status{}, noted: map[string]bool{}}
}

func (s *fakeService) Dispatch(ctx context.Context, recipe string) (run.Dispatch, error) {
	state := s.tasks.state(recipe)
	s.mu.Lock()
	s.sent, s.states = append(s.sent, recipe), append(s.states, state)
	s.mu.Unlock()
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return run.Dispatch{}, ctx.Err()
	}
	if s.problem != nil {
		return run.Dispatch{}, s.problem
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.began["k-"+recipe] = time.Now()
	return run.Dispatch{RunID: text.NewText("k-" + recipe), RecipeID: text.NewText(recipe)}, nil
}

func (s *fakeService) Poll(ctx context.Context, id string, _ func(item.Table)) (run.Answer, error) {
	if id == s.hanging {
		<-ctx.Done()
		return run.Answer{}, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.polls++
	if s.pollErr != nil {
		return run.Answer{}, s.pollErr
	}
	began, known := s.began[id]
	if !known {
		return run.Answer{}, &run.Problem{Kind: run.ProblemRefused, What: text.NewText("run " + id), Summary: text.NewText("no such run"), HTTPStatus: 404}
	}
	facts := run.Run{ID: text.NewText(id), RecipeID: text.NewText(id[2:]), StatusSent: text.NewText("running"), Items: optional.Some(int64(7))}
	if time.Since(began) >= time.Minute {
		status := run.StatusCompleted
		if other, given := s.statuses[id]; given {
			status = other
		}
		facts.StatusSent = text.NewText(status.String())
		if s.recorded != nil && !s.noted[id] {
			s.noted[id] = true
			record := &history.Record{}
			record.ID, record.Status = facts.ID, status
			go s.recorded(record)
		}
	}
	return run.Answer{Run: facts}, nil
}

func (s *fakeService) Usage(context.Context) (run.Usage, error) {
	return run.Usage{CreditsRemaining: optional.Some(int64(500))}, nil
}

func (s *fakeService) dispatched() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// collection is a collector in a test.
type collection struct {
	*collect.Collector
	metrics *collect.Metrics
	log     *bytes.Buffer
	endings []string
}

// newCollection returns a collector of recipes for a service. The service calls the method Recorded of the collector
// for each ended run.
func newCollection(s *fakeService, change func(*collect.Config), recipes ...string) *collection {
	c := &collection{metrics: collect.NewMetrics("test"), log: &bytes.Buffer{}}
	config := collect.Config{
		Service: s, Tasks: s.tasks, Job: history.Job{Host: "api.webscrape.ai", Name: "nightly"}, Today: "monday", Owner: "a",
		Lease: 30 * time.Second, Interval: 2 * time.Second, Limits: monitor.Limits{PerMinute: 60, Concurrent: 5, FromFirst: true},
		Recorded: true, Metrics: c.metrics, Now: time.Now, Jitter: func() float64 { return 0.5 },
		Log: collect.Logger(func(o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(c.log, o) }, slog.LevelDebug,
			func(s string) string { return s }),
		Ended: func(e collect.Ending) {
			c.endings = append(c.endings, e.Watch.RecipeID().String()+" "+e.Watch.RunID().String()+": "+e.Detail)
		},
	}
	for _, id := range recipes {
		config.List = append(config.List, history.TaskKey{Kind: history.TaskRecipe, ID: id})
	}
	if change != nil {
		change(&config)
	}
	c.Collector = collect.New(config)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recorded = c.Recorded
	return c
}

// run runs the collector to its end.
func (c *collection) run(ctx context.Context, t *testing.T) report.Outcome {
	t.Helper()
	outcome, err := c.Run(ctx)
	if err != nil {
		t.Errorf("%v\n%s", err, c.log)
	}
	return outcome
}

// polled returns how many polls were received.
func (s *fakeService) polled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.polls
}
