// Package messages passes messages of background work to the user.
package messages

import (
	"sync"
	"time"
)

// Messages passes messages to the user, or holds them back while the dashboard uses the screen. Its methods are safe
// for concurrent use.
type Messages struct {
	say func(message string)

	mu   sync.Mutex
	hold bool
	held []string
}

// New returns Messages that call say for each message. If hold is true, they are held back until [Messages.Close].
func New(say func(message string), hold bool) *Messages {
	return &Messages{say: say, hold: hold}
}

// maxHeld is the maximum number of messages that are held back.
const maxHeld = 200

// Say passes a message to the user, or holds it back.
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

// quietWait is how long the user waits without being told why.
const quietWait = 500 * time.Millisecond

// Close calls end and tells the user what it waits for if that takes long. waitsFor returns the message. Then Close
// passes on the messages that were held back. It returns the error of end.
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
