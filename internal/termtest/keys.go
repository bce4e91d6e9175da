//go:build unix

package termtest

import (
	"strings"
	"unicode/utf8"
)

// Type types text unchanged.
func (term *Term) Type(text string) {
	select {
	case term.input <- []byte(text):
	case <-term.done:
	}
}

// Press presses keys, by name: one character, "enter", "esc", "tab", "shift+tab", "space", "backspace", "delete", "up",
// "down", "left", "right", "home", "end", "pgup", "pgdown", and "ctrl+" with a letter.
//
// A terminal sends an escape character for esc, but also at the start of many other keys. Programs can distinguish them
// only by time. So wait for the effect of esc before you press the next key.
func (term *Term) Press(keys ...string) {
	term.t.Helper()
	for _, key := range keys {
		sequence := keySequence(key)
		if sequence == "" {
			term.t.Fatalf("unknown key %q", key)
		}
		term.Type(sequence)
	}
}

// keySequence returns the characters that a terminal sends for a key before a program changes the keyboard modes. It
// returns "" if the name is unknown.
func keySequence(key string) string {
	if letter, ok := strings.CutPrefix(key, "ctrl+"); ok {
		if len(letter) == 1 && letter[0] >= 'a' && letter[0] <= 'z' {
			return string(rune(letter[0] - 'a' + 1))
		}
		return ""
	}
	if utf8.RuneCountInString(key) == 1 {
		return key
	}
	return map[string]string{
		"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
		"home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "delete": "\x1b[3~",
	}[key]
}
