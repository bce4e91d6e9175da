package theme

import "charm.land/lipgloss/v2"

// Styles holds the style of each role in the dashboard.
type Styles struct {
	Plain  lipgloss.Style
	Strong lipgloss.Style // important numbers and names
	Muted  lipgloss.Style // labels and help
	Faint  lipgloss.Style // lines and axes

	Accent  lipgloss.Style // activity
	Success lipgloss.Style
	Warning lipgloss.Style
	Error   lipgloss.Style
	Invalid lipgloss.Style // an invalid word in the user's input

	Table Table
}

// Table holds the styles of the item table.
type Table struct {
	Header       lipgloss.Style
	HeaderCursor lipgloss.Style // the header of the column with the cursor
	Cell         lipgloss.Style
	Dim          lipgloss.Style // row numbers, web addresses, nested values
	Null         lipgloss.Style
	Missing      lipgloss.Style
	Match        lipgloss.Style // search matches
	// The following styles are for the row with the cursor. Row, RowDim, RowNull and RowMissing replace Cell, Dim, Null
	// and Missing there.
	Row        lipgloss.Style
	RowDim     lipgloss.Style
	RowNull    lipgloss.Style
	RowMissing lipgloss.Style
	Cursor     lipgloss.Style
}

// New builds the styles for a palette.
func New(p Palette) Styles {
	style := lipgloss.NewStyle()
	return Styles{
		Plain:   style,
		Strong:  style.Bold(true),
		Muted:   style.Foreground(p.Muted),
		Faint:   style.Foreground(p.Faint),
		Accent:  style.Foreground(p.Accent).Bold(true),
		Success: style.Foreground(p.Success).Bold(true),
		Warning: style.Foreground(p.Warning).Bold(true),
		Error:   style.Foreground(p.Error).Bold(true),
		Invalid: style.Foreground(p.Error).Underline(true),
		Table:   newTable(p),
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
		Null:         style.Foreground(p.Warning),
		Missing:      style.Foreground(p.Faint),
		Match:        style.Background(p.Match).Foreground(p.OnAccent),
		Row:          row,
		RowDim:       row.Foreground(p.Muted),
		RowNull:      row.Foreground(p.Warning),
		RowMissing:   row.Foreground(p.Faint),
		Cursor:       style.Background(p.Accent).Foreground(p.OnAccent),
	}
}

// Mono builds styles without colors, for NO_COLOR and for terminals without colors. It uses bold, faint and reverse
// video instead.
func Mono() Styles {
	style := lipgloss.NewStyle()
	strong, faint := style.Bold(true), style.Faint(true)
	return Styles{
		Plain: style, Strong: strong, Muted: style, Faint: faint,
		Accent: strong, Success: strong, Warning: strong, Error: strong, Invalid: style.Underline(true),
		Table: Table{
			Header: strong, HeaderCursor: strong.Underline(true),
			Cell: style, Dim: style, Null: faint, Missing: faint, Match: strong.Underline(true),
			Row: strong, RowDim: strong, RowNull: strong, RowMissing: strong,
			Cursor: style.Reverse(true),
		},
	}
}
