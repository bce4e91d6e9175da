package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sbwatch/history"
)

// job returns the job that the tests use.
func job() history.Job { return history.Job{Host: "api.webscrape.ai", Name: "nightly"} }

// begin begins the invocation "one", with recipes named r0, r1 and so on, and runs named k0, k1 and so on.
func begin(t *testing.T, s history.Tasks, recipes, runs int) history.Begun {
	t.Helper()
	b := history.Begin{Job: job(), Invocation: "one", KeepEnded: time.Hour}
	for i := range recipes {
		b.Tasks = append(b.Tasks, history.Task{TaskKey: history.TaskKey{Kind: history.TaskRecipe, ID: fmt.Sprintf("r%d", i)}, State: history.TaskToDispatch})
	}
	for i := range runs {
		id := fmt.Sprintf("k%d", i)
		b.Tasks = append(b.Tasks, history.Task{TaskKey: history.TaskKey{Kind: history.TaskRun, ID: id}, State: history.TaskWatching, RunID: id})
	}
	begun, err := s.BeginTasks(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return begun
}

// renew renews the leases of a collector for a duration. If the duration is 0 or negative, the leases end immediately.
func renew(t *testing.T, s history.Tasks, owner, invocation string, lasts time.Duration) history.Held {
	t.Helper()
	held, err := s.RenewTasks(t.Context(), history.Lease{Job: job(), Invocation: invocation, Owner: owner, For: lasts})
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// ids returns the ids of tasks, separated by spaces.
func ids(tasks []history.Task) string {
	var words []string
	for _, task := range tasks {
		words = append(words, task.ID)
	}
	return strings.Join(words, " ")
}

// change stores a new state of a task, as collector "a", and returns the task with this state.
func change(t *testing.T, s history.Tasks, task history.Task, state history.TaskState) history.Task {
	t.Helper()
	task.State = state
	if err := s.ChangeTask(t.Context(), job(), "a", task); err != nil {
		t.Fatalf("%s: %v", task.ID, err)
	}
	return task
}

func testTasksSurvive(t *testing.T, open func() Store) {
	if begun := begin(t, open(), 2, 1); begun.Invocation != "one" || begun.Known != 0 {
		t.Errorf("began %+v", begun)
	}
	s := open()
	tasks := renew(t, s, "a", "one", time.Hour).Tasks
	if ids(tasks) != "r0 r1 k0" {
		t.Fatalf("holds %s", ids(tasks))
	}
	sent := Night(1)
	tasks[0].DispatchedAt = sent
	first := change(t, s, tasks[0], history.TaskDispatching)
	first.RunID = "new\x1b[31m"
	change(t, s, first, history.TaskWatching)
	ended := tasks[2]
	ended.Outcome, ended.Detail = "completed", "87 items"
	change(t, s, ended, history.TaskEnded)
	change(t, s, ended, history.TaskEnded) // the collector repeats a change if the answer of the database is lost

	begun := begin(t, open(), 3, 1)
	got, err := open().TasksOf(t.Context(), job(), "one")
	if err != nil || begun.Known != 3 || ids(got) != "r0 r1 k0 r2" {
		t.Fatalf("%d tasks were known, all tasks are %s, %v", begun.Known, ids(got), err)
	}
	if g := got[0]; g.State != history.TaskWatching || g.RunID != first.RunID || !g.DispatchedAt.Equal(sent) {
		t.Errorf("the dispatched recipe is %+v", g)
	}
	if g := got[2]; g.State != history.TaskEnded || g.Outcome != "completed" || g.Detail != "87 items" {
		t.Errorf("the ended run is %+v", g)
	}
	if held := renew(t, open(), "a", "one", time.Hour); ids(held.Tasks) != "r0 r1 r2" || held.Open != 3 || held.Collectors != 1 {
		t.Errorf("then holds %+v", held)
	}
}

func testInvocations(t *testing.T, open func() Store) {
	s := open()
	b := history.Begin{
		Job: job(), Fallback: "monday", ResumeWithin: time.Hour, KeepEnded: time.Hour,
		Tasks: []history.Task{{TaskKey: history.TaskKey{Kind: history.TaskRecipe, ID: "r0"}, State: history.TaskToDispatch}},
	}
	steps := []struct {
		what     string
		fallback string
		within   time.Duration
		end      bool // whether to end the known tasks before this step
		want     string
		known    int
		skipped  string
	}{
		{what: "the first", fallback: "monday", within: time.Hour, want: "monday"},
		{what: "a restart after midnight", fallback: "tuesday", within: time.Hour, want: "monday", known: 1},
		{what: "the next night, with an unfinished invocation", fallback: "tuesday", want: "tuesday", skipped: "r0"},
		{what: "a restart on the same day, after all tasks have ended", fallback: "tuesday", within: time.Hour, end: true, want: "tuesday", known: 1},
		{what: "the next night", fallback: "wednesday", within: time.Hour, want: "wednesday"},
	}
	for _, step := range steps {
		if step.end {
			for _, task := range renew(t, s, "a", "tuesday", time.Hour).Tasks {
				change(t, s, task, history.TaskEnded)
			}
		}
		b.Fallback, b.ResumeWithin = step.fallback, step.within
		begun, err := s.BeginTasks(t.Context(), b)
		if err != nil || begun.Invocation != step.want || begun.Known != step.known || ids(begun.Skipped) != step.skipped {
			t.Errorf("%s: %+v, %v", step.what, begun, err)
		}
	}
}

// testRunOfTwoInvocations adds a run to a second invocation while the first invocation still watches this run. The run
// must not become a second task.
func testRunOfTwoInvocations(t *testing.T, open func() Store) {
	begin(t, open(), 0, 1)
	b := history.Begin{Job: job(), Invocation: "two", KeepEnded: time.Hour, Tasks: []history.Task{
		{TaskKey: history.TaskKey{Kind: history.TaskRun, ID: "k0"}, State: history.TaskWatching, RunID: "k0"},
		{TaskKey: history.TaskKey{Kind: history.TaskRun, ID: "k1"}, State: history.TaskWatching, RunID: "k1"},
	}}
	if _, err := open().BeginTasks(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if held := renew(t, open(), "a", "two", time.Hour); ids(held.Tasks) != "k0 k1" || held.Tasks[0].Invocation != "one" {
		t.Errorf("holds %+v", held.Tasks)
	}
}

// testLeases moves tasks from one collector to another. An expired lease simulates a dead collector.
func testLeases(t *testing.T, open func() Store) {
	begin(t, open(), 2, 0)
	a, b := open(), open()
	tasks := renew(t, a, "a", "one", time.Hour).Tasks
	if held := renew(t, b, "b", "one", time.Hour); len(held.Tasks) != 0 || held.Open != 2 || held.Collectors != 2 {
		t.Errorf("while collector A holds all tasks, collector B holds %+v", held)
	}
	if err := b.ChangeTask(t.Context(), job(), "b", tasks[0]); !errors.Is(err, history.ErrLeaseLost) {
		t.Errorf("collector B changes a task of collector A: %v", err)
	}
	change(t, a, tasks[0], history.TaskDispatching)
	renew(t, a, "a", "one", -time.Second)
	tasks[1].State = history.TaskDispatching
	if err := a.ChangeTask(t.Context(), job(), "a", tasks[1]); !errors.Is(err, history.ErrLeaseLost) {
		t.Errorf("collector A dispatches after the end of its lease: %v", err)
	}
	held := renew(t, b, "b", "one", time.Hour)
	if ids(held.Tasks) != "r0 r1" || held.Tasks[0].State != history.TaskDispatching || held.Collectors != 1 {
		t.Errorf("after the leases of collector A have ended, collector B holds %+v", held)
	}
	if held := renew(t, a, "a", "one", time.Hour); len(held.Tasks) != 0 {
		t.Errorf("while collector B holds all tasks, collector A holds %+v", held)
	}
	if err := b.ReleaseTasks(t.Context(), job(), "b"); err != nil {
		t.Error(err)
	}
	if held := renew(t, a, "a", "one", time.Hour); ids(held.Tasks) != "r0 r1" || held.Collectors != 1 {
		t.Errorf("after collector B has released its tasks, collector A holds %+v", held)
	}
}

func testShares(t *testing.T, open func() Store) {
	begin(t, open(), 3, 7)
	a, b := open(), open()
	if held := renew(t, a, "a", "one", time.Hour); len(held.Tasks) != 10 {
		t.Errorf("without other collectors, collector A holds %s", ids(held.Tasks))
	}
	renew(t, b, "b", "one", time.Hour)
	inA, inB := renew(t, a, "a", "one", time.Hour), renew(t, b, "b", "one", time.Hour)
	if ids(inA.Tasks) != "r0 r1 r2 k0 k1 k2 k3" || ids(inB.Tasks) != "k4 k5 k6" {
		t.Errorf("collector A holds %s, collector B holds %s", ids(inA.Tasks), ids(inB.Tasks))
	}
	only := history.Lease{Job: job(), Invocation: "one", Owner: "c", For: time.Hour, Only: map[history.TaskKey]bool{{Kind: history.TaskRun, ID: "k9"}: true}}
	if held, err := b.RenewTasks(t.Context(), only); err != nil || len(held.Tasks) != 0 || held.Open != 0 || held.Collectors != 1 {
		t.Errorf("collector C, which may take only the run k9, holds %+v, %v", held, err)
	}
	if held := renew(t, a, "a", "one", time.Hour); len(held.Tasks) != 7 {
		t.Errorf("while collector B holds three tasks, collector A holds %s", ids(held.Tasks))
	}
}

// testManyCollectors lets several collectors take tasks at the same time. Each task must have only one collector.
func testManyCollectors(t *testing.T, open func() Store) {
	begin(t, open(), 5, 20)
	var group sync.WaitGroup
	for i := range 4 {
		owner, s := fmt.Sprintf("c%d", i), open()
		group.Go(func() {
			for range 3 {
				if _, err := s.RenewTasks(t.Context(), history.Lease{Job: job(), Invocation: "one", Owner: owner, For: time.Hour}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for i := range 4 { // in each round, the collectors take the tasks that were released in the previous one
		renew(t, open(), fmt.Sprintf("c%d", i), "one", time.Hour)
	}
	tasks := map[string]string{}
	for i := range 4 {
		owner := fmt.Sprintf("c%d", i)
		for _, task := range renew(t, open(), owner, "one", time.Hour).Tasks {
			if other := tasks[task.ID]; other != "" {
				t.Errorf("task %s has two collectors: %s and %s", task.ID, other, owner)
			}
			tasks[task.ID] = owner
		}
	}
	if len(tasks) != 25 {
		t.Errorf("%d of 25 tasks are held", len(tasks))
	}
}
