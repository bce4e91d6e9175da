// Package line implements an editable line of text, which prompts, pickers and dialogs use for input.
package line

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// Line is an editable line of text with a cursor. It drops control characters and U+FFFD, and cuts long text, so the
// text of a line may differ from the text that was set. Offsets refer to the result of [Line.Text].
type Line struct {
	input textinput.Model
	// first is the offset of the first character that was visible at the time of the last click, in bytes.
	first int
}

// MaxLength is the maximum length of a line, in characters.
const MaxLength = 2000

// New returns a line with a text. The cursor is at the end of the text.
func New(text string) Line {
	input := textinput.New()
	input.CharLimit = MaxLength
	input.KeyMap.Paste.SetEnabled(false) // the terminal pastes; the widget would start another program to read the clipboard
	input.KeyMap.AcceptSuggestion.SetEnabled(false)
	input.KeyMap.NextSuggestion.SetEnabled(false)
	input.KeyMap.PrevSuggestion.SetEnabled(false)
	input.KeyMap.DeleteWordForward.SetEnabled(false)
	input.Focus()
	input.SetValue(text)
	return Line{input: input}
}

// CanHold reports whether a line keeps all of the text: it has at most MaxLength characters, and none of them is a
// control character or U+FFFD.
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

// Set replaces the text and puts the cursor at an offset in bytes. If the line shortens the text or drops characters of
// it, the cursor is at the end.
func (l *Line) Set(text string, cursor int) {
	l.input.SetValue(text)
	if l.Text() != text {
		l.input.CursorEnd()
		return
	}
	l.input.SetCursor(utf8.RuneCountInString(text[:max(0, min(cursor, len(text)))]))
}

// Update edits the text with a key press or pasted text. It reports whether the text has changed.
func (l *Line) Update(msg tea.Msg) bool {
	previous := l.Text()
	switch typed := msg.(type) {
	case tea.KeyPressMsg:
		if isDeleteWordForward(typed) {
			l.deleteWordForward()
			return l.Text() != previous
		}
	case tea.PasteMsg:
		// A paste is cut to this number of bytes, because the line cannot hold more.
		const maxPaste = 4 * utf8.UTFMax * MaxLength
		msg = tea.PasteMsg{Content: strings.ToValidUTF8(typed.Content[:min(maxPaste, len(typed.Content))], "")}
	}
	l.input, _ = l.input.Update(msg) // the command would only make the cursor blink
	return l.Text() != previous
}

// isDeleteWordForward reports whether a key deletes the next word. Line handles this key itself, because textinput
// would read past the end of the text.
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

// Span is a part of a text, given by two byte offsets.
type Span struct{ From, To int }

// glyph is a character of the line as it is drawn.
type glyph struct {
	text     string
	width    int
	from, to int // offsets in the text of the line, in bytes
}

// minWidth is the minimum width of a line, in cells.
const minWidth = 4

// lay returns the characters that are visible on w cells. The space after the text counts as a character, because the
// cursor can be on it. A long text is scrolled so that the cursor is visible. After a click, it is scrolled only if
// necessary, so that the text does not move under the mouse.
func (l *Line) lay(p draw.Painter, w int) []glyph {
	room := max(minWidth, w)
	s, cursor := l.Text(), l.Cursor()
	var glyphs []glyph
	under := 0            // index of the glyph under the cursor
	prefix, total := 0, 0 // widths of the text to the left of the cursor, and of the whole text
	for at, rest := 0, s+" "; rest != ""; {
		cluster, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		end := at + len(cluster)
		shown := text.Printable(cluster)
		g := glyph{shown, p.Width(shown), at, end}
		if cursor >= at && cursor < end {
			under = len(glyphs)
		}
		if end <= cursor {
			prefix += g.width
		}
		glyphs = append(glyphs, g)
		total += g.width
		at, rest = end, rest[len(cluster):]
	}
	from := 0
	for ; from < under && (prefix > room-1 || glyphs[from].from < l.first && total > room); from++ {
		prefix -= glyphs[from].width
		total -= glyphs[from].width
	}
	used := 0
	for i, g := range glyphs[from:] {
		if used += g.width; used > room {
			return glyphs[from : from+i]
		}
	}
	return glyphs[from:]
}

// View draws the text on w cells, or on 4 cells if w is less than 4. It scrolls a long text so that the cursor is
// visible. It draws the cursor only if hasFocus is true. errorSpan is the part of the text to mark as an error.
func (l *Line) View(p draw.Painter, w int, hasFocus bool, errorSpan Span) string {
	cursor := l.Cursor()
	var line strings.Builder
	for _, g := range l.lay(p, w) {
		style := p.Plain
		switch {
		case cursor >= g.from && cursor < g.to && hasFocus:
			style = p.Table.Cursor
		case g.from >= errorSpan.From && g.from < errorSpan.To:
			style = p.Invalid
		}
		line.WriteString(style.Render(g.text))
	}
	return line.String()
}

// Click moves the cursor to the character at cell x of the view of w cells. If x is after the text, the cursor moves to
// the end of the visible text.
func (l *Line) Click(p draw.Painter, w, x int) {
	glyphs := l.lay(p, w)
	if x < 0 || len(glyphs) == 0 {
		return
	}
	l.first = glyphs[0].from
	clicked, end := glyphs[len(glyphs)-1].from, 0
	for _, g := range glyphs {
		if end += g.width; x < end {
			clicked = g.from
			break
		}
	}
	l.Set(l.Text(), clicked)
}
