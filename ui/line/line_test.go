package line_test

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/faults"
	"sbwatch/ui/line"
)

func checkLine(t *testing.T, l *line.Line) {
	t.Helper()
	text, cursor := l.Text(), l.Cursor()
	switch {
	case !utf8.ValidString(text):
		t.Fatalf("the text is invalid UTF-8: %q", text)
	case utf8.RuneCountInString(text) > line.MaxLength:
		t.Fatalf("%d characters", utf8.RuneCountInString(text))
	case cursor < 0 || cursor > len(text) || cursor < len(text) && !utf8.RuneStart(text[cursor]):
		t.Fatalf("cursor %d in %q", cursor, text)
	}
}

func FuzzLine(f *testing.F) {
	for i, word := range faults.Words(line.MaxLength) {
		f.Add(word, uint64(i))
	}
	f.Fuzz(func(t *testing.T, word string, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 1))
		l := line.New(word)
		for range 200 {
			switch random.IntN(12) {
			case 0:
				l.Update(tea.PasteMsg{Content: word})
			case 1:
				l.Set(word, random.IntN(len(word)+2)-1)
			default:
				l.Update(faults.Key(random.Uint64()))
			}
			checkLine(t, &l)
		}
	})
}

func TestLineHoldsWhatItSays(t *testing.T) {
	for _, word := range faults.Words(line.MaxLength) {
		l := line.New(word)
		if holds := l.Text() == word; holds != line.CanHold(word) {
			t.Errorf("CanHold(%.40q) is %v, yet the line holds %.40q", word, line.CanHold(word), l.Text())
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
			l := line.New("")
			l.Set(test.text, test.cursor)
			l.Update(tea.KeyPressMsg{Code: code, Mod: tea.ModAlt})
			if l.Text() != test.want || l.Cursor() != test.cursor {
				t.Errorf("%q at %d becomes %q at %d, want %q", test.text, test.cursor, l.Text(), l.Cursor(), test.want)
			}
		}
	}
}
