// Package headless runs a Bubble Tea model without a terminal: commands run beside the updates and their messages come
// back, as in a program. It is made for tests in a bubble of testing/synctest, where hours pass in no time.
package headless

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Player runs one model.
type Player struct {
	Model tea.Model
	// Quit is true once the model has asked to end the program.
	Quit bool

	messages chan tea.Msg
	done     chan struct{}
}

// Start makes a player and starts the model's first command.
func Start(model tea.Model) *Player {
	p := &Player{Model: model, messages: make(chan tea.Msg), done: make(chan struct{})}
	p.exec(model.Init())
	return p
}

// exec runs a command beside the updates.
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

// SendAfter sends a message to the model some time from now.
func (p *Player) SendAfter(d time.Duration, msg tea.Msg) {
	p.exec(tea.Tick(d, func(time.Time) tea.Msg { return msg }))
}

// Send hands a message to the model at once.
func (p *Player) Send(msg tea.Msg) {
	var cmd tea.Cmd
	p.Model, cmd = p.Model.Update(msg)
	p.exec(cmd)
}

// Run hands messages to the model for so long, or until it quits.
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

// Stop lets go of the commands that still run. In a bubble it waits until every timer that is still set has passed, as
// no goroutine may outlive the bubble.
func (p *Player) Stop() {
	close(p.done)
	time.Sleep(48 * time.Hour)
}
