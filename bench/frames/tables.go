package main

import (
	"context"
	"fmt"
	"time"

	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"

	"sbwatch/bench/answers"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui"
)

// The names of the tables.
const (
	sbwatchTable = "sbwatch"
	bubblesTable = "bubbles"
)

func newTable(name string, rows int) (pressable, error) {
	if name != sbwatchTable && name != bubblesTable {
		return nil, fmt.Errorf("unknown table %q", name)
	}
	answer, err := answers.Read(answers.HugeRecipe, rows)
	if err != nil {
		return nil, err
	}
	if name == bubblesTable {
		return newBubbles(answer.Items), nil
	}
	return newDashboard(answer), nil
}

// keyPress returns the Bubble Tea message for a key.
func keyPress(key string) tea.KeyPressMsg {
	if key == "space" {
		return tea.KeyPressMsg{Code: ' ', Text: " "}
	}
	return tea.KeyPressMsg{Code: rune(key[0]), Text: key}
}

// dashboard is the complete sbwatch dashboard with the items tab open.
type dashboard struct{ app *ui.App }

func newDashboard(answer run.Answer) dashboard {
	app := ui.New(context.Background(), ui.Config{
		Load:   func(context.Context, func(item.Table)) (run.Answer, error) { return answer, nil },
		Source: text.NewText("answer.json"),
		Width:  width, Height: height,
		Now:    time.Now,
		Jitter: func() float64 { return 0 },
	})
	runCommand(app, app.Init())
	return dashboard{app}
}

// runCommand runs a command, and then the commands that the dashboard returns, until it returns none.
func runCommand(app *ui.App, cmd tea.Cmd) {
	collect(cmd, func(msg tea.Msg) {
		_, next := app.Update(msg)
		runCommand(app, next)
	})
}

// collect runs a command, or all commands of a batch, and calls handle with each message.
func collect(cmd tea.Cmd, handle func(tea.Msg)) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			collect(c, handle)
		}
	default:
		handle(msg)
	}
}

func (d dashboard) press(key string) { d.app.Update(keyPress(key)) }
func (d dashboard) frame() int       { return len(d.app.View().Content) }

// bubbles is the plain table of charm.land/bubbles. It shows as many columns as fit.
type bubbles struct{ table table.Model }

func newBubbles(items item.Table) *bubbles {
	const cell, padding = 18, 2
	var columns []table.Column
	for _, c := range items.Columns()[:min(len(items.Columns()), width/(cell+padding))] {
		columns = append(columns, table.Column{Title: c.Name.String(), Width: cell})
	}
	rows := make([]table.Row, items.Len())
	for i := range rows {
		row := make(table.Row, len(columns))
		for c := range row {
			row[c] = items.Cell(i, c).Text().String()
		}
		rows[i] = row
	}
	return &bubbles{table.New(
		table.WithColumns(columns), table.WithRows(rows),
		table.WithWidth(width), table.WithHeight(height), table.WithFocused(true),
	)}
}

func (b *bubbles) press(key string) { b.table, _ = b.table.Update(keyPress(key)) }
func (b *bubbles) frame() int       { return len(b.table.View()) }
