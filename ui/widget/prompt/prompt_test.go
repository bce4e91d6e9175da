package prompt_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
	"sbwatch/ui/widget/prompt"
)

func painter() draw.Painter { return draw.New(theme.Mono(), ansi.WcWidth) }

func special(code rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: code} }

func typed(p *prompt.Prompt, text string) {
	for _, r := range text {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func completions() []prompt.Completion {
	return []prompt.Completion{
		{Text: "brand", Note: "in 1,204"}, {Text: "検索結果", Note: "wide"}, {Text: `"bro ken"`}, {Text: "b\x1b[31m"}, {Text: strings.Repeat("b", 70)},
	}
}

func TestView(t *testing.T) {
	scenes := map[string]func(p *prompt.Prompt){
		"empty": func(*prompt.Prompt) {},
		"typed": func(p *prompt.Prompt) {
			typed(p, "price > 20 and 検索 👩‍👩‍👧 ~ a long value that goes on")
		},
		"wrong": func(p *prompt.Prompt) {
			typed(p, "price >> 20")
			p.SetProblem("a number or a text is expected here", line.Span{From: 7, To: 8})
		},
		"offered": func(p *prompt.Prompt) {
			typed(p, "not b")
			p.SetCompletions(completions(), line.Span{From: 4, To: 5})
		},
		"completed": func(p *prompt.Prompt) {
			typed(p, "not b")
			p.SetCompletions(completions(), line.Span{From: 4, To: 5})
			p.Update(special(tea.KeyTab))
			p.Update(special(tea.KeyTab))
		},
	}
	for name, scene := range scenes {
		for _, w := range []int{10, 40, 100} {
			t.Run(fmt.Sprintf("%s-%d", name, w), func(t *testing.T) {
				p := prompt.New("filter ", "tab complete   enter filter   esc cancel", nil)
				scene(&p)
				golden.Check(t, fmt.Sprintf("%s-%d", name, w), golden.Marked(t, p.View(painter(), w), w, ansi.WcWidth))
			})
		}
	}
}

func TestEvents(t *testing.T) {
	p := prompt.New("/", "", nil)
	for _, c := range []struct {
		msg  tea.Msg
		want prompt.Event
		text string
	}{
		{tea.KeyPressMsg{Code: 'a', Text: "a"}, prompt.Changed, "a"},
		{special(tea.KeyLeft), prompt.None, "a"},
		{tea.PasteMsg{Content: "日本"}, prompt.Changed, "日本a"},
		{special(tea.KeyTab), prompt.CompletionWanted, "日本a"},
		{tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}, prompt.None, "日本a"},
		{special(tea.KeyUp), prompt.None, "日本a"},
		{special(tea.KeyEnter), prompt.Entered, "日本a"},
		{special(tea.KeyEscape), prompt.Canceled, "日本a"},
	} {
		if event := p.Update(c.msg); event != c.want || p.Text() != c.text {
			t.Errorf("%v: event %d, text %q, want %d, %q", c.msg, event, p.Text(), c.want, c.text)
		}
	}
}

func TestAProblemStaysUntilTheTextChanges(t *testing.T) {
	p := prompt.New("/", "", nil)
	typed(&p, "[")
	p.SetProblem("missing ]", line.Span{From: 0, To: 1})
	p.Update(special(tea.KeyLeft))
	if event := p.Update(special(tea.KeyEnter)); event != prompt.None {
		t.Errorf("a text with a problem can be entered: event %d", event)
	}
	typed(&p, "x")
	if problem, _ := p.Problem(); problem != "" || p.Update(special(tea.KeyEnter)) != prompt.Entered {
		t.Errorf("the problem %q stays", problem)
	}
}

func TestCompletion(t *testing.T) {
	p := prompt.New("", "", nil)
	typed(&p, "not b = 1")
	for range len(" = 1") {
		p.Update(special(tea.KeyLeft))
	}
	p.SetCompletions([]prompt.Completion{{Text: "brand"}, {Text: "bad\ufffd"}, {Text: strings.Repeat("b", 2*line.MaxLength)}, {Text: "日本"}}, line.Span{From: 4, To: 5})
	for i, want := range []string{"not brand = 1", "not 日本 = 1", "not brand = 1"} {
		if event := p.Update(special(tea.KeyTab)); event != prompt.Changed || p.Text() != want || !p.IsCompleted() {
			t.Errorf("tab %d: event %d, %q, want %q", i+1, event, p.Text(), want)
		}
		if at := p.Text()[:p.Cursor()]; strings.HasSuffix(at, " ") || len(at) != len(want)-len(" = 1") {
			t.Errorf("tab %d: the cursor is after %q", i+1, at)
		}
	}
	p.Update(tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift})
	if p.Text() != "not 日本 = 1" {
		t.Errorf("shift+tab: %q", p.Text())
	}
	typed(&p, "!")
	if p.IsCompleted() || p.Update(special(tea.KeyTab)) != prompt.CompletionWanted {
		t.Error("completions stay after the text has changed")
	}
}

func TestHistory(t *testing.T) {
	var h prompt.History
	for i := range 150 {
		h.Add(fmt.Sprint(i))
	}
	h.Add("148")
	h.Add("")
	if len(h) != 100 || h[0] != "148" || h[1] != "149" || h[99] != "50" {
		t.Errorf("the history has %d lines: %v", len(h), h)
	}
	p := prompt.New("", "", h)
	typed(&p, "new")
	for i, c := range []struct {
		key  rune
		want string
	}{{tea.KeyDown, "new"}, {tea.KeyUp, "148"}, {tea.KeyUp, "149"}, {tea.KeyDown, "148"}, {tea.KeyDown, ""}, {tea.KeyDown, ""}} {
		p.Update(special(c.key))
		if p.Text() != c.want {
			t.Errorf("step %d: %q, want %q", i, p.Text(), c.want)
		}
	}
}
