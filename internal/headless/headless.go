// Package headless runs a Bubble Tea model without a terminal. As in a program, commands run concurrently with updates,
// and their messages are passed to the model. The package is meant for tests in a bubble of testing/synctest, where
// time passes without waiting.
package headless

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Player runs one model.
type Player struct {
	Model tea.Model
	// Quit reports whether the model has asked to end the program.
	Quit bool

	messages chan tea.Msg
	done     chan struct{}
}

// Start returns a player and starts the model's initial command.
func Start(model tea.Model) *Player {
	p := &Player{Model: model, messages: make(chan tea.Msg), done: make(chan struct{})}
	p.exec(model.Init())
	return p
}

func (p *Player) exec(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				p.exec(c)
			}
		default:
			select {
			case p.messages <- msg:
			case <-p.done:
			}
		}
	}()
}

// SendAfter sends a message to the model after the duration d.
func (p *Player) SendAfter(d time.Duration, msg tea.Msg) {
	p.exec(tea.Tick(d, func(time.Time) tea.Msg { return msg }))
}

// Send passes a message to the model immediately.
func (p *Player) Send(msg tea.Msg) {
	var cmd tea.Cmd
	p.Model, cmd = p.Model.Update(msg)
	p.exec(cmd)
}

// Run processes messages for the duration d, or until the model quits.
func (p *Player) Run(d time.Duration) {
	end := time.After(d)
	for !p.Quit {
		select {
		case msg := <-p.messages:
			if _, p.Quit = msg.(tea.QuitMsg); p.Quit {
				return
			}
			p.Send(msg)
		case <-end:
			return
		}
	}
}

// Stop abandons the commands that are still running. In a bubble of testing/synctest, it waits until all pending timers
// have fired, because no goroutine may outlive the bubble.
func (p *Player) Stop() {
	close(p.done)
	time.Sleep(400 * 24 * time.Hour) // a service may ask for a pause of up to a year
}
