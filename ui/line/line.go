// Package line edits a line of text: the input of prompts, pickers and dialogs.
package line

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// Line is a line of text with a cursor. Its text can differ from what it was given, because textinput drops control
// characters and U+FFFD and cuts at its limit. Offsets must be counted in what [Line.Text] returns.
type Line struct {
	input textinput.Model
}

// MaxLength is the maximum length of a line, typed or pasted, in characters.
const MaxLength = 2000

// New returns a line with a text in it and the cursor at its end.
func New(text string) Line {
	input := textinput.New()
	input.CharLimit = MaxLength
	input.KeyMap.Paste.SetEnabled(false) // the terminal pastes; this would start a program
	input.KeyMap.AcceptSuggestion.SetEnabled(false)
	input.KeyMap.NextSuggestion.SetEnabled(false)
	input.KeyMap.PrevSuggestion.SetEnabled(false)
	input.KeyMap.DeleteWordForward.SetEnabled(false)
	input.Focus()
	input.SetValue(text)
	return Line{input}
}

// CanHold reports whether a line holds the text unchanged.
func CanHold(text string) bool {
	if len(text) > utf8.UTFMax*MaxLength {
		return false
	}
	runes := 0
	for _, r := range text {
		if runes++; r == utf8.RuneError || unicode.IsControl(r) {
			return false
		}
	}
	return runes <= MaxLength
}

// Text returns the text.
func (l *Line) Text() string { return l.input.Value() }

// Cursor returns the offset of the cursor in the text, in bytes.
func (l *Line) Cursor() int {
	text, at := l.Text(), 0
	for range l.input.Position() {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// Set replaces the text and puts the cursor at an offset in bytes, or at the end of a text that cannot be held unchanged.
func (l *Line) Set(text string, cursor int) {
	l.input.SetValue(text)
	if l.Text() != text {
		l.input.CursorEnd()
		return
	}
	l.input.SetCursor(utf8.RuneCountInString(text[:max(0, min(cursor, len(text)))]))
}

// Update edits the text with a key or with pasted text. It reports whether the text has changed.
func (l *Line) Update(msg tea.Msg) bool {
	previous := l.Text()
	switch typed := msg.(type) {
	case tea.KeyPressMsg:
		if isDeleteWordForward(typed) {
			l.deleteWordForward()
			return l.Text() != previous
		}
	case tea.PasteMsg:
		// Most of a large paste cannot be held anyway.
		const maxPaste = 4 * utf8.UTFMax * MaxLength
		msg = tea.PasteMsg{Content: strings.ToValidUTF8(typed.Content[:min(maxPaste, len(typed.Content))], "")}
	}
	l.input, _ = l.input.Update(msg) // its command only blinks
	return l.Text() != previous
}

// isDeleteWordForward matches the keys of a command of textinput that is replaced because it reads past the end of the
// text.
func isDeleteWordForward(msg tea.KeyPressMsg) bool {
	return key.Matches(msg, textinput.DefaultKeyMap().DeleteWordForward)
}

// deleteWordForward deletes the spaces at the cursor and the word that follows them.
func (l *Line) deleteWordForward() {
	text, from := l.Text(), l.Cursor()
	rest := strings.TrimLeftFunc(text[from:], unicode.IsSpace)
	if end := strings.IndexFunc(rest, unicode.IsSpace); end >= 0 {
		rest = rest[end:]
	} else {
		rest = ""
	}
	l.Set(text[:from]+rest, from)
}

// Span is a part of a text, from one offset in bytes up to another.
type Span struct{ From, To int }

// glyph is a character of the line as it shows.
type glyph struct {
	text  string
	width int
	style lipgloss.Style
}

// View draws the text on at most w cells (at least 4). A long text is scrolled so that the cursor is visible. The
// cursor is drawn only if the line has the focus. wrong is the part of the text to mark as wrong.
func (l *Line) View(p draw.Painter, w int, hasFocus bool, wrong Span) string {
	const minWidth = 4
	room := max(minWidth, w)
	s, cursor := l.Text(), l.Cursor()
	var glyphs []glyph
	under, prefix := 0, 0 // the glyph with the cursor, and the cells to its left
	for at, rest := 0, s+" "; rest != ""; {
		cluster, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		end := at + len(cluster)
		style := p.Plain
		switch {
		case cursor >= at && cursor < end && hasFocus:
			style, under = p.Table.Cursor, len(glyphs)
		case at >= wrong.From && at < wrong.To:
			style = p.Invalid
		}
		shown := text.Printable(cluster)
		glyphs = append(glyphs, glyph{shown, p.Width(shown), style})
		if end <= cursor {
			prefix += p.Width(shown)
		}
		at, rest = end, rest[len(cluster):]
	}
	from := 0
	for ; prefix > room-1 && from < under; from++ {
		prefix -= glyphs[from].width
	}
	var line strings.Builder
	used := 0
	for _, g := range glyphs[from:] {
		if used += g.width; used > room {
			break
		}
		line.WriteString(g.style.Render(g.text))
	}
	return line.String()
}
