package table

import "sbwatch/model/item"

// Cells has the methods of a table for the content of its cells: the number of lines, number formats and computed
// columns.
type Cells struct{ table *Table }

// CellsOf returns the Cells of a table.
func CellsOf(t *Table) Cells { return Cells{t} }

// steps returns the limits that the user can choose for the number of lines of a cell.
func steps() []int { return []int{1, 2, 3, 5, item.MaxLines} }

// nextStep returns the smallest limit above the given number of lines, such as 5 for 3. If no limit is above that
// number, nextStep returns the first limit.
func nextStep(lines int) int {
	for _, step := range steps() {
		if step > lines {
			return step
		}
	}
	return steps()[0]
}

// Lines returns the maximum number of lines of each cell. It applies to columns that have no maximum of their own.
func (c Cells) Lines() int { return max(1, c.table.columns.lines) }

// ColumnLines returns the maximum number of lines of each cell in the column at the cursor.
func (c Cells) ColumnLines() int {
	if c.table.columns.len() == 0 {
		return c.Lines()
	}
	return c.table.columns.linesOf(c.table.column)
}

// SetLines sets the maximum number of lines of each cell in all columns. Columns that had a maximum of their own lose
// it.
func (c Cells) SetLines(lines int) {
	columns := &c.table.columns
	columns.lines = lines
	if lines == 1 {
		columns.lines = 0 // the default
	}
	for i := range columns.all {
		columns.all[i].lines = 0
	}
}

// SetColumnLines sets the maximum number of lines of each cell in the column at the cursor.
func (c Cells) SetColumnLines(lines int) {
	columns := &c.table.columns
	if columns.len() == 0 {
		return
	}
	if lines == c.Lines() {
		lines = 0 // use the setting for all columns
	}
	columns.nth(c.table.column).lines = lines
}

// Taller raises the maximum number of lines of each cell to the next limit that the user can choose. After the last
// limit comes the first. Taller returns the new limit.
func (c Cells) Taller() int {
	lines := nextStep(c.Lines())
	c.SetLines(lines)
	return lines
}

// TallerColumn is like Taller, but changes only the column at the cursor.
func (c Cells) TallerColumn() int {
	lines := nextStep(c.ColumnLines())
	c.SetColumnLines(lines)
	return lines
}
