// Package action describes what the user can do. Keys, hints and help are all derived from one table of actions.
//
// Each component defines the actions that it carries out, and lists them in a [Table]. The table finds the action for a
// key, and selects the actions for help and the hint line.
package action

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Action is one thing that the user can do.
type Action struct {
	// ID identifies the action. It stays the same when the title or the keys change.
	ID string
	// Group is the heading under which help lists the action.
	Group Group
	// Title describes the action in a few words. Help does not list an action without a title.
	Title string
	// Keys are the names of the default keys.
	Keys []string
	// Rank is the position in the hint line, from 1 for the most useful action. An action with rank 0 is not in the
	// hint line.
	Rank int
	// WhileTyping reports whether the keys also work while the user types text.
	WhileTyping bool
	// WhileCovered reports whether the action also works while another screen, such as help, covers the screen that
	// defines the action.
	WhileCovered bool
	// Enabled reports whether the action is currently available. The keys of a disabled action do nothing, and help
	// dims the action.
	Enabled bool
	// Run carries out the action. It may return nil or a tea.Cmd.
	Run func() tea.Cmd
	// Targets returns additional actions that only the palette lists, such as one for each column to go to. Targets may
	// be nil.
	Targets func() Table
}

// Group is a heading in help.
type Group string

// The groups of actions.
const (
	GroupMove    Group = "move"
	GroupView    Group = "view"
	GroupFind    Group = "find"
	GroupColumns Group = "columns"
	GroupExport  Group = "copy and export"
	GroupWatch   Group = "watch"
	GroupProgram Group = "sbwatch"
)

// groups returns all groups in the order of display.
func groups() []Group {
	return []Group{GroupMove, GroupView, GroupFind, GroupColumns, GroupExport, GroupWatch, GroupProgram}
}

// Do converts a function without a result into a function for [Action.Run] that returns no command.
func Do(do func()) func() tea.Cmd {
	return func() tea.Cmd {
		do()
		return nil
	}
}

// KeyText returns the keys of the action for display, such as "k ↑" or "1 to 5".
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

// Table is a list of actions. If several actions share a key, the key runs the first enabled action.
type Table []Action

// For returns the action for a key. It returns false if the key has no action. If isTyping is true, because the user is
// typing text, For considers only actions with WhileTyping.
func (t Table) For(key tea.KeyPressMsg, isTyping bool) (Action, bool) {
	name := key.String()
	for _, a := range t {
		if a.Enabled && (a.WhileTyping || !isTyping) && slices.Contains(a.Keys, name) {
			return a, true
		}
	}
	return Action{}, false
}

// WhileCovered returns the actions that also work while another screen covers the screen that defines them.
func (t Table) WhileCovered() Table {
	var table Table
	for _, a := range t {
		if a.WhileCovered {
			table = append(table, a)
		}
	}
	return table
}

// Hints returns the actions for the hint line, the most useful first.
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

// Sections returns the groups with their actions, for help. It leaves out actions without a title. It also leaves out a
// disabled action if its keys already belong to other actions: to enabled actions, or to actions listed earlier in the
// group.
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
