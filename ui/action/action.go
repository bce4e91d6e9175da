// Package action describes what the user can do: the one table that keys, hints and help are read from.
//
// An action is written once, by the component that carries it out. Components list their actions as they are now, and a
// [Table] of them finds the one that a key stands for, lists them as help and picks those that the hint line names.
package action

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Action is one thing that the user can do.
type Action struct {
	// ID names the action. It stays the same whatever its title or its keys become.
	ID string
	// Group is the heading under which help lists the action.
	Group Group
	// Title says what the action does, in a few words. An action without a title is not listed.
	Title string
	// Keys are the names of the default keys.
	Keys []string
	// Rank is the place in the hint line, counted from 1, the most useful first; 0 for an action that is never there.
	Rank int
	// WhileTyping lets the keys work while text is typed, too.
	WhileTyping bool
	// WhileCovered lets the action be carried out while another screen, such as help, covers its own.
	WhileCovered bool
	// Enabled reports whether the action makes sense now. One that is not enabled has no key and is not listed.
	Enabled bool
	// Run carries the action out.
	Run func() tea.Cmd
}

// Group is a heading in help.
type Group string

// The groups.
const (
	GroupMove    Group = "move"
	GroupView    Group = "look"
	GroupFind    Group = "find"
	GroupColumns Group = "columns"
	GroupExport  Group = "take"
	GroupWatch   Group = "watch"
	GroupProgram Group = "sbwatch"
)

// groups returns all groups in the order of help.
func groups() []Group {
	return []Group{GroupMove, GroupView, GroupFind, GroupColumns, GroupExport, GroupWatch, GroupProgram}
}

// Do makes a run function of one that needs no command.
func Do(do func()) func() tea.Cmd {
	return func() tea.Cmd {
		do()
		return nil
	}
}

// KeyText returns the keys as they are shown: "k ↑", "1 to 5".
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

// keyName returns the short name of a key.
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

// Table is a list of actions. Of those that share a key the first one that is enabled has it.
type Table []Action

// For returns the action that a key stands for. While text is typed, only few actions have keys.
func (t Table) For(key tea.KeyPressMsg, isTyping bool) (Action, bool) {
	name := key.String()
	for _, a := range t {
		if a.Enabled && (a.WhileTyping || !isTyping) && slices.Contains(a.Keys, name) {
			return a, true
		}
	}
	return Action{}, false
}

// WhileCovered returns the actions of a screen that another one covers.
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
	var hints []Action
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

// Sections returns the actions that are enabled and have a title, by group. Neighbors with the same title become one.
func (t Table) Sections() []Section {
	var sections []Section
	for _, group := range groups() {
		s := Section{Group: group}
		for _, a := range t {
			if a.Enabled && a.Title != "" && a.Group == group {
				s.add(a)
			}
		}
		if len(s.Actions) > 0 {
			sections = append(sections, s)
		}
	}
	return sections
}

func (s *Section) add(a Action) {
	if last := len(s.Actions) - 1; last >= 0 && s.Actions[last].Title == a.Title {
		s.Actions[last].Keys = slices.Concat(s.Actions[last].Keys, a.Keys)
		return
	}
	s.Actions = append(s.Actions, a)
}
