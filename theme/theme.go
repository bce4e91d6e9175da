package theme

import (
	"embed"
	"slices"
	"strings"
)

// Auto is the name of the default theme.
const Auto = "auto"

// Terminal is the name of the theme made of the terminal's own 16 colors. It is used in terminals without other colors.
const Terminal = "terminal"

// Theme is a set of colors by name.
type Theme struct {
	// Name identifies the theme in the config file: "nord".
	Name string
	// Title describes the theme in one line.
	Title string
	// Dark and Light are the palettes for a dark and a light background. One of them may be nil, not both.
	Dark, Light *Palette
}

// Palette returns the palette for a background. A theme made for one kind of background returns its only palette, and the
// zero value those of the default theme.
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

// Embedded returns the names of the themes that come with the program: first our own, then others in alphabetical order.
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

// Load returns an embedded theme. found is false if there is no theme with this name.
func Load(name string) (t Theme, found bool) {
	content, err := files.ReadFile("themes/" + name + ".toml")
	if err != nil {
		return Theme{}, false
	}
	t, problems := Parse(name, content)
	return t, len(problems) == 0
}

// Default returns the theme [Auto].
func Default() Theme {
	t, _ := Load(Auto)
	return t
}

// Basic returns the palette for terminals with 16 colors.
func Basic() Palette {
	t, _ := Load(Terminal)
	return t.Palette(false)
}
