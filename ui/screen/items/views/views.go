// Package views keeps the views of a table that the user has had, so that changes can be undone and redone.
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

// History is the current view with those before and after it. The zero value has an empty view.
type History struct {
	now          View
	past, future []View
	// isResizing reports whether the last change was a change of widths. Further such changes are undone together.
	isResizing bool
}

// Sync replaces the current view after a change that was not the user's, such as a new column.
func (h *History) Sync(v View) { h.now = v }

// Record records a view that the user has made. It does nothing if the view is the current one.
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

// step replaces the current view with the last view in from, and adds the replaced view to the list to.
func (h *History) step(from, to *[]View) (v View, change string) {
	last := len(*from) - 1
	v = (*from)[last]
	change = Change(h.now, v)
	*from, *to = (*from)[:last], append(*to, h.now)
	h.now, h.isResizing = v, false
	return v, change
}

// Descriptions of changes.
const (
	changeFilters = "filter"
	changeSort    = "sort"
	changeKey     = "unique key"
	changeWidth   = "column width"
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
	case a.Layout.Frozen != b.Layout.Frozen, !slices.EqualFunc(a.Layout.Columns, b.Layout.Columns, differsInWidth):
		return changeColumns
	case !slices.Equal(a.Layout.Columns, b.Layout.Columns):
		return changeWidth
	default:
		return ""
	}
}

// hasSameTitle reports whether two filters have the same title. Filters themselves cannot always be compared.
func hasSameTitle(a, b item.Filter) bool { return a.Title() == b.Title() }

// differsInWidth reports whether two columns are equal except for their widths.
func differsInWidth(a, b item.ColumnLayout) bool {
	a.Width = b.Width
	return a == b
}
