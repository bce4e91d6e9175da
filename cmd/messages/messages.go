// Package messages writes the messages of background work, or queues them while the dashboard is open.
package messages

import (
	"sync"
	"time"
)

// Messages writes messages for the user. While the dashboard is open, it queues them. Its methods are safe for
// concurrent use.
type Messages struct {
	say func(message string)

	mu   sync.Mutex
	hold bool
	held []string
}

// New returns Messages that call the function say for each message. If hold is true, they queue the messages until
// [Messages.Close].
func New(say func(message string), hold bool) *Messages {
	return &Messages{say: say, hold: hold}
}

// maxHeld is the maximum number of queued messages. Further messages are dropped.
const maxHeld = 200

// Say writes or queues a message.
func (m *Messages) Say(message string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !m.hold:
		m.say(message)
	case len(m.held) < maxHeld:
		m.held = append(m.held, message)
	}
}

// quietWait is how long Close may take before it writes a message such as "recording the run".
const quietWait = 500 * time.Millisecond

// Close calls the function end, returns its error, and writes the queued messages. If end takes long, Close also writes
// the message that waitsFor returns.
func (m *Messages) Close(waitsFor func() string, end func() error) error {
	hasEnded := false
	slow := time.AfterFunc(quietWait, func() {
		message := waitsFor()
		m.mu.Lock()
		defer m.mu.Unlock()
		if !hasEnded {
			m.say(message)
		}
	})
	err := end()
	slow.Stop()
	m.mu.Lock()
	defer m.mu.Unlock()
	hasEnded = true
	for _, message := range m.held {
		m.say(message)
	}
	m.held, m.hold = nil, false
	return err
}
