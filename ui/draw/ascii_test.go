package draw_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
	"sbwatch/ui/draw"
)

func TestASCIIKeepsEveryWidth(t *testing.T) {
	for from, want := range map[string]string{
		"":                          "",
		"plain \x1b[1mbold\x1b[m ~": "plain \x1b[1mbold\x1b[m ~",
		"✓ completed · ✗ 2 ● ○ ■":   "+ completed . x 2 * o #",
		"▸ item … 3–4":              "> item ~ 3-4",
		"╭──╮│├┼└":                  "+--+|+++",
		"━━╸─":                      "==--",
		"Café 日本 e\u0301x":          "Caf? ???? ex",
		"⣀⠤⠒⠉⡇⠀":                    "..'': ",
		"\x1b[31mö\x1b[m\u009b":     "\x1b[31m?\x1b[m",
	} {
		p := draw.New(theme.Mono(), ansi.WcWidth)
		got := p.ASCII(from)
		if got != want {
			t.Errorf("%q became %q, want %q", from, got, want)
		}
		if p.Width(got) != p.Width(from) {
			t.Errorf("%q takes %d cells instead of %d", got, p.Width(got), p.Width(from))
		}
		if strings.IndexFunc(got, func(r rune) bool { return r > '~' }) >= 0 {
			t.Errorf("%q is not ASCII", got)
		}
	}
}
