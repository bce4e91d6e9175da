// Minimal is the smallest Bubble Tea program that is comparable with sbwatch: it uses the alternate screen and shows
// one line. With -moving, the line contains a number that increases four times a second.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"
)

// interval is the time between two increments.
const interval = 250 * time.Millisecond

type tickMsg struct{}

type line struct {
	moving bool
	number int
}

func tick() tea.Cmd {
	return tea.Tick(interval, func(time.Time) tea.Msg { return tickMsg{} })
}

// Init schedules the first tick.
func (l line) Init() tea.Cmd {
	if !l.moving {
		return nil
	}
	return tick()
}

// Update counts ticks, and quits on q.
func (l line) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tickMsg:
		l.number++
		return l, tick()
	case tea.KeyPressMsg:
		if msg.String() == "q" {
			return l, tea.Quit
		}
	}
	return l, nil
}

// View draws the line.
func (l line) View() tea.View {
	view := tea.NewView("one line " + strconv.Itoa(l.number))
	view.AltScreen = true
	return view
}

func main() {
	moving := flag.Bool("moving", false, "show a number that increases four times a second")
	flag.Parse()
	if _, err := tea.NewProgram(line{moving: *moving}).Run(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "minimal:", err)
		os.Exit(1)
	}
}
