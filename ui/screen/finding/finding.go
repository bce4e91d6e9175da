// Package finding draws findings: problems found in the items of a run. Symbols and colors show their severity. The
// messages of the package ask to show the items or pages of a finding.
package finding

import (
	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/ui/draw"
)

// ShowItemsMsg asks to show the items that match Filter, with the cursor in Column.
type ShowItemsMsg struct {
	Filter item.Filter
	Column optional.Value[item.Path]
}

// ShowPageMsg asks to show a page in the Pages tab. Pages are counted from 1.
type ShowPageMsg struct{ Page int }

// Style returns the style for a severity.
func Style(p draw.Painter, s profile.Severity) lipgloss.Style {
	switch s {
	case profile.Error:
		return p.Error
	case profile.Warning:
		return p.Warning
	case profile.Note:
	}
	return p.Muted
}

// Mark returns the symbol for a severity. The symbols differ in shape, so that users who cannot see the colors can tell
// them apart.
func Mark(s profile.Severity) string {
	switch s {
	case profile.Error:
		return "✗"
	case profile.Warning:
		return "!"
	case profile.Note:
	}
	return "·"
}

// ShareStyle returns a style for the coverage covered/total: success if all values are present, error if none is
// present, and warning otherwise.
func ShareStyle(p draw.Painter, covered, total int) lipgloss.Style {
	switch {
	case covered >= total:
		return p.Success
	case covered == 0:
		return p.Error
	default:
		return p.Warning
	}
}

// CoverageStyle returns the style for the coverage of a column: the style of the first finding about missing values or,
// if there is none, the success style. findings are the findings about the column.
func CoverageStyle(p draw.Painter, findings []profile.Finding) lipgloss.Style {
	for _, f := range findings {
		switch f.Kind {
		case profile.EmptyColumn, profile.Stops, profile.Starts, profile.MissingPages, profile.LowCoverage:
			return Style(p, f.Severity)
		default:
		}
	}
	return p.Success
}
