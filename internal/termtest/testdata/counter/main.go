// Command counter is a small Bubble Tea program for tests: it counts keys, shows its size and quits on q.
package main

import (
	"fmt"
	"os"

	tea "charm.land/bubbletea/v2"
)

type counter struct{ count, width, height int }

func (c counter) Init() tea.Cmd { return nil }

func (c counter) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		c.width, c.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		switch msg.String() {
		case "q":
			return c, tea.Quit
		case "ctrl+c":
			return c, tea.Interrupt
		case "up":
			c.count++
		case "down":
			c.count--
		}
	}
	return c, nil
}

func (c counter) View() tea.View {
	view := tea.NewView(fmt.Sprintf("👩‍👩‍👧 count %d\nsize %dx%d", c.count, c.width, c.height))
	view.AltScreen = true
	view.MouseMode = tea.MouseModeCellMotion
	view.ReportFocus = true
	view.WindowTitle = "counter"
	view.ProgressBar = tea.NewProgressBar(tea.ProgressBarDefault, 50)
	return view
}

func main() {
	model, err := tea.NewProgram(counter{}).Run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	fmt.Printf("counted to %d\n", model.(counter).count)
}
