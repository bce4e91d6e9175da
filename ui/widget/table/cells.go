package table

import "sbwatch/model/item"

// Cells groups the methods of a table that concern the content of its cells: the values, the number of lines, number
// formats and computed columns.
type Cells struct{ table *Table }

// CellsOf returns the Cells of a table.
func CellsOf(t *Table) Cells { return Cells{t} }

// steps returns the numbers of lines that the user can choose for the text of a cell.
func steps() []int { return []int{1, 2, 3, 5, item.MaxLines} }

// nextStep returns the smallest element of steps() that is greater than lines, such as 5 for 3. If there is none, it
// returns 1.
func nextStep(lines int) int {
	for _, step := range steps() {
		if step > lines {
			return step
		}
	}
	return steps()[0]
}

// Lines returns how many lines the text of a cell may take. Columns can have a number of their own: see
// [Cells.ColumnLines].
func (c Cells) Lines() int { return max(1, c.table.columns.lines) }

// ColumnLines returns how many lines the text of a cell may take in the column at the cursor.
func (c Cells) ColumnLines() int {
	if c.table.columns.len() == 0 {
		return c.Lines()
	}
	return c.table.columns.linesOf(c.table.column)
}

// SetLines sets how many lines the text of a cell may take. It applies to all columns, and undoes
// [Cells.SetColumnLines].
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

// SetColumnLines sets how many lines the text of a cell may take in the column at the cursor.
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

// Taller calls [Cells.SetLines] with the next number of lines that the user can choose, such as 5 after 3, or 1 after
// the highest number. It returns the new number.
func (c Cells) Taller() int {
	lines := nextStep(c.Lines())
	c.SetLines(lines)
	return lines
}

// TallerColumn calls [Cells.SetColumnLines] with the next number of lines that the user can choose, such as 5 after 3,
// or 1 after the highest number. It returns the new number.
func (c Cells) TallerColumn() int {
	lines := nextStep(c.ColumnLines())
	c.SetColumnLines(lines)
	return lines
}
