package monitor_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// pushedRun is a run of a service with webhooks. Times are in seconds; the time 0 means never.
type pushedRun struct {
	id, recipe string
	ends       float64
	delivered  []float64
}

// pushing emulates a service with webhooks, which answers requests at once.
type pushing struct {
	runs  []pushedRun
	polls map[string][]float64 // the times of the polls, by run
}

func (p *pushing) answer(now time.Time, request monitor.Request) monitor.Answer {
	answer := monitor.Answer{Request: request}
	if request.Kind != watch.RequestPoll {
		return answer
	}
	for _, r := range p.runs {
		if r.id != request.ID.Raw() {
			continue
		}
		p.polls[r.id] = append(p.polls[r.id], now.Sub(at(0)).Seconds())
		status := run.StatusRunning
		if r.ends != 0 && !now.Before(at(r.ends)) {
			status = run.StatusFailed // no usage is requested after a failed run
		}
		answer.Poll.Run = run.Run{ID: request.ID, RecipeID: text.NewText(r.recipe), StatusSent: text.NewText(status.String())}
	}
	return answer
}

// watch watches all runs until a time.
func (p *pushing) watch(m *monitor.Monitor, until float64) {
	p.polls = map[string][]float64{}
	for _, r := range p.runs {
		m.Add(at(0), watchOf(r.id))
	}
	p.goOn(m, 0, until)
}

func (p *pushing) goOn(m *monitor.Monitor, from, until float64) {
	for now := at(from); now.Before(at(until)); now = now.Add(100 * time.Millisecond) {
		for _, r := range p.runs {
			for _, delivered := range r.delivered {
				if now.Equal(at(delivered)) {
					m.Delivered(now, text.NewText(r.id))
				}
			}
		}
		for _, request := range m.Due(now) {
			m.Apply(now, p.answer(now, request))
		}
	}
}

// pollsIn returns the number of polls of a run in an interval.
func (p *pushing) pollsIn(id string, from, to float64) int {
	n := 0
	for _, t := range p.polls[id] {
		if t >= from && t < to {
			n++
		}
	}
	return n
}

func TestDeliveryMakesARunDueOnce(t *testing.T) {
	p := pushing{runs: []pushedRun{{id: "a", ends: 5.1, delivered: []float64{5.3, 5.3, 5.4, 9}}, {id: "b", delivered: []float64{5.5, 5.6, 6.6, 6.7}}}}
	m := newMonitor()
	p.watch(m, 12)
	if got := fmt.Sprint(p.polls["a"]); got != "[0 2.1 4.1 5.3]" {
		t.Errorf("a run that ended was polled at %s", got)
	}
	// The run b has not ended when its delivery arrives: the delivery causes one poll, and the next poll comes an
	// interval later.
	if got := fmt.Sprint(p.polls["b"]); got != "[0 2.1 4.1 5.5 7.5 9.5 11.5]" {
		t.Errorf("a run under way was polled at %s", got)
	}
	want := watch.Deliveries{Confirmed: 1, Unconfirmed: 1, Repeated: 6}
	if m.Deliveries() != want {
		t.Errorf("counts: %v, want %v", m.Deliveries(), want)
	}
}

func TestDeliveryNeverEndsAWatch(t *testing.T) {
	m := newMonitor()
	key := m.Add(at(0), watchOf("a"))
	m.Delivered(at(0), text.NewText("a"))
	m.Delivered(at(0), text.NewText("other"))
	m.Delivered(at(0), text.NewText(""))
	if m.Done(key) || m.Watch(key).Over() {
		t.Error("a delivery ended the watch")
	}
	if got := m.Deliveries(); got.UnknownRun != 2 {
		t.Errorf("counts: %v", got)
	}
	m.Stop(at(1), key)
	m.Delivered(at(1), text.NewText("a"))
	if due := m.Due(at(1)); len(due) > 0 {
		t.Errorf("a delivery for a stopped run caused %v", due)
	}
}

