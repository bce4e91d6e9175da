// Package theme defines the colors and styles of the dashboard. It is the only package that names colors.
//
// A [Theme] is data: a [Palette] for dark backgrounds, one for light backgrounds, or both. Themes are TOML files, embedded
// in the program or written by users. [New] builds the [Styles] that screens draw with from a palette. [Mono] is for
// terminals without colors.
package theme

import (
	"image/color"
	"slices"
)

// Palette assigns a color to each role. A nil color is the terminal's default.
type Palette struct {
	// Background is the background that the palette is made for. It is not drawn; previews and tests use it.
	Background color.Color
	Accent     color.Color // activity, and the cursor
	OnAccent   color.Color // text on an Accent or Match background
	Match      color.Color // background of search matches
	Success    color.Color
	Warning    color.Color
	Error      color.Color
	Muted      color.Color // labels
	Faint      color.Color // rules, axes, missing values
	Selected   color.Color // background of the row with the cursor

	// unset lists the roles that a theme file has not set.
	unset []string
}

// roles returns the names of the roles in theme files.
func roles() []string {
	return []string{"background", "accent", "on_accent", "match", "success", "warning", "error", "muted", "faint", "selected"}
}

// role returns the field of a role.
func (p *Palette) role(name string) *color.Color {
	fields := []*color.Color{
		&p.Background, &p.Accent, &p.OnAccent, &p.Match, &p.Success, &p.Warning, &p.Error, &p.Muted, &p.Faint, &p.Selected,
	}
	return fields[slices.Index(roles(), name)]
}

// set sets the color of a role.
func (p *Palette) set(name string, c color.Color) {
	*p.role(name) = c
	p.unset = slices.DeleteFunc(p.unset, func(unset string) bool { return unset == name })
}

// inherit sets the roles that are not set to those of base. It does nothing if p is nil.
func (p *Palette) inherit(base *Palette) {
	if p == nil {
		return
	}
	for _, name := range p.unset {
		*p.role(name) = *base.role(name)
	}
	p.unset = nil
}
