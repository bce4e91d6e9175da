package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
)

// line is a focused line of text that is edited: the input of the prompts, the chooser and the export dialog. What it holds
// can differ from what it was given, because textinput drops control characters and U+FFFD and cuts at its limit.
// Offsets must be counted in what text returns.
type line struct {
	input textinput.Model
}

// lineLimit is the maximum length of a line, typed or pasted, in characters.
const lineLimit = 2000

// deleteWordForward replaces the binding of textinput, which reads past the end of the text.
func deleteWordForward(msg tea.KeyPressMsg) bool {
	return key.Matches(msg, textinput.DefaultKeyMap().DeleteWordForward)
}

// newLine returns a line with a text in it and the cursor at its end.
func newLine(text string) line {
	input := textinput.New()
	input.CharLimit = lineLimit
	input.KeyMap.Paste.SetEnabled(false) // the terminal pastes; this would start a program
	input.KeyMap.AcceptSuggestion.SetEnabled(false)
	input.KeyMap.NextSuggestion.SetEnabled(false)
	input.KeyMap.PrevSuggestion.SetEnabled(false)
	input.KeyMap.DeleteWordForward.SetEnabled(false)
	input.Focus()
	input.SetValue(text)
	return line{input}
}

func (l *line) text() string { return l.input.Value() }

// cursor is the place of the cursor in the text, in bytes.
func (l *line) cursor() int {
	text, at := l.text(), 0
	for range l.input.Position() {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// set replaces the text and puts the cursor behind so many bytes of it, or at the end of a text that cannot be held unchanged.
func (l *line) set(text string, cursor int) {
	l.input.SetValue(text)
	if l.text() != text {
		l.input.CursorEnd()
		return
	}
	l.input.SetCursor(utf8.RuneCountInString(text[:max(0, min(cursor, len(text)))]))
}

// canHold reports whether a line holds the text unchanged.
func canHold(text string) bool {
	if len(text) > utf8.UTFMax*lineLimit {
		return false
	}
	runes := 0
	for _, r := range text {
		if runes++; r == utf8.RuneError || unicode.IsControl(r) {
			return false
		}
	}
	return runes <= lineLimit
}

// update edits the text with a key or with what was pasted.
func (l *line) update(msg tea.Msg) {
	switch typed := msg.(type) {
	case tea.KeyPressMsg:
		if deleteWordForward(typed) {
			l.deleteWordForward()
			return
		}
	case tea.PasteMsg:
		// Most of a large paste cannot be held anyway.
		const most = 4 * utf8.UTFMax * lineLimit
		msg = tea.PasteMsg{Content: strings.ToValidUTF8(typed.Content[:min(most, len(typed.Content))], "")}
	}
	l.input, _ = l.input.Update(msg) // its command only blinks
}

// deleteWordForward deletes the spaces at the cursor and the word that follows them.
func (l *line) deleteWordForward() {
	text, from := l.text(), l.cursor()
	rest := strings.TrimLeftFunc(text[from:], unicode.IsSpace)
	if end := strings.IndexFunc(rest, unicode.IsSpace); end >= 0 {
		rest = rest[end:]
	} else {
		rest = ""
	}
	l.set(text[:from]+rest, from)
}