// A poll in progress when a delivery arrives may have been answered before the run ended.
func TestDeliveryDuringAPollCausesAnother(t *testing.T) {
	m := newMonitor()
	m.Add(at(0), watchOf("a"))
	p := pushing{runs: []pushedRun{{id: "a", ends: 0.5}}, polls: map[string][]float64{}}
	early := m.Due(at(0))[0]
	m.Delivered(at(0.6), text.NewText("a"))
	if due := m.Due(at(0.6)); len(due) > 0 {
		t.Fatalf("a second request while one is in flight: %v", due)
	}
	m.Apply(at(0.7), p.answer(at(0), early))
	requests := talk(m, at(0.7), at(0.7), func(r monitor.Request) monitor.Answer { return p.answer(at(0.7), r) })
	if requests != "poll a" && requests != "usage, poll a" {
		t.Errorf("after the early answer: %s", requests)
	}
	if want := (watch.Deliveries{Confirmed: 1}); m.Deliveries() != want {
		t.Errorf("counts: %v, want %v", m.Deliveries(), want)
	}
}

// A delivery does not cut short the pause after a failure or a refusal.
func TestDeliveryKeepsTheLimits(t *testing.T) {
	m := newMonitor()
	m.Limit(monitor.Limits{PerMinute: 6, FromFirst: true})
	m.Add(at(0), watchOf("a"))
	first := m.Due(at(0))[0]
	m.Apply(at(0), monitor.Answer{Request: first})
	m.Delivered(at(1), text.NewText("a"))
	if due := m.Due(at(1)); len(due) > 0 {
		t.Error("a delivery made the monitor exceed its limit per minute")
	}
	if next, _ := m.Next(); next.After(at(11)) {
		t.Errorf("the confirming poll is due at %v", next)
	}

	m = newMonitor()
	m.Add(at(0), watchOf("a"))
	first = m.Due(at(0))[0]
	m.Apply(at(0), monitor.Answer{Request: first, Problem: problem(run.ProblemService)})
	m.Delivered(at(0.1), text.NewText("a"))
	if due := m.Due(at(0.9)); len(due) > 0 {
		t.Error("a delivery made the monitor repeat a failed request within a second")
	}
	if due := m.Due(at(1)); len(due) != 1 {
		t.Error("the confirming poll is not due")
	}
}

// With a limit on requests, delivered runs are polled before the others.
func TestDeliveredRunsComeFirst(t *testing.T) {
	p := pushing{runs: []pushedRun{{id: "z", ends: 30, delivered: []float64{30}}}}
	for i := range 100 {
		p.runs = append(p.runs, pushedRun{id: fmt.Sprint("r", i)})
	}
	m := newMonitor()
	m.Limit(monitor.Limits{PerMinute: 60, Concurrent: 5})
	p.watch(m, 33)
	if m.Deliveries().Confirmed != 1 {
		t.Errorf("no confirming poll within 3 s: %v", m.Deliveries())
	}
}

func TestRunsArePolledLessOftenWhileDeliveriesWork(t *testing.T) {
	for _, c := range []struct {
		name string
		runs []pushedRun // watched besides "other" and "same", which do not end; the first has the recipe of "same"
		// The numbers of polls of the runs "other" and "same" from 20 s to 60 s, and from 120 s to 160 s.
		other, otherLater, same, sameLater int
		counts                             watch.Deliveries
	}{
		{
			"no delivery",
			[]pushedRun{{id: "a", ends: 5}},
			20, 20, 20, 20,
			watch.Deliveries{},
		},
		{
			"a delivery is confirmed",
			[]pushedRun{{id: "a", ends: 5, delivered: []float64{5.1}}},
			4, 4, 4, 4,
			watch.Deliveries{Confirmed: 1},
		},
		{
			"a delivery is false",
			[]pushedRun{{id: "a", delivered: []float64{5.1}}},
			20, 20, 20, 20,
			watch.Deliveries{Unconfirmed: 1},
		},
		{
			"a delivery comes after the poll",
			[]pushedRun{{id: "a", ends: 5, delivered: []float64{14}}},
			4, 4, 4, 4,
			watch.Deliveries{Confirmed: 1},
		},
		{
			"a run of a recipe without a webhook",
			[]pushedRun{{id: "a", ends: 5, delivered: []float64{5.1}}, {id: "b", recipe: "B", ends: 70}},
			4, 20, 4, 4,
			watch.Deliveries{Confirmed: 1, Missed: 1},
		},
		{
			"a run of the same recipe is missed",
			[]pushedRun{{id: "a", ends: 5, delivered: []float64{5.1}}, {id: "b", ends: 70}},
			4, 20, 4, 20,
			watch.Deliveries{Confirmed: 1, Missed: 1},
		},
		{
			"deliveries work again",
			[]pushedRun{
				{id: "a", ends: 5, delivered: []float64{5.1}}, {id: "b", ends: 60}, {id: "c", ends: 110, delivered: []float64{110.2}},
			},
			4, 4, 4, 4,
			watch.Deliveries{Confirmed: 2, Missed: 1},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := pushing{runs: []pushedRun{{id: "other", recipe: "O"}, {id: "same", recipe: "A"}}}
			for _, r := range c.runs {
				if r.recipe == "" {
					r.recipe = "A"
				}
				p.runs = append(p.runs, r)
			}
			m := newMonitor()
			p.watch(m, 160)
			got := fmt.Sprint(p.pollsIn("other", 20, 60), p.pollsIn("other", 120, 160), p.pollsIn("same", 20, 60), p.pollsIn("same", 120, 160))
			if want := fmt.Sprint(c.other, c.otherLater, c.same, c.sameLater); got != want {
				t.Errorf("polls %s, want %s", got, want)
			}
			if m.Deliveries() != c.counts {
				t.Errorf("counts: %v, want %v", m.Deliveries(), c.counts)
			}
		})
	}
}

