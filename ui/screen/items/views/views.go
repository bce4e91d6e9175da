// Package views keeps the earlier views of a table, so that the user can undo and redo changes.
package views

import (
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/order"
)

// View is what a table shows: filters, sort keys and the layout of its columns.
type View struct {
	Filters []item.Filter
	Sort    []order.Key
	Layout  item.Layout
}

// maxViews is the maximum number of changes that can be undone.
const maxViews = 100

// History holds the current view, the views before it and the views after it. The zero value has an empty view.
type History struct {
	now          View
	past, future []View
	// isResizing reports whether the last change was a change of widths. Consecutive changes of widths are undone
	// together.
	isResizing bool
}

// Sync replaces the current view. Use it for changes that the user has not made, such as a new column.
func (h *History) Sync(v View) { h.now = v }

// Record records a view that the user has made. It does nothing if the view equals the current view.
func (h *History) Record(v View) {
	change := Change(h.now, v)
	if change == "" {
		return
	}
	isResizing := change == changeWidth
	if !isResizing || !h.isResizing {
		h.past = append(h.past, h.now)
		h.past = h.past[max(0, len(h.past)-maxViews):]
	}
	h.now, h.future, h.isResizing = v, nil, isResizing
}

// CanUndo reports whether there is a change to undo.
func (h *History) CanUndo() bool { return len(h.past) > 0 }

// CanRedo reports whether there is a change to redo.
func (h *History) CanRedo() bool { return len(h.future) > 0 }

// Undo returns the view before the last change, and a description of that change.
func (h *History) Undo() (v View, change string) { return h.step(&h.past, &h.future) }

// Redo returns the view after the change that was undone last, and a description of that change.
func (h *History) Redo() (v View, change string) { return h.step(&h.future, &h.past) }

// step makes the last view in source the current view, and moves the view that was current before to the end of target.
// It returns the new current view and a description of the change.
func (h *History) step(source, target *[]View) (v View, change string) {
	last := len(*source) - 1
	v = (*source)[last]
	change = Change(h.now, v)
	*source, *target = (*source)[:last], append(*target, h.now)
	h.now, h.isResizing = v, false
	return v, change
}

// Descriptions of changes.
const (
	changeFilters = "filter"
	changeSort    = "sort"
	changeKey     = "unique key"
	changeWidth   = "column width"
	changeLines   = "wrapping"
	changeFormat  = "number format"
	changeCompute = "computed column"
	changeColumns = "column layout"
)

// Change describes the difference between two views, such as "filter". It returns "" if there is none.
func Change(a, b View) string {
	switch {
	case !slices.EqualFunc(a.Filters, b.Filters, hasSameTitle):
		return changeFilters
	case !slices.Equal(a.Sort, b.Sort):
		return changeSort
	case !slices.Equal(a.Layout.Keys, b.Layout.Keys):
		return changeKey
	case !slices.Equal(a.Layout.Computed, b.Layout.Computed):
		return changeCompute
	case a.Layout.Frozen != b.Layout.Frozen, !slices.EqualFunc(a.Layout.Columns, b.Layout.Columns, areArrangedAlike):
		return changeColumns
	case a.Layout.Lines != b.Layout.Lines, !slices.EqualFunc(a.Layout.Columns, b.Layout.Columns, haveSameLines):
		return changeLines
	case !slices.EqualFunc(a.Layout.Columns, b.Layout.Columns, haveSameFormat):
		return changeFormat
	case !slices.Equal(a.Layout.Columns, b.Layout.Columns):
		return changeWidth
	default:
		return ""
	}
}

// hasSameTitle reports whether two filters have the same title. The titles are compared because filters of some types
// cannot be compared with ==.
func hasSameTitle(a, b item.Filter) bool { return a.Title() == b.Title() }

// areArrangedAlike reports whether two columns are equal except for their width, the maximum number of lines of a cell,
// and the number format.
func areArrangedAlike(a, b item.ColumnLayout) bool {
	a.Width, a.Lines, a.Format = b.Width, b.Lines, b.Format
	return a == b
}

func haveSameLines(a, b item.ColumnLayout) bool { return a.Lines == b.Lines }

func haveSameFormat(a, b item.ColumnLayout) bool { return a.Format == b.Format }
