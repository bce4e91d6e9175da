// Package palette implements the palette. The user types a part of an action's name to run the action. The palette
// lists the actions of the layers below it, and the targets of these actions, such as columns, runs and recent filters.
package palette

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
)

// Layer is the palette.
type Layer struct {
	screen.PickerLayer

	actions action.Table
}

// New returns a palette with the enabled actions of table. Movements come last, because users make them with keys. Call
// New before the palette is opened.
func New(env *screen.Env, table action.Table) *Layer {
	l := &Layer{PickerLayer: screen.PickerLayer{Env: env, Picker: picker.New(picker.Options{Title: ":", Enter: "run", IsFuzzy: true})}}
	l.Handle = l.handle
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

// Add adds actions that were not known when the palette was opened. It leaves out disabled actions and actions without
// a title.
func (l *Layer) Add(table action.Table) {
	var choices []picker.Choice
	for _, a := range expand(table) {
		// If several layers have the same action, list it only once.
		isListed := slices.ContainsFunc(l.actions, func(other action.Action) bool { return other.Title == a.Title && other.ID == a.ID })
		if !a.Enabled || a.Title == "" || isListed {
			continue
		}
		choices = append(choices, picker.Choice{Name: text.NewText(a.Title), Note: note(a), ID: len(l.actions)})
		l.actions = append(l.actions, a)
	}
	l.Picker.Add(choices)
}

// expand returns the actions, followed by the targets of these actions, such as the columns that the cursor can go to.
func expand(table action.Table) action.Table {
	expanded := slices.Clone(table)
	for _, a := range table {
		if a.Enabled && a.Targets != nil {
			expanded = append(expanded, a.Targets()...)
		}
	}
	return expanded
}

// note returns the text to the right of an action: the keys of the action or, if it has none, the name of its group,
// such as "view".
func note(a action.Action) string {
	if len(a.Keys) == 0 {
		return string(a.Group)
	}
	return a.KeyText()
}

func (l *Layer) handle(event picker.Event) tea.Cmd {
	switch event {
	case picker.Chosen:
		choice, _ := l.Picker.Choice()
		l.Env.Layers.Close(l)
		return l.actions[choice.ID].Run()
	case picker.Canceled:
		l.Env.Layers.Close(l)
	case picker.None, picker.Deleted:
	}
	return nil
}