// The longer interval between polls while a delivery is expected has a maximum, but is never shorter than the usual
// interval.
func TestEasedIntervalIsBounded(t *testing.T) {
	for _, c := range []struct {
		interval time.Duration
		want     float64
	}{
		{100 * time.Millisecond, 0.5}, {2 * time.Second, 10}, {10 * time.Second, 30}, {time.Minute, 60},
	} {
		m := monitor.New(c.interval, func() float64 { return 0.5 })
		p := pushing{runs: []pushedRun{{id: "a", ends: 0.1, delivered: []float64{0.2}}, {id: "b"}}}
		p.watch(m, 3*c.interval.Seconds()+4*c.want)
		polls := p.polls["b"]
		if pause := polls[len(polls)-1] - polls[len(polls)-2]; math.Abs(pause-c.want) > 0.01 {
			t.Errorf("interval %v: polls every %.1f s, want %.1f: %v", c.interval, pause, c.want, polls)
		}
	}
}

// A run may end, and its delivery arrive, before the dispatch is answered.
func TestDeliveryBeforeTheDispatchIsAnswered(t *testing.T) {
	m := newMonitor()
	m.Add(at(0), dispatchOf("recipe"))
	usage := m.Due(at(0))[0]
	m.Apply(at(0), monitor.Answer{Request: usage})
	dispatch := m.Due(at(0))[0]
	m.Delivered(at(1), text.NewText("newrun"))
	for range 100 {
		m.Delivered(at(1), text.NewText("unrelated"))
	}
	m.Apply(at(2), step{}.answer(dispatch))
	m.Delivered(at(2), text.NewText("newrun"))
	poll := m.Due(at(2))[0]
	m.Apply(at(2), step{status: run.StatusFailed}.answer(poll))
	if want := (watch.Deliveries{Confirmed: 1, Repeated: 1, UnknownRun: 100}); m.Deliveries() != want {
		t.Errorf("counts: %v, want %v", m.Deliveries(), want)
	}
}

// If the service does not know the delivered run, the poll that should confirm the delivery ends the watch of the run,
// and the delivery counts as unconfirmed.
func TestDeliveryForARunThatIsNotThere(t *testing.T) {
	m := newMonitor()
	key := m.Add(at(0), watchOf("a"))
	m.Delivered(at(0), text.NewText("a"))
	m.Apply(at(0), monitor.Answer{Request: m.Due(at(0))[0], Problem: problem(run.ProblemRefused)})
	if want := (watch.Deliveries{Unconfirmed: 1}); m.Deliveries() != want || !m.Done(key) {
		t.Errorf("counts: %v, want %v", m.Deliveries(), want)
	}
}

// If the poll that should confirm a delivery fails, it is repeated with the usual backoff until the service answers.
func TestConfirmingPollIsRetried(t *testing.T) {
	m := newMonitor()
	m.Add(at(0), watchOf("a"))
	m.Delivered(at(0), text.NewText("a"))
	m.Apply(at(0), monitor.Answer{Request: m.Due(at(0))[0], Problem: problem(run.ProblemService)})
	retry := m.Due(at(1))
	if len(retry) != 1 || m.Deliveries().Unconfirmed > 0 {
		t.Fatalf("due after a failure: %v, counts %v", retry, m.Deliveries())
	}
	m.Apply(at(1), step{status: run.StatusFailed}.answer(retry[0]))
	if m.Deliveries().Confirmed != 1 {
		t.Errorf("counts: %v", m.Deliveries())
	}
}
