// Package ui is the dashboard: a Bubble Tea model that watches one run and browses its items.
package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
)

// App is the root model of the dashboard.
type App struct{ watch model.Watch }

// New makes a dashboard. Requests under way end with ctx.
func New(ctx context.Context, c Config) *App { return &App{watch: c.Watch} }

// Init starts the watch.
func (a *App) Init() tea.Cmd { return nil }

// Update handles one message.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) { return a, nil }

// View renders the screen.
func (a *App) View() tea.View { return tea.NewView("") }

// Watch is what is known of the run, for the last words after the dashboard was left.
func (a *App) Watch() model.Watch { return a.watch }

// Left tells how the dashboard was left.
func (a *App) Left() Left { return LeftByUser }
