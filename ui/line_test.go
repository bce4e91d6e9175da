package ui

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// hostileWords are texts that inputs have been seen to drop, cut or miscount.
func hostileWords() []string {
	return []string{
		"", " ", "a", "\ufffd", "k\ufffd", "\xff\xfe", "a\x00b", "\x1b[31m", "tab\there", "line\nbreak", "\u0085", "\u00a0", "\u2028",
		"e\u0301", "👩‍👩‍👧‍👦", "\u202eabc", "日本語", `"`, `a"b'c` + "`", `\`, "and", strings.Repeat("x", lineLimit), strings.Repeat("日", lineLimit+1),
		strings.Repeat("a ", 3*lineLimit), strings.Repeat("\xff", 5*lineLimit),
	}
}

// anyKey returns the key press that a number stands for: any code, special keys included, with any modifiers and with text or not.
func anyKey(n uint64) tea.KeyPressMsg {
	special := []rune{
		tea.KeyLeft, tea.KeyRight, tea.KeyHome, tea.KeyEnd, tea.KeyDelete, tea.KeyBackspace, tea.KeyTab, tea.KeySpace, tea.KeyUp,
		tea.KeyDown, tea.KeyPgUp, tea.KeyPgDown, tea.KeyInsert, tea.KeyF1, tea.KeyEnter, tea.KeyEscape,
	}
	press := tea.KeyPressMsg{Mod: tea.KeyMod(n>>8) & (tea.ModShift | tea.ModAlt | tea.ModCtrl)}
	if at := int(n & 0x7f); at < ' ' {
		press.Code = special[at%len(special)]
	} else {
		press.Code = rune(at)
	}
	if press.Mod&^tea.ModShift == 0 && press.Code >= ' ' && press.Code < 0x7f {
		press.Text = string(press.Code)
	}
	return press
}

func checkLine(t *testing.T, l *line) {
	t.Helper()
	text, cursor := l.text(), l.cursor()
	switch {
	case !utf8.ValidString(text):
		t.Fatalf("the text is invalid UTF-8: %q", text)
	case utf8.RuneCountInString(text) > lineLimit:
		t.Fatalf("%d characters", utf8.RuneCountInString(text))
	case cursor < 0 || cursor > len(text) || cursor < len(text) && !utf8.RuneStart(text[cursor]):
		t.Fatalf("cursor %d in %q", cursor, text)
	}
}

func FuzzLine(f *testing.F) {
	for i, word := range hostileWords() {
		f.Add(word, uint64(i))
	}
	f.Fuzz(func(t *testing.T, word string, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 1))
		l := newLine(word)
		for range 200 {
			switch random.IntN(12) {
			case 0:
				l.update(tea.PasteMsg{Content: word})
			case 1:
				l.set(word, random.IntN(len(word)+2)-1)
			default:
				l.update(anyKey(random.Uint64()))
			}
			checkLine(t, &l)
		}
	})
}

func TestLineHoldsWhatItSays(t *testing.T) {
	for _, word := range hostileWords() {
		l := newLine(word)
		if holds := l.text() == word; holds != canHold(word) {
			t.Errorf("canHold(%.40q) is %v, yet the line holds %.40q", word, canHold(word), l.text())
		}
	}
}

func TestDeletingTheWordAhead(t *testing.T) {
	for _, test := range []struct {
		text   string
		cursor int
		want   string
	}{
		{"", 0, ""},
		{"a", 0, ""},
		{"a", 1, "a"},
		{"ab", 1, "a"},
		{"one two", 3, "one"},
		{"one two three", 4, "one  three"},
		{"one   ", 3, "one"},
		{"日本 語", 3, "日 語"},
	} {
		for _, code := range []rune{'d', tea.KeyDelete} {
			l := newLine("")
			l.set(test.text, test.cursor)
			l.update(tea.KeyPressMsg{Code: code, Mod: tea.ModAlt})
			if l.text() != test.want || l.cursor() != test.cursor {
				t.Errorf("%q at %d becomes %q at %d, want %q", test.text, test.cursor, l.text(), l.cursor(), test.want)
			}
		}
	}
}

// TestCompletingHostileWords completes a column, an operator and a value that an input cannot hold as they are.
func TestCompletingHostileWords(t *testing.T) {
	for name, item := range map[string]string{
		"replacement in a key":   `{"k\ufffd":1}`,
		"lone surrogate":         `{"k\ud800":"\udc00"}`,
		"replacement in a value": `{"k":"a\ufffdb"}`,
		"control characters":     `{"k\u0000\t\n":"a\u0085\u001bb"}`,
		"invalid UTF-8":          "{\"k\xff\":\"\xff\"}",
		"long name":              `{"` + strings.Repeat("k", 2*lineLimit) + `":1}`,
		"long value":             `{"k":"` + strings.Repeat("日", 2*lineLimit) + `"}`,
		"name that almost fits":  `{"` + strings.Repeat("k", lineLimit-2) + `":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				s := browses(t, 80, 24, []string{item, item}).does("f", "tab", "tab", "tab")
				for range 3 {
					s.types(" ").does("tab", "tab")
					frameOf(t, s)
					if line := &s.prompt.input; line.cursor() > len(line.text()) {
						t.Fatalf("cursor %d in %q", line.cursor(), line.text())
					}
				}
				s.does("enter")
				frameOf(t, s)
			})
		})
	}
}

// TestDeletingTheLastWordAhead presses alt+d on the last character of every input.
func TestDeletingTheLastWordAhead(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		for _, opens := range []string{"/", "f", "e", "c", "&"} {
			s := browses(t, 80, 24, catalogue()).does(opens).types("a").does("left")
			for _, code := range []rune{'d', tea.KeyDelete} {
				s.send(tea.KeyPressMsg{Code: code, Mod: tea.ModAlt})
			}
			frameOf(t, s)
		}
	})
}
