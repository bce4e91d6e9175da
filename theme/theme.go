package theme

import (
	"embed"
	"slices"
	"strings"
)

// Auto is the name of the default theme.
const Auto = "auto"

// Terminal is the name of the theme that uses the terminal's own 16 colors. Terminals with only 16 colors always get
// this theme.
const Terminal = "terminal"

// Theme is a named set of colors.
type Theme struct {
	// Name identifies the theme in the config file, such as "nord".
	Name string
	// Title describes the theme in one line.
	Title string
	// Dark and Light are the palettes for dark and light backgrounds. One of them may be nil, but not both.
	Dark, Light *Palette
}

// Palette returns the palette for a background. If the theme has only one palette, Palette returns this palette. The
// zero Theme has the palettes of the default theme.
func (t Theme) Palette(isLight bool) Palette {
	if t.Dark == nil && t.Light == nil {
		t = Default()
	}
	if isLight && t.Light != nil || t.Dark == nil {
		return *t.Light
	}
	return *t.Dark
}

//go:embed themes/*.toml
var files embed.FS

// Embedded returns the names of the themes that are embedded in the program: first those made for sbwatch, then the
// others in alphabetical order.
func Embedded() []string {
	names := []string{Auto, "dark", "light", "high-contrast", "colorblind", Terminal}
	entries, _ := files.ReadDir("themes")
	for _, entry := range entries {
		if name := strings.TrimSuffix(entry.Name(), ".toml"); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Load returns the embedded theme with this name, and whether there is one.
func Load(name string) (t Theme, found bool) {
	content, err := files.ReadFile("themes/" + name + ".toml")
	if err != nil {
		return Theme{}, false
	}
	t, problems := Parse(name, content)
	return t, len(problems) == 0
}

// Default returns the default theme, which is [Auto].
func Default() Theme {
	t, _ := Load(Auto)
	return t
}

// Basic returns the palette for terminals with 16 colors.
func Basic() Palette {
	t, _ := Load(Terminal)
	return t.Palette(false)
}
