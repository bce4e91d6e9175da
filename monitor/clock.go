package monitor

import "time"

// minSleep is the minimum forward jump of the clock, between two calls of [Monitor.Tick], that causes an event.
// minSetBack is the minimum backward jump.
const (
	minSleep   = 2 * time.Minute
	minSetBack = 5 * time.Second
)

// Tick tells the monitor the current time. It returns an event if at least two minutes have passed since the last call,
// or if the clock was set back. Call it at least once a minute, and after each wait. Requests that became due during a
// long wait are sent one after another, within the limits.
func (m *Monitor) Tick(now time.Time) []Event {
	before := m.clock
	m.clock = now
	if before.IsZero() {
		return nil
	}
	// Round removes the monotonic readings. Monotonic readings stop while the machine sleeps, and ignore changes of the
	// clock.
	shown := now.Round(0).Sub(before.Round(0))
	switch {
	case shown >= minSleep:
		return []Event{{Kind: Slept, For: shown}}
	case shown <= -minSetBack:
		return []Event{{Kind: ClockSetBack, For: -shown}}
	default:
		return nil
	}
}
