// Package palette lets the user run an action by typing part of its name. It lists the actions of the layers below it and the
// targets that these actions offer, such as columns, runs and recent filters.
package palette

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
)

// Layer is the list of actions.
type Layer struct {
	env     *screen.Env
	actions action.Table
	picker  *picker.Picker
}

// New returns a palette of the actions in table that are enabled. Movements come last, because their keys are faster. Call it
// before the palette is on the stack.
func New(env *screen.Env, table action.Table) *Layer {
	l := &Layer{env: env, picker: picker.New(picker.Options{Title: ":", Enter: "run", IsFuzzy: true})}
	table = slices.Clone(table)
	slices.SortStableFunc(table, func(a, b action.Action) int { return order(a) - order(b) })
	l.Add(table)
	return l
}

func order(a action.Action) int {
	if a.Group == action.GroupMove {
		return 1
	}
	return 0
}

// Add adds actions, such as those that had to be read first. Disabled ones and those without a title are left out.
func (l *Layer) Add(table action.Table) {
	var choices []picker.Choice
	for _, a := range expand(table) {
		// The same action of several layers does the same, and is listed once.
		isListed := slices.ContainsFunc(l.actions, func(other action.Action) bool { return other.Title == a.Title && other.ID == a.ID })
		if !a.Enabled || a.Title == "" || isListed {
			continue
		}
		choices = append(choices, picker.Choice{Name: text.NewText(a.Title), Note: note(a), ID: len(l.actions)})
		l.actions = append(l.actions, a)
	}
	l.picker.Add(choices)
}

// expand returns the actions, then the targets that they offer.
func expand(table action.Table) action.Table {
	expanded := slices.Clone(table)
	for _, a := range table {
		if a.Enabled && a.Targets != nil {
			expanded = append(expanded, a.Targets()...)
		}
	}
	return expanded
}

// note returns what is shown to the right of an action: its keys or, without keys, its group.
func note(a action.Action) string {
	if len(a.Keys) == 0 {
		return string(a.Group)
	}
	return a.KeyText()
}

// Place returns PlaceBox: the palette floats.
func (*Layer) Place() screen.Place { return screen.PlaceBox }

// Actions returns nil because the picker handles all keys itself.
func (*Layer) Actions() action.Table { return nil }

// Update handles keys and pasted text. Enter closes the palette and runs the action under the cursor.
func (l *Layer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	switch l.picker.Update(msg) {
	case picker.Chosen:
		choice, _ := l.picker.Choice()
		l.env.Layers.Close(l)
		return l.actions[choice.ID].Run()
	case picker.Canceled:
		l.env.Layers.Close(l)
	case picker.None, picker.Deleted:
	}
	return nil
}

// View draws the list.
func (l *Layer) View(area image.Rectangle) []string {
	return l.picker.View(l.env.Painter, area.Dx(), area.Dy())
}
