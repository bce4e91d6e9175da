package items

import (
	"fmt"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/table"
	"sbwatch/ui/widget/tree"
)

// sideBySideWidth is the minimum width of the terminal, in cells, at which the table and an open item are next to each
// other. On a narrower terminal, the open item replaces the table.
const sideBySideWidth = 140

// itemView is the view of one item in full.
type itemView struct {
	open bool
	row  int
	// hasFocus reports whether keys move the cursor in the item rather than in the table. It matters only while the
	// item is next to the table.
	hasFocus bool
	tree     tree.Tree
	mark     int // line of the current search match
}

// readItem is an item that was read, or an item that is too large for Update.
type readItem struct {
	items   item.Table
	item    int
	value   item.Cell // missing if isLarge
	size    int       // in bytes; 0 if computing the values takes too long
	isLarge bool
}

// drawnItem has everything that is needed to lay out an item.
type drawnItem struct {
	items item.Table
	item  int
	// value is the item. If it is missing, lay reads the item.
	value item.Cell
	folds map[item.Path]bool
	marks table.Marker
	next  func(bytes int) bool // see [tree.Value]; may be nil
}

// lay lays out the fields of the item on w cells. It highlights the parts of each text that the function d.marks
// returns.
func (d drawnItem) lay(p draw.Painter, w int) tree.Layout {
	root := d.value
	if root.Kind() == item.CellMissing {
		root = item.NewCell(d.items.RowIn(&item.Evaluation{Next: func(int) bool { return d.next(0) }}, d.item))
	}
	value := tree.Value{Root: root, Folds: d.folds, Marks: d.marks, Next: d.next}
	if value.Root.Kind() != item.CellObject {
		value.Path = item.Column{Whole: true}.Path()
		value.Place = item.PlaceOf(value.Path)
		return value.Lay(p, w)
	}
	l := value.Lay(p, w)
	present := map[text.Text]bool{}
	for key := range value.Root.Members() {
		present[key] = true
	}
	if absent := missingColumns(d.items, present); absent != "" {
		l.Add(append([]string{""}, draw.Styled(p.Table.Missing, p.Wrap("not in this item: "+absent, max(1, w-2)))...))
	}
	return l
}

// maxAbsent is the maximum number of missing columns that are named.
const maxAbsent = 12

// missingColumns returns the names of the columns that the item does not have. present has the keys of the item.
func missingColumns(items item.Table, present map[text.Text]bool) string {
	var names []string
	for _, column := range items.Columns() {
		if !present[column.Name] && !column.Whole {
			names = append(names, cell.Name(column.Name))
		}
	}
	if more := len(names) - maxAbsent; more > 1 {
		names = append(names[:maxAbsent], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
