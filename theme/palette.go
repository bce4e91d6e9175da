// Package theme defines the colors and styles of the dashboard. No other package names colors. A [Palette] holds the
// colors of a theme, and [New] builds the [Styles] that screens draw with. [Mono] builds styles for terminals without
// colors.
package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// Palette holds the color of each role. nil stands for the terminal's default color.
type Palette struct {
	Accent   color.Color // activity, and the cursor
	OnAccent color.Color // text on an Accent or Match background
	Match    color.Color // background of search matches
	Success  color.Color
	Warning  color.Color
	Error    color.Color
	Muted    color.Color // labels
	Faint    color.Color // rules, axes, missing values
	Selected color.Color // background of the row with the cursor
}

// Dark returns the palette for a dark background.
func Dark() Palette {
	return Palette{
		Accent:   lipgloss.Color("#5fc4de"),
		OnAccent: lipgloss.Color("#14161b"),
		Match:    lipgloss.Color("#e0b062"),
		Success:  lipgloss.Color("#86c98a"),
		Warning:  lipgloss.Color("#e0b062"),
		Error:    lipgloss.Color("#ec7079"),
		Muted:    lipgloss.Color("#979ca8"),
		Faint:    lipgloss.Color("#656a76"),
		Selected: lipgloss.Color("#28303f"),
	}
}

// Light returns the palette for a light background.
func Light() Palette {
	return Palette{
		Accent:   lipgloss.Color("#0b7189"),
		OnAccent: lipgloss.Color("#ffffff"),
		Match:    lipgloss.Color("#8a5300"),
		Success:  lipgloss.Color("#1a6b2d"),
		Warning:  lipgloss.Color("#8a5300"),
		Error:    lipgloss.Color("#b3232e"),
		Muted:    lipgloss.Color("#5b616b"),
		Faint:    lipgloss.Color("#8b919b"),
		Selected: lipgloss.Color("#e2ebf0"),
	}
}

// Basic returns the palette for terminals with 16 colors. Users may have changed these colors. A role therefore has no
// color if its color could be the same as the background.
func Basic() Palette {
	return Palette{
		Accent:   lipgloss.Cyan,
		OnAccent: lipgloss.Black,
		Match:    lipgloss.Yellow,
		Success:  lipgloss.Green,
		Warning:  lipgloss.Yellow,
		Error:    lipgloss.Red,
		Faint:    lipgloss.BrightBlack,
	}
}
