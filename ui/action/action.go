// Package action describes what the user can do. Keys, hints and help are all derived from the same table of actions.
//
// The component that carries out an action defines it. Components list their current actions; a [Table] of them finds
// the action of a key, and selects the actions for help and the hint line.
package action

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Action is one thing that the user can do.
type Action struct {
	// ID names the action. It does not change when the title or keys do.
	ID string
	// Group is the heading under which help lists the action.
	Group Group
	// Title describes the action in a few words. An action without a title is not listed.
	Title string
	// Keys are the names of the default keys.
	Keys []string
	// Rank orders the hint line, most useful (1) first; an action of rank 0 is not in it.
	Rank int
	// WhileTyping enables the keys while text is being typed.
	WhileTyping bool
	// WhileCovered enables the action while another screen, such as help, covers its own.
	WhileCovered bool
	// Enabled reports whether the action is currently available. The keys of a disabled action do nothing, and help dims it.
	Enabled bool
	// Run carries out the action.
	Run func() tea.Cmd
	// Targets, unless nil, returns further actions that only the palette lists: one for each thing that the user can
	// select for this action, such as each column to go to.
	Targets func() Table
}

// Group is a heading in help.
type Group string

// Groups.
const (
	GroupMove    Group = "move"
	GroupView    Group = "view"
	GroupFind    Group = "find"
	GroupColumns Group = "columns"
	GroupExport  Group = "copy and export"
	GroupWatch   Group = "watch"
	GroupProgram Group = "sbwatch"
)

// groups returns all groups in display order.
func groups() []Group {
	return []Group{GroupMove, GroupView, GroupFind, GroupColumns, GroupExport, GroupWatch, GroupProgram}
}

// Do adapts a function without a command to [Action.Run].
func Do(do func()) func() tea.Cmd {
	return func() tea.Cmd {
		do()
		return nil
	}
}

// KeyText returns the keys for display: "k ↑", "1 to 5".
func (a Action) KeyText() string {
	if n := len(a.Keys); n > 2 && isDigit(a.Keys[0]) && isDigit(a.Keys[n-1]) {
		return a.Keys[0] + " to " + a.Keys[n-1]
	}
	shown := make([]string, len(a.Keys))
	for i, key := range a.Keys {
		shown[i] = keyName(key)
	}
	return strings.Join(shown, " ")
}

func isDigit(key string) bool { return len(key) == 1 && key[0] >= '0' && key[0] <= '9' }

// keyName returns the short name of a key for display.
func keyName(key string) string {
	switch key {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "pgdown":
		return "pgdn"
	default:
		return key
	}
}

// Table is a list of actions. If several share a key, the first enabled one receives it.
type Table []Action

// For returns the action of a key. While text is being typed, only a few actions have keys.
func (t Table) For(key tea.KeyPressMsg, isTyping bool) (Action, bool) {
	name := key.String()
	for _, a := range t {
		if a.Enabled && (a.WhileTyping || !isTyping) && slices.Contains(a.Keys, name) {
			return a, true
		}
	}
	return Action{}, false
}

// WhileCovered returns the actions that stay available while another screen covers their own.
func (t Table) WhileCovered() Table {
	var table Table
	for _, a := range t {
		if a.WhileCovered {
			table = append(table, a)
		}
	}
	return table
}

// Hints returns the actions for the hint line, most useful first.
func (t Table) Hints() []Action {
	hints := make([]Action, 0, len(t)/2)
	for _, a := range t {
		if a.Enabled && a.Rank > 0 {
			hints = append(hints, a)
		}
	}
	slices.SortStableFunc(hints, func(a, b Action) int { return a.Rank - b.Rank })
	return hints
}

// Section is a group with its actions.
type Section struct {
	Group   Group
	Actions []Action
}

// Sections returns the actions with a title, by group. A disabled action is left out if enabled ones, or disabled ones
// before it in its group, have all its keys. Adjacent actions with the same title are merged.
func (t Table) Sections() []Section {
	taken := map[string]bool{}
	for _, a := range t {
		for _, key := range a.Keys {
			taken[key] = taken[key] || a.Enabled
		}
	}
	var sections []Section
	for _, group := range groups() {
		s := Section{Group: group}
		listed := map[string]bool{}
		isFree := func(key string) bool { return !taken[key] && !listed[key] }
		for _, a := range t {
			if a.Title != "" && a.Group == group && (a.Enabled || slices.ContainsFunc(a.Keys, isFree)) {
				s.add(a)
				for _, key := range a.Keys {
					listed[key] = true
				}
			}
		}
		if len(s.Actions) > 0 {
			sections = append(sections, s)
		}
	}
	return sections
}

func (s *Section) add(a Action) {
	if last := len(s.Actions) - 1; last >= 0 && s.Actions[last].Title == a.Title && s.Actions[last].Enabled == a.Enabled {
		s.Actions[last].Keys = slices.Concat(s.Actions[last].Keys, a.Keys)
		return
	}
	s.Actions = append(s.Actions, a)
}
