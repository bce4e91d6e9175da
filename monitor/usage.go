package monitor

import (
	"slices"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/watch"
)

// sharedUsage is the account's usage. A single request reads it for all runs that need it.
type sharedUsage struct {
	asker   RunKey // run that has sent the last request for usage
	askedAt time.Time
	joined  []RunKey // runs that wait for the answer to this request

	last   run.Usage // last answer
	lastAt time.Time // time at which the last answer was requested; zero before the first
}

// joinUsage makes a run wait for the account's usage if another run has already requested it. It reports whether the
// run waits. A run that waits must not send its own request.
func (m *Monitor) joinUsage(key RunKey, r *watched) bool {
	asker, asks := m.runs[m.usage.asker]
	isAsking := asks && m.schedule.InFlight(int(m.usage.asker)) && asker.request.Kind == watch.RequestUsage
	if !isAsking || key == m.usage.asker || !r.watch.SharesUsage() || m.usage.askedAt.Before(r.since) {
		return false
	}
	m.schedule.Join(int(key))
	m.usage.joined = append(m.usage.joined, key)
	return true
}

// reuseUsage gives a run the account's usage that was read for other runs, if it was requested after the run was added
// or dispatched. If there is only one run, that run always sends its own request, so that the balance shown is current.
func (m *Monitor) reuseUsage(r *watched) {
	if len(m.keys) > 1 && r.watch.SharesUsage() && !m.usage.lastAt.IsZero() && !m.usage.lastAt.Before(r.since) {
		r.watch.UsageRead(m.usage.last)
	}
}

// share passes the answer to a usage request to the other runs that need the account's usage, and returns the events of
// these runs.
func (m *Monitor) share(now time.Time, answer Answer) []Event {
	askedAt := m.runs[answer.Key].sentAt
	if answer.Problem == nil {
		m.usage.last, m.usage.lastAt = answer.Usage, askedAt
	}
	joined := m.usage.joined
	if answer.Key == m.usage.asker {
		m.usage.joined = nil
	} else {
		joined = nil
	}
	var events []Event
	for _, key := range m.keys {
		r := m.runs[key]
		hasJoined := slices.Contains(joined, key)
		switch {
		case key == answer.Key || r.stopped || !r.watch.SharesUsage() || askedAt.Before(r.since) || m.schedule.InFlight(int(key)):
			continue
		case answer.Problem == nil:
			r.watch.UsageRead(answer.Usage)
		case hasJoined:
			r.watch.UsageFailed(answer.Problem)
		default:
			continue
		}
		m.schedule.Join(int(key))
		m.schedule.Answered(int(key), now, m.endsIn(now, r))
		if r.delivery.confirming {
			m.schedule.Promote(int(key), now)
		}
		events = append(events, m.afterChange(now, key, r)...)
	}
	return events
}

// releaseUsage makes the runs that wait for the usage request of another run send their own usage requests. The
// parameter key is the key of that other run, whose answer will be ignored.
func (m *Monitor) releaseUsage(now time.Time, key RunKey) {
	if key != m.usage.asker {
		return
	}
	for _, waiting := range m.usage.joined {
		m.schedule.Answered(int(waiting), now, 0)
	}
	m.usage.joined = nil
}
