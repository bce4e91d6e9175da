package action

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/text"
)

// Binding gives an action other keys than its default ones.
type Binding struct {
	// Action is the ID of an action, such as "find.search". A name without a dot, such as "search", selects all actions whose
	// ID is that name or ends in it.
	Action string
	// Keys are the new keys. Without keys, the action can only be run from the palette.
	Keys []string
	// Line is the line of the config file, from 1; 0 if the binding is not from a file.
	Line int
}

// selects reports whether the binding is for an action.
func (b Binding) selects(id string) bool {
	return id == b.Action || !strings.Contains(b.Action, ".") && strings.HasSuffix(id, "."+b.Action)
}

// Keymap is a list of bindings. For an action with several bindings, the last one counts.
type Keymap []Binding

// Apply returns the actions with their keys. A key that the keymap gives to an action is taken from the other actions in the
// table. ctrl+c is never taken.
func (k Keymap) Apply(t Table) Table {
	if len(k) == 0 {
		return t
	}
	bound := make(Table, len(t))
	taken := map[string]bool{}
	isBound := make([]bool, len(t))
	for i, a := range t {
		if b, found := k.binding(a.ID); found {
			a.Keys, isBound[i] = b.Keys, true
			for _, key := range b.Keys {
				taken[key] = true
			}
		}
		bound[i] = a
	}
	for i, a := range bound {
		if !isBound[i] && slices.ContainsFunc(a.Keys, func(key string) bool { return taken[key] }) {
			bound[i].Keys = slices.DeleteFunc(slices.Clone(a.Keys), func(key string) bool { return taken[key] })
		}
	}
	return bound
}

// binding returns the binding of an action that counts.
func (k Keymap) binding(id string) (Binding, bool) {
	for _, b := range slices.Backward(k) {
		if b.selects(id) {
			return b, true
		}
	}
	return Binding{}, false
}

// Problem is something wrong with a binding.
type Problem struct {
	Line   int
	Reason string
}

// Check compares bindings of the user with the actions of all screens, which have their default keys. It returns the
// bindings without wrong ones, and what is wrong: unknown actions, unknown keys, and keys that another action on the same
// screen loses or has, too.
func (k Keymap) Check(screens map[string]Table) (Keymap, []Problem) {
	var valid Keymap
	var problems []Problem
	for _, b := range k {
		if reason := b.wrong(screens); reason != "" {
			problems = append(problems, Problem{b.Line, reason})
			continue
		}
		valid = append(valid, b)
	}
	return valid, append(problems, valid.conflicts(screens)...)
}

// wrong returns what is wrong with a binding by itself, or "".
func (b Binding) wrong(screens map[string]Table) string {
	ids := idsOf(screens)
	if !slices.ContainsFunc(ids, b.selects) {
		reason := fmt.Sprintf("there is no action %q", b.Action)
		if similar := text.Nearest(b.Action, slices.Values(ids)); similar != "" {
			reason += ": did you mean " + similar + "?"
		}
		return reason
	}
	for _, key := range b.Keys {
		switch {
		case key == "ctrl+c":
			return "ctrl+c always quits and cannot be given to " + b.Action
		case !IsKey(key):
			return fmt.Sprintf(`%q is not a key: write keys such as "x", "X", "ctrl+x", "alt+x", "f5", "space" or "pgdown"`, key)
		}
	}
	return ""
}

// conflicts returns the keys for which two actions of a screen compete, each once.
func (k Keymap) conflicts(screens map[string]Table) []Problem {
	var problems []Problem
	reported := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(screens)) {
		for _, a := range screens[name] {
			binding, found := k.binding(a.ID)
			if !found || binding.Line == 0 {
				continue
			}
			for _, key := range binding.Keys {
				other, has := k.rival(screens[name], a, key)
				id := a.ID + " " + key + " " + other.ID
				if !has || reported[id] {
					continue
				}
				reported[id] = true
				problems = append(problems, Problem{binding.Line, k.conflict(a, other, key)})
			}
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	return problems
}

// rival returns another action that has a key on the same screen, by default or by a binding in an earlier line.
func (k Keymap) rival(t Table, a Action, key string) (Action, bool) {
	own, _ := k.binding(a.ID)
	for _, other := range t {
		if other.ID == a.ID || slices.Contains(a.Keys, key) && slices.Contains(other.Keys, key) {
			continue // by default, actions share a key only if they are not available at the same time
		}
		keys := other.Keys
		if b, found := k.binding(other.ID); found {
			keys = b.Keys
			if b.Line >= own.Line {
				continue // reported for the later line
			}
		}
		if slices.Contains(keys, key) {
			return other, true
		}
	}
	return Action{}, false
}

// conflict describes what happens to a key that a binding gives to a and that other has.
func (k Keymap) conflict(a, other Action, key string) string {
	if _, found := k.binding(other.ID); found {
		return fmt.Sprintf("%s is already the key of %s: only the first of them that is available gets it", key, other.ID)
	}
	return fmt.Sprintf("%s is now %s: %s, which had it, has no such key there any more", key, a.ID, other.ID)
}

// idsOf returns the IDs of all actions in alphabetical order.
func idsOf(screens map[string]Table) []string {
	var ids []string
	for _, table := range screens {
		for _, a := range table {
			ids = append(ids, a.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// IsKey reports whether name is the name of a key: a character, possibly after "ctrl+", "alt+" or "shift+", or a name such
// as "pgdown" or "f5".
func IsKey(name string) bool {
	base := name
	for {
		modifier, rest, found := strings.Cut(base, "+")
		if !found || rest == "" || !slices.Contains([]string{"ctrl", "alt", "shift"}, modifier) {
			break
		}
		base = rest
	}
	if utf8.RuneCountInString(base) == 1 {
		r, _ := utf8.DecodeRuneInString(base)
		return unicode.IsGraphic(r) && r != ' '
	}
	if digits, isFunction := strings.CutPrefix(base, "f"); isFunction && digits != "" && len(digits) <= 2 && strings.Trim(digits, "0123456789") == "" {
		return digits[0] != '0'
	}
	return slices.Contains([]string{
		"space", "enter", "esc", "tab", "backspace", "delete", "insert", "home", "end", "pgup", "pgdown", "up", "down", "left", "right",
	}, base)
}

// Presets returns the names of the keymaps that [Preset] knows.
func Presets() []string { return []string{"vim", "emacs"} }

// Preset returns a keymap by name: "vim" has the default keys, "emacs" has control keys and arrows instead of letters that
// move.
func Preset(name string) Keymap {
	if name != "emacs" {
		return nil
	}
	var k Keymap
	for id, keys := range map[string][]string{
		"move.up": {"ctrl+p", "up"}, "move.down": {"ctrl+n", "down"}, "move.left": {"ctrl+b", "left"}, "move.right": {"ctrl+f", "right"},
		"move.first-row": {"alt+<", "home"}, "move.last-row": {"alt+>", "end"},
		"move.first-column": {"ctrl+a"}, "move.last-column": {"ctrl+e"},
		"move.page-down": {"ctrl+v", "pgdown", "space"}, "move.page-up": {"alt+v", "pgup"},
		"search": {"ctrl+s", "/"}, "back": {"esc", "ctrl+g"}, "close": {"esc", "ctrl+g"}, "palette": {"alt+x", ":"},
	} {
		k = append(k, Binding{Action: id, Keys: keys})
	}
	slices.SortFunc(k, func(a, b Binding) int { return strings.Compare(a.Action, b.Action) })
	return k
}
