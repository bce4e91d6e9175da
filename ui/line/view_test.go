package line_test

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
)

func TestView(t *testing.T) {
	p := draw.New(theme.Mono(), ansi.WcWidth)
	for _, w := range []int{0, 12, 60} {
		var lines []string
		for _, text := range []string{"", "price > 20 and brand ~ acme", "検索結果 と 表情", "👩‍👩‍👧 é \u202egnol", `a "quoted value" that is wrong`} {
			l := line.New(text)
			lines = append(lines, l.View(p, w, true, line.Span{From: 2, To: 5}))
			for range 4 {
				l.Update(tea.KeyPressMsg{Code: tea.KeyLeft})
			}
			lines = append(lines, l.View(p, w, true, line.Span{}))
			l.Update(tea.KeyPressMsg{Code: tea.KeyHome})
			lines = append(lines, l.View(p, w, true, line.Span{}), l.View(p, w, false, line.Span{}))
		}
		golden.Check(t, fmt.Sprintf("line-%d", w), golden.Marked(t, lines, max(w, 4), p.Method))
	}
}

func TestUpdateReportsChanges(t *testing.T) {
	l := line.New("ab")
	for _, c := range []struct {
		msg     tea.Msg
		changes bool
		want    string
	}{
		{tea.KeyPressMsg{Code: tea.KeyLeft}, false, "ab"},
		{tea.KeyPressMsg{Code: 'x', Text: "x"}, true, "axb"},
		{tea.PasteMsg{Content: "日\xff\x00本"}, true, "ax日本b"},
		{tea.PasteMsg{Content: ""}, false, "ax日本b"},
		{tea.KeyPressMsg{Code: 'd', Mod: tea.ModAlt}, true, "ax日本"},
		{tea.KeyPressMsg{Code: 'd', Mod: tea.ModAlt}, false, "ax日本"},
		{tea.KeyPressMsg{Code: 'v', Mod: tea.ModCtrl}, false, "ax日本"},
	} {
		if changed := l.Update(c.msg); changed != c.changes || l.Text() != c.want {
			t.Errorf("%v: the text is %q, changed %v", c.msg, l.Text(), changed)
		}
	}
}
