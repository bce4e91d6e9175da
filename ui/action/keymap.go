package action

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/settings"
)

// Binding replaces the default keys of an action.
type Binding struct {
	// Action is the ID of an action, such as "find.search". A name without a dot selects several actions: "search"
	// selects every action whose ID ends in ".search".
	Action string
	// Keys are the new keys. Without keys, the action can be run only from the palette.
	Keys []string
	// Line is the line in the config file, counted from 1. Line is 0 if the binding is not from a file.
	Line int
}

func (b Binding) selects(id string) bool {
	return id == b.Action || !strings.Contains(b.Action, ".") && strings.HasSuffix(id, "."+b.Action)
}

// Keymap is a list of bindings. If an action has several bindings, the last one applies.
type Keymap []Binding

// Apply returns the actions of t with the keys of the keymap. If the keymap gives a key to an action, other actions of
// t lose that key. Apply does not check the keys; see [Keymap.Check].
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

// binding returns the binding that applies to an action. It returns false if the action has no binding.
func (k Keymap) binding(id string) (Binding, bool) {
	for _, b := range slices.Backward(k) {
		if b.selects(id) {
			return b, true
		}
	}
	return Binding{}, false
}

// Check checks the user's bindings and returns the valid ones. It also returns the problems: unknown actions, unknown
// keys, and keys that another action of the same screen also has, sorted by line. screens holds the actions of all
// screens with their default keys.
func (k Keymap) Check(screens map[string]Table) (Keymap, []settings.Problem) {
	var valid Keymap
	var problems []settings.Problem
	for _, b := range k {
		if reason := b.invalidReason(screens); reason != "" {
			problems = append(problems, settings.Problem{Line: b.Line, Reason: reason})
			continue
		}
		valid = append(valid, b)
	}
	return valid, settings.SortProblems(append(problems, valid.conflicts(screens)...))
}

// invalidReason returns why a binding is invalid regardless of other bindings, such as an unknown action. It returns ""
// if there is no such reason.
func (b Binding) invalidReason(screens map[string]Table) string {
	ids := idsOf(screens)
	if !slices.ContainsFunc(ids, b.selects) {
		return settings.Unknown("action", b.Action, ids)
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

// conflicts returns a problem for each key that a line of the config file gives to an action, if another action of the
// same screen has the key too. It reports each conflict once.
func (k Keymap) conflicts(screens map[string]Table) []settings.Problem {
	var problems []settings.Problem
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
				problems = append(problems, settings.Problem{Line: binding.Line, Reason: k.conflict(a, other, key)})
			}
		}
	}
	return problems
}

// rival returns another action of table t that also uses the key. It skips actions whose binding is on a later line of
// the config file, because the conflict is then reported for that line. It returns false if there is no conflict.
func (k Keymap) rival(t Table, a Action, key string) (Action, bool) {
	own, _ := k.binding(a.ID)
	for _, other := range t {
		if other.ID == a.ID || slices.Contains(a.Keys, key) && slices.Contains(other.Keys, key) {
			continue // two actions with the same default key are never available at the same time
		}
		keys := other.Keys
		if b, found := k.binding(other.ID); found {
			keys = b.Keys
			if b.Line >= own.Line {
				continue // the later line reports the conflict
			}
		}
		if slices.Contains(keys, key) {
			return other, true
		}
	}
	return Action{}, false
}

// conflict returns a message such as "x is now a key of run.poll, so table.hide loses it on the same screen".
func (k Keymap) conflict(a, other Action, key string) string {
	if _, found := k.binding(other.ID); found {
		return fmt.Sprintf("%s is also a key of %s: if both actions are available, only one of them gets the key", key, other.ID)
	}
	return fmt.Sprintf("%s is now a key of %s, so %s loses it on the same screen", key, a.ID, other.ID)
}

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

// IsKey reports whether name is the name of a key. That is a character or a name such as "pgdown" or "f5", possibly
// after "ctrl+", "alt+" or "shift+".
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

// Preset returns the keymap with this name. "vim" has the default keys. In "emacs", control keys and arrows replace the
// letters that move the cursor.
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
