// Package theme defines the colors and styles of the dashboard. No other package names colors.
//
// A [Theme] has a [Palette] of colors for dark backgrounds, one for light backgrounds, or both. Themes are TOML files,
// which are embedded in the program or written by users. [New] builds the [Styles] that screens draw with from a
// palette. [Mono] builds styles for terminals without colors.
package theme

import (
	"image/color"
	"slices"
)

// Palette holds the color of each role. nil stands for the terminal's default color.
type Palette struct {
	// Background is the color of the background that the palette is made for. The dashboard does not draw it. Previews
	// and tests use it.
	Background color.Color
	Accent     color.Color // activity, and the cursor
	OnAccent   color.Color // text on an Accent or Match background
	Match      color.Color // background of search matches
	Success    color.Color
	Warning    color.Color
	Error      color.Color
	Muted      color.Color // labels
	Faint      color.Color // lines, axes, missing values
	Selected   color.Color // background of the row with the cursor

	// unset lists the roles that the theme file did not set.
	unset []string
}

// roles returns the names that theme files use for the roles of a palette.
func roles() []string {
	return []string{"background", "accent", "on_accent", "match", "success", "warning", "error", "muted", "faint", "selected"}
}

// role returns a pointer to the color of a role.
func (p *Palette) role(name string) *color.Color {
	fields := []*color.Color{
		&p.Background, &p.Accent, &p.OnAccent, &p.Match, &p.Success, &p.Warning, &p.Error, &p.Muted, &p.Faint, &p.Selected,
	}
	return fields[slices.Index(roles(), name)]
}

func (p *Palette) set(name string, c color.Color) {
	*p.role(name) = c
	p.unset = slices.DeleteFunc(p.unset, func(unset string) bool { return unset == name })
}

// inherit copies the colors of base for all roles that are not set. It does nothing if p is nil.
func (p *Palette) inherit(base *Palette) {
	if p == nil {
		return
	}
	for _, name := range p.unset {
		*p.role(name) = *base.role(name)
	}
	p.unset = nil
}
