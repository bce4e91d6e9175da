package theme

import (
	"errors"
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/settings"
)

// Parse reads a theme from a TOML file:
//
//	title = "My colors"
//
//	[dark]
//	accent = "#5fc4de"
//	error  = "bright-red"
//
// The tables "dark" and "light" are the palettes. Their keys are the roles of a [Palette]. A role that the file does
// not set has the color of the default theme. If there is no palette, the theme has the palettes of the default theme.
// Each wrong entry is reported as a problem and ignored. The problems are sorted by line.
func Parse(name string, content []byte) (Theme, []settings.Problem) {
	t := Theme{Name: name, Title: name}
	file := settings.Parse(content)
	problems := file.Problems
	for _, entry := range file.Settings {
		if err := t.set(entry.Name, entry.Value); err != nil {
			problems = append(problems, settings.Problem{Line: entry.Line, Reason: err.Error()})
		}
	}
	return inherit(t, name), settings.SortProblems(problems)
}

// set sets one entry of a theme file, such as "dark.accent".
func (t *Theme) set(name string, value any) error {
	given, isText := value.(string)
	if name == "title" {
		if !isText || strings.TrimSpace(given) == "" {
			return errors.New("title must be a text in quotes")
		}
		t.Title = given
		return nil
	}
	background, role, _ := strings.Cut(name, ".")
	palette := t.table(background)
	if palette == nil || !slices.Contains(roles(), role) {
		return errors.New(settings.Unknown("entry", name, entryNames()))
	}
	if !isText {
		return fmt.Errorf("%s must be a color in quotes, such as \"#5fc4de\"", name)
	}
	parsed, err := parseColor(given)
	if err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	if *palette == nil {
		*palette = &Palette{unset: roles()}
	}
	(*palette).set(role, parsed)
	return nil
}

// table returns a pointer to t.Dark for "dark", and to t.Light for "light". It returns nil for any other name.
func (t *Theme) table(name string) **Palette {
	switch name {
	case "dark":
		return &t.Dark
	case "light":
		return &t.Light
	default:
		return nil
	}
}

// inherit fills in the roles that a theme does not set, with the colors of the default theme. An embedded theme
// inherits nothing: roles that it does not set have the terminal's default color.
func inherit(t Theme, name string) Theme {
	if name == Auto || name == Terminal {
		return t
	}
	base := Default()
	if t.Dark == nil && t.Light == nil {
		t.Dark, t.Light = base.Dark, base.Light
		return t
	}
	t.Dark.inherit(base.Dark)
	t.Light.inherit(base.Light)
	return t
}

// entryNames returns the names of all entries that a theme file may have.
func entryNames() []string {
	names := []string{"title"}
	for _, background := range []string{"dark", "light"} {
		for _, role := range roles() {
			names = append(names, background+"."+role)
		}
	}
	return names
}

// errColor is the error for a value that is not a color.
var errColor = errors.New(`must be a color: "#5fc4de", "bright-red", a number from 0 to 255, or "default"`)

// parseColor parses a color: a hexadecimal code, a name, or a number of the terminal's palette. For "default" it
// returns nil, which is the terminal's default color.
func parseColor(s string) (color.Color, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "default" {
		return nil, nil //nolint:nilnil // nil is the color here
	}
	if i := slices.Index(colorNames(), s); i >= 0 {
		return lipgloss.ANSIColor(i), nil //nolint:gosec // fewer than 16 names
	}
	if digits, isHex := strings.CutPrefix(s, "#"); isHex {
		_, err := strconv.ParseUint(digits, 16, 32)
		if err != nil || len(digits) != 3 && len(digits) != 6 {
			return nil, errColor
		}
		return lipgloss.Color(s), nil
	}
	number, err := strconv.ParseUint(s, 10, 8)
	if err != nil {
		return nil, errColor
	}
	return lipgloss.ANSIColor(number), nil
}

// colorNames returns the names of the 16 colors of a terminal, in the order of their numbers.
func colorNames() []string {
	names := []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
	for _, name := range names[:8] {
		names = append(names, "bright-"+name)
	}
	return names
}
