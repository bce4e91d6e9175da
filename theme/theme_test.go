package theme_test

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/lucasb-eyer/go-colorful"

	"sbwatch/theme"
)

// palettesOf returns the palettes of a theme. The keys of the map are the backgrounds, "dark" and "light".
func palettesOf(t *testing.T, name string) map[string]*theme.Palette {
	t.Helper()
	loaded, found := theme.Load(name)
	if !found {
		t.Fatalf("there is no valid theme %q", name)
	}
	palettes := map[string]*theme.Palette{}
	if loaded.Dark != nil {
		palettes["dark"] = loaded.Dark
	}
	if loaded.Light != nil {
		palettes["light"] = loaded.Light
	}
	return palettes
}

func TestEmbeddedThemes(t *testing.T) {
	names := theme.Embedded()
	for _, name := range []string{"auto", "dark", "light", "high-contrast", "colorblind", "terminal", "catppuccin", "gruvbox", "nord", "solarized", "tokyo-night"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range names {
		loaded, found := theme.Load(name)
		if !found || loaded.Title == name || len(palettesOf(t, name)) == 0 {
			t.Errorf("%s: got %+v", name, loaded)
		}
	}
	if _, found := theme.Load("../themes/dark"); found {
		t.Error("a path is no name of a theme")
	}
}

// contrast returns the contrast ratio of two colors as WCAG 2.2 defines it, from 1 to 21.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b := srgb(c).LinearRgb()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

func srgb(c color.Color) colorful.Color {
	made, _ := colorful.MakeColor(c)
	return made
}

// TestContrast checks the themes made for sbwatch: WCAG AA demands a contrast of 4.5 for text, and of 3 for lines and
// other graphics.
func TestContrast(t *testing.T) {
	minimum := map[string]float64{"auto": 4.5, "dark": 4.5, "light": 4.5, "colorblind": 4.5, "high-contrast": 7}
	for name, text := range minimum {
		for background, p := range palettesOf(t, name) {
			texts := map[string]color.Color{
				"accent": p.Accent, "success": p.Success, "warning": p.Warning, "error": p.Error, "muted": p.Muted,
			}
			for role, c := range texts {
				for on, behind := range map[string]color.Color{"background": p.Background, "selected": p.Selected} {
					if on == "selected" && (role == "accent" || role == "success" || role == "error") {
						continue // these are not drawn in the row with the cursor
					}
					if got := contrast(c, behind); got < text {
						t.Errorf("%s, %s: %s on %s has a contrast of %.2f, want %.1f", name, background, role, on, got, text)
					}
				}
			}
			for role, behind := range map[string]color.Color{"accent": p.Accent, "match": p.Match} {
				if got := contrast(p.OnAccent, behind); got < text {
					t.Errorf("%s, %s: on_accent on %s has a contrast of %.2f, want %.1f", name, background, role, got, text)
				}
			}
			if got := contrast(p.Faint, p.Background); got < 3 {
				t.Errorf("%s, %s: faint has a contrast of %.2f, want 3", name, background, got)
			}
		}
	}
}

// deficiencies are the matrices that simulate color blindness in linear RGB, at full severity (Machado, Oliveira and
// Fernandes, 2009, table 1).
func deficiencies() map[string][9]float64 {
	return map[string][9]float64{
		"protanopia":   {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
		"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
		"tritanopia":   {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
		"full sight":   {1, 0, 0, 0, 1, 0, 0, 0, 1},
	}
}

// seen returns a color as somebody with a color vision deficiency sees it.
func seen(c color.Color, m [9]float64) colorful.Color {
	r, g, b := srgb(c).LinearRgb()
	return colorful.LinearRgb(m[0]*r+m[1]*g+m[2]*b, m[3]*r+m[4]*g+m[5]*b, m[6]*r+m[7]*g+m[8]*b).Clamped()
}

// TestColorblind checks that people with any color vision deficiency can tell the colors of success, warning, error and
// accent apart. A difference of 0.15 in CIEDE2000 is obvious at a glance; black and white have a difference of 1.
func TestColorblind(t *testing.T) {
	for background, p := range palettesOf(t, "colorblind") {
		roles := map[string]color.Color{"accent": p.Accent, "success": p.Success, "warning": p.Warning, "error": p.Error}
		for sight, matrix := range deficiencies() {
			for a, first := range roles {
				for b, second := range roles {
					if a >= b {
						continue
					}
					if got := seen(first, matrix).DistanceCIEDE2000(seen(second, matrix)); got < 0.15 || math.IsNaN(got) {
						t.Errorf("%s, %s: %s and %s differ by %.3f", background, sight, a, b, got)
					}
				}
			}
		}
	}
}

func TestParse(t *testing.T) {
	const file = `title = "Mine"
[dark]
accent = "bright-red"
error = "#F00"
muted = "244"
faint = "default"
acent = "red"
success = "greenish"
warning = 3
[light.more]
x = 1
`
	got, problems := theme.Parse("mine", []byte(file))
	var said []string
	for _, p := range problems {
		said = append(said, p.String())
	}
	want := []string{
		`there is no entry "dark.acent": did you mean dark.accent?`,
		`dark.success must be a color: "#5fc4de", "bright-red", a number from 0 to 255, or "default"`,
		`dark.warning must be a color in quotes, such as "#5fc4de"`,
		`there is no entry "light.more.x"`,
	}
	if strings.Join(said, "\n") != strings.Join(want, "\n") || problems[0].Line != 7 || problems[3].Line != 11 {
		t.Errorf("got the problems %q in lines %d to %d", said, problems[0].Line, problems[len(problems)-1].Line)
	}
	base := theme.Default()
	p := got.Palette(true) // the theme has only a dark palette
	if got.Title != "Mine" || p.Accent != lipgloss.ANSIColor(9) || p.Faint != nil || p.Success != base.Dark.Success || p.Muted != lipgloss.ANSIColor(244) {
		t.Errorf("got %+v", p)
	}
	if r, g, b, _ := p.Error.RGBA(); r != 0xffff || g != 0 || b != 0 {
		t.Errorf("got the error color %v", p.Error)
	}
}

func TestParseWithoutPalette(t *testing.T) {
	for _, file := range []string{"", "dark = 1", "[dark", "dark.accent = 'red'\nlight = {accent = ''}"} {
		got, problems := theme.Parse("broken", []byte(file))
		got.Palette(true)
		got.Palette(false)
		if file != "" && len(problems) == 0 {
			t.Errorf("%q: no problem", file)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("title = \"x\"\n[dark]\naccent = \"red\"\n"))
	f.Add([]byte("light = { accent = \"#12345\", muted = \"256\" }"))
	f.Fuzz(func(t *testing.T, content []byte) {
		parsed, _ := theme.Parse("fuzzed", content)
		theme.New(parsed.Palette(true))
		theme.New(parsed.Palette(false))
	})
}
