package theme

import "charm.land/lipgloss/v2"

// Styles are the looks that screens are drawn with, one for each role.
type Styles struct {
	Plain  lipgloss.Style
	Strong lipgloss.Style // the numbers and names that count
	Muted  lipgloss.Style // labels and help
	Faint  lipgloss.Style // rules and axes

	Accent   lipgloss.Style // what is alive
	Good     lipgloss.Style
	Doubtful lipgloss.Style
	Bad      lipgloss.Style
	Wrong    lipgloss.Style // a word that is wrong, in what the user types

	Table Table
}

// Table are the looks of the item table.
type Table struct {
	Header       lipgloss.Style
	HeaderCursor lipgloss.Style // the header of the cursor's column
	Cell         lipgloss.Style
	Dim          lipgloss.Style // row numbers, web addresses, nested values
	Null         lipgloss.Style
	Missing      lipgloss.Style
	Mark         lipgloss.Style // what a search found
	// The same on the cursor's row.
	Row        lipgloss.Style
	RowDim     lipgloss.Style
	RowNull    lipgloss.Style
	RowMissing lipgloss.Style
	Cursor     lipgloss.Style
}

// New builds the styles of a palette.
func New(p Palette) Styles {
	style := lipgloss.NewStyle()
	return Styles{
		Plain:    style,
		Strong:   style.Bold(true),
		Muted:    style.Foreground(p.Muted),
		Faint:    style.Foreground(p.Faint),
		Accent:   style.Foreground(p.Accent).Bold(true),
		Good:     style.Foreground(p.Good).Bold(true),
		Doubtful: style.Foreground(p.Doubtful).Bold(true),
		Bad:      style.Foreground(p.Bad).Bold(true),
		Wrong:    style.Foreground(p.Bad).Underline(true),
		Table:    newTable(p),
	}
}

func newTable(p Palette) Table {
	style := lipgloss.NewStyle()
	row := style.Bold(true)
	if p.Selected != nil {
		row = style.Background(p.Selected)
	}
	return Table{
		Header:       style.Foreground(p.Muted).Bold(true),
		HeaderCursor: style.Foreground(p.Accent).Bold(true),
		Cell:         style,
		Dim:          style.Foreground(p.Muted),
		Null:         style.Foreground(p.Doubtful),
		Missing:      style.Foreground(p.Faint),
		Mark:         style.Background(p.Found).Foreground(p.OnAccent),
		Row:          row,
		RowDim:       row.Foreground(p.Muted),
		RowNull:      row.Foreground(p.Doubtful),
		RowMissing:   row.Foreground(p.Faint),
		Cursor:       style.Background(p.Accent).Foreground(p.OnAccent),
	}
}

// Mono builds styles without any colour, for NO_COLOR and terminals that have none: weight and reverse video carry
// what colours otherwise would.
func Mono() Styles {
	style := lipgloss.NewStyle()
	strong, faint := style.Bold(true), style.Faint(true)
	return Styles{
		Plain: style, Strong: strong, Muted: style, Faint: faint,
		Accent: strong, Good: strong, Doubtful: strong, Bad: strong, Wrong: style.Underline(true),
		Table: Table{
			Header: strong, HeaderCursor: strong.Underline(true),
			Cell: style, Dim: style, Null: faint, Missing: faint, Mark: strong.Underline(true),
			Row: strong, RowDim: strong, RowNull: strong, RowMissing: strong,
			Cursor: style.Reverse(true),
		},
	}
}
