// Package theme holds the colours and styles of the dashboard. It is the only place that names a colour: a new theme is
// one [Palette].
package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// Palette is a theme as data: the colour of each role. A role without a colour is the terminal's own.
type Palette struct {
	Accent   color.Color // what is alive, and where the cursor is
	OnAccent color.Color // text upon it, and upon Found
	Found    color.Color // background of what a search found
	Good     color.Color
	Doubtful color.Color
	Bad      color.Color
	Muted    color.Color // labels
	Faint    color.Color // rules, axes, what is not there
	Selected color.Color // background of the cursor's row
}

// Dark is the palette for a dark background.
func Dark() Palette {
	return Palette{
		Accent:   lipgloss.Color("#5fc4de"),
		OnAccent: lipgloss.Color("#14161b"),
		Found:    lipgloss.Color("#e0b062"),
		Good:     lipgloss.Color("#86c98a"),
		Doubtful: lipgloss.Color("#e0b062"),
		Bad:      lipgloss.Color("#ec7079"),
		Muted:    lipgloss.Color("#979ca8"),
		Faint:    lipgloss.Color("#656a76"),
		Selected: lipgloss.Color("#28303f"),
	}
}

// Light is the palette for a light background.
func Light() Palette {
	return Palette{
		Accent:   lipgloss.Color("#0b7189"),
		OnAccent: lipgloss.Color("#ffffff"),
		Found:    lipgloss.Color("#8a5300"),
		Good:     lipgloss.Color("#1a6b2d"),
		Doubtful: lipgloss.Color("#8a5300"),
		Bad:      lipgloss.Color("#b3232e"),
		Muted:    lipgloss.Color("#5b616b"),
		Faint:    lipgloss.Color("#8b919b"),
		Selected: lipgloss.Color("#e2ebf0"),
	}
}

// Basic is the palette for terminals that have but sixteen colours, which are what the user made of them: where a colour
// could be the background's, there is none.
func Basic() Palette {
	return Palette{
		Accent:   lipgloss.Cyan,
		OnAccent: lipgloss.Black,
		Found:    lipgloss.Yellow,
		Good:     lipgloss.Green,
		Doubtful: lipgloss.Yellow,
		Bad:      lipgloss.Red,
		Faint:    lipgloss.BrightBlack,
	}
}
