package line

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/draw"
)

// HintAt returns the key of the hint at cell x of a text such as "enter done   esc cancel". Three spaces or " · "
// separate hints. HintAt returns false if x is not on a hint, or if the hint does not start with a key.
func HintAt(p draw.Painter, hints string, x int) (tea.KeyPressMsg, bool) {
	from := 0
	for hints != "" {
		hint, rest, gap := cutHint(hints)
		to := from + p.Width(hint)
		if name, _, found := strings.Cut(strings.TrimSpace(hint), " "); found && x >= from && x < to {
			return keyNamed(name)
		}
		hints, from = rest, to+gap
	}
	return tea.KeyPressMsg{}, false
}

// cutHint splits hints into the first hint and the rest. gap is the width of the separator between them.
func cutHint(hints string) (hint, rest string, gap int) {
	at, width := len(hints), 0
	for _, separator := range []string{"   ", " · "} {
		if i := strings.Index(hints, separator); i >= 0 && i < at && strings.TrimSpace(hints[:i]) != "" {
			at, width = i, len(separator)
		}
	}
	return hints[:at], hints[at+width:], min(width, 3)
}

// keyNamed returns a press of the key that hints call name, such as "enter" or "ctrl+s". It returns false if there is
// no such key.
func keyNamed(name string) (tea.KeyPressMsg, bool) {
	if letter, isControl := strings.CutPrefix(name, "ctrl+"); isControl && len(letter) == 1 {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}, true
	}
	code, isNamed := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "del": tea.KeyDelete, "↑": tea.KeyUp, "↓": tea.KeyDown,
	}[name]
	switch {
	case name == "space":
		return tea.KeyPressMsg{Code: code, Text: " "}, true
	case isNamed:
		return tea.KeyPressMsg{Code: code}, true
	case utf8.RuneCountInString(name) == 1:
		r, _ := utf8.DecodeRuneInString(name)
		return tea.KeyPressMsg{Code: r, Text: name}, true
	default:
		return tea.KeyPressMsg{}, false
	}
}
