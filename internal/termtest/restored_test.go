//go:build unix

package termtest

import (
	"strings"
	"testing"
)

func TestLeftovers(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"nothing":                  {"hello\r\n", ""},
		"restored":                 {"\x1b[?1049h\x1b[?25l\x1b[?1049l\x1b[?25h", ""},
		"alternate screen":         {"\x1b[?1049h", "the alternate screen on"},
		"cursor":                   {"\x1b[?25l", "the cursor off"},
		"mouse, one of two":        {"\x1b[?1002;1006h\x1b[?1002l", "mouse mode 1006 on"},
		"paste":                    {"\x1b[?2004h", "bracketed paste on"},
		"unknown mode":             {"\x1b[?4711h", "mode 4711 on"},
		"keyboard pushed":          {"\x1b[>1u", "Kitty keyboard flags on the main screen"},
		"keyboard popped":          {"\x1b[>1u\x1b[=3;1u\x1b[<u", ""},
		"keyboard popped by two":   {"\x1b[>1u\x1b[>1u\x1b[<2u", ""},
		"keyboard of two screens":  {"\x1b[?1049h\x1b[>1u\x1b[?1049l\x1b[<1u", "Kitty keyboard flags on the alternate screen"},
		"keyboard flags set":       {"\x1b[=1;1u", "Kitty keyboard flags on the main screen"},
		"keyboard flags unset":     {"\x1b[=1;2u\x1b[=1;3u", ""},
		"modifyOtherKeys":          {"\x1b[>4;2m", "modifyOtherKeys on"},
		"modifyOtherKeys restored": {"\x1b[>4;2m\x1b[>4m", ""},
		"cursor shape":             {"\x1b[5 q", "another shape of cursor"},
		"progress bar":             {"\x1b]9;4;1;50\a", "a progress bar"},
		"progress bar removed":     {"\x1b]9;4;1;50\a\x1b]9;4;0\x1b\\", ""},
		"color asked for":          {"\x1b]11;?\a", ""},
		"color set":                {"\x1b]11;#000\a", "another color (OSC 11)"},
		"color reset":              {"\x1b]11;#000\a\x1b]111\a", ""},
		"full reset":               {"\x1b[?1049h\x1b[?25l\x1b[>1u\x1b=\x1bc", ""},
		"two things":               {"\x1b[?1004h\x1b[?7l", "line wrapping off; focus reports on"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(leftovers([]byte(c.raw)), "; "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
