package table

import "sbwatch/model/item"

// Cells changes how the cells of a table show values: on how many lines and in which number formats.
type Cells struct{ table *Table }

// CellsOf returns the cells of a table.
func CellsOf(t *Table) Cells { return Cells{t} }

// steps returns the numbers of lines that the user can choose.
func steps() []int { return []int{1, 2, 3, 5, item.MaxLines} }

// nextStep returns the first step above lines, or the first of all steps after the last one.
func nextStep(lines int) int {
	for _, step := range steps() {
		if step > lines {
			return step
		}
	}
	return steps()[0]
}

// Lines returns the maximum number of lines of a cell in columns without their own setting.
func (c Cells) Lines() int { return max(1, c.table.columns.lines) }

// ColumnLines returns the maximum number of lines of a cell in the column at the cursor.
func (c Cells) ColumnLines() int {
	if c.table.columns.len() == 0 {
		return c.Lines()
	}
	return c.table.columns.linesOf(c.table.column)
}

// SetLines sets the maximum number of lines of all cells.
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

// SetColumnLines sets the maximum number of lines of the cells in the column at the cursor.
func (c Cells) SetColumnLines(lines int) {
	columns := &c.table.columns
	if columns.len() == 0 {
		return
	}
	if lines == c.Lines() {
		lines = 0 // use the setting for all columns
	}
	columns.at(c.table.column).lines = lines
}

// Taller sets the maximum number of lines of all cells to the next step, and returns it.
func (c Cells) Taller() int {
	lines := nextStep(c.Lines())
	c.SetLines(lines)
	return lines
}

// TallerColumn sets the maximum number of lines in the column at the cursor to the next step, and returns it.
func (c Cells) TallerColumn() int {
	lines := nextStep(c.ColumnLines())
	c.SetColumnLines(lines)
	return lines
}
