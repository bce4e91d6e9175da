package line_test

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/faults"
	"sbwatch/theme"
	"sbwatch/ui/draw"
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

func TestClick(t *testing.T) {
	p := draw.New(theme.Mono(), ansi.WcWidth)
	for _, c := range []struct {
		text    string
		w, x    int
		want    int
		comment string
	}{
		{"price > 20", 40, 0, 0, "the first character"},
		{"price > 20", 40, 6, 6, "a character"},
		{"price > 20", 40, 30, 10, "after the text"},
		{"price > 20", 40, -1, 10, "the label"},
		{"検索結果", 40, 3, 3, "the right half of a wide character"},
		{"0123456789abcdef", 10, 0, 7, "the first visible character of a scrolled text"},
		{"0123456789abcdef", 10, 9, 16, "the end of a scrolled text"},
	} {
		l := line.New(c.text)
		before := ansi.Strip(l.View(p, c.w, true, line.Span{}))
		l.Click(p, c.w, c.x)
		if l.Cursor() != c.want || l.Text() != c.text {
			t.Errorf("%s: a click on cell %d of %q moves the cursor to %d, want %d", c.comment, c.x, before, l.Cursor(), c.want)
		}
		if after := ansi.Strip(l.View(p, c.w, true, line.Span{})); after != before {
			t.Errorf("%s: the click scrolls the text from %q to %q", c.comment, before, after)
		}
	}
}

func TestATextStaysInViewAfterAClick(t *testing.T) {
	p := draw.New(theme.Mono(), ansi.WcWidth)
	l := line.New("0123456789abcdef")
	l.Click(p, 10, 3)
	for range 12 {
		l.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
	}
	if shown := ansi.Strip(l.View(p, 10, true, line.Span{})); shown != "abcdef " {
		t.Errorf("a text that fits is shown as %q", shown)
	}
}
