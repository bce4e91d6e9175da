package formulas

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/compute"
	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/prompt"
	"sbwatch/ui/widget/table"
)

// Formulas adds computed columns to a table, and changes and removes them.
type Formulas struct {
	env   screen.RunEnv
	table *table.Table
	// change applies a layout with changed computed columns and moves the cursor to column.
	change  func(layout item.Layout, column item.Path) tea.Cmd
	given   *Given
	set     set
	history prompt.History
	asking  *layer // the open prompt, or nil
	unused  string // the message about columns that are not computed
	// isChecked reports whether the given columns were checked.
	isChecked bool
}

// New returns Formulas for a table. given are the columns that the user gave before the items are shown. change applies
// a layout with changed computed columns and moves the cursor to column.
func New(env screen.RunEnv, t *table.Table, given *Given, change func(layout item.Layout, column item.Path) tea.Cmd) *Formulas {
	return &Formulas{env: env, table: t, given: given, change: change, set: set{leavesOut: given.leavesOut}}
}

// CheckGiven checks the given columns once. If formulas do not fit the items, CheckGiven tells the user that their
// columns have no values. items are all items with the computed columns. If IfFits is set, CheckGiven does
// nothing.
func (f *Formulas) CheckGiven(items item.Table) {
	if f.isChecked || f.given.IfFits {
		return
	}
	f.isChecked = true
	var messages []string
	for i, column := range table.CellsOf(f.table).Computed() {
		if !slices.Contains(f.given.Columns, column) {
			continue
		}
		if err := f.check(items, i); err != nil {
			messages = append(messages, f.env.Painter.Cut(cell.Name(text.NewText(column.Name)), maxName)+" has no values: "+text.Printable(err.Error()))
		}
	}
	for _, message := range messages {
		f.env.AddMessage(message)
	}
	if len(messages) > 0 {
		f.keep(messages[0])
	}
}

// Uncomputed returns the reason for each column that cannot be computed, by the name of the column: its formula names a
// column that does not exist, or the items already have a column with the name of a given column. items are all items
// with the computed columns.
func (f *Formulas) Uncomputed(items item.Table) map[string]string {
	reasons := map[string]string{}
	for i, column := range table.CellsOf(f.table).Computed() {
		if _, err := compute.Parse(column.Formula); err != nil {
			continue // the column is not shown, and a message says why
		}
		err := f.check(items, i)
		switch isGiven := !f.given.IfFits && slices.Contains(f.given.Columns, column); {
		case f.set.baseOf(items).HasKey(column.Name):
			if isGiven {
				reasons[column.Name] = "the items have a column with this name"
			}
		case err != nil:
			reasons[column.Name] = text.Printable(err.Error())
		}
	}
	return reasons
}

// laterHint is the next step if a formula uses the column of a later one.
const laterHint = "remove this column with delete and add it again with +"

// check returns an error if the formula of the computed column with the given index does not fit the items with the
// computed columns before it. items are all items with the computed columns.
func (f *Formulas) check(items item.Table, index int) error {
	columns := table.CellsOf(f.table).Computed()
	formula, err := compute.Parse(columns[index].Formula)
	if err != nil {
		return err
	}
	earlier := f.set.with(f.set.baseOf(items), columns[:index])
	return formula.CheckBefore(earlier, columnNames(columns[index+1:]), laterHint)
}

// columnNames returns the names of computed columns.
func columnNames(columns []item.ComputedColumn) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.Name
	}
	return names
}

// keep shows a message that other messages do not replace for a moment, because several may come when the items arrive.
// The user can read the message later, too.
func (f *Formulas) keep(message string) {
	const shown, kept = 10 * time.Second, 2 * time.Second
	f.env.AddMessage(message)
	f.env.Toast.Keep(message, f.env.Now, shown, kept)
}

// Apply returns items with the computed columns of the table's layout. Equal items and columns give the same table. If
// a column is not computed, for example because the items have a column of that name, Apply tells the user once.
func (f *Formulas) Apply(items item.Table) item.Table {
	columns := table.CellsOf(f.table).Computed()
	applied := f.set.apply(items, columns)
	previous := f.unused
	if f.unused = f.set.unused(f.env.Painter, items, columns); f.unused != "" && f.unused != previous {
		f.keep(f.unused)
	}
	return applied
}

// Actions lists the actions for computed columns. isEnabled says whether the table has the focus.
func (f *Formulas) Actions(isEnabled bool) action.Table {
	_, isComputed := table.CellsOf(f.table).ComputedColumn()
	column := func(id, title, key string, isEnabled bool, run func()) action.Action {
		return action.Action{ID: "column." + id, Group: action.GroupColumns, Title: title, Keys: []string{key}, Enabled: isEnabled, Run: action.Do(run)}
	}
	add := column("compute", "compute a column", "+", isEnabled, f.add)
	add.Targets = f.recent
	remove := column("remove-computed", "remove computed column", "delete", isEnabled && isComputed, nil)
	remove.Run = f.remove
	return action.Table{add, column("edit-formula", "edit the formula", "*", isEnabled && isComputed, f.edit), remove}
}

// recent returns an action for each formula typed before. Each action adds the column of its formula again.
func (f *Formulas) recent() action.Table {
	var recent action.Table
	for _, line := range f.history {
		recent = append(recent, action.Action{
			ID: "formula", Group: "recent formulas", Title: "compute " + line, Enabled: true,
			Run: func() tea.Cmd {
				f.add()
				f.asking.prompt.SetText(line)
				return f.asking.enter()
			},
		})
	}
	return recent
}

// add asks for the formula of a new column.
func (f *Formulas) add() { f.ask(-1) }

// edit asks for another formula for the computed column at the cursor.
func (f *Formulas) edit() {
	cells := table.CellsOf(f.table)
	if column, isComputed := cells.ComputedColumn(); isComputed {
		f.ask(slices.Index(cells.Computed(), column))
		f.asking.prompt.SetText(column.Formula)
	}
}

// remove removes the computed column at the cursor.
func (f *Formulas) remove() tea.Cmd {
	column, isComputed := table.CellsOf(f.table).ComputedColumn()
	if !isComputed {
		return nil
	}
	path := item.PathOf(column.Name)
	layout := f.table.Layout()
	layout.Computed = slices.DeleteFunc(layout.Computed, func(c item.ComputedColumn) bool { return c == column })
	layout.Columns = slices.DeleteFunc(layout.Columns, func(c item.ColumnLayout) bool { return c.Path.Column() == path })
	layout.Keys = slices.DeleteFunc(layout.Keys, func(key item.Path) bool { return key == path })
	words := "removed " + f.env.Painter.Cut(cell.Name(text.NewText(column.Name)), 30)
	if user, isUsed := f.userOf(column.Name, layout.Computed); isUsed {
		words += "; " + f.env.Painter.Cut(cell.Name(text.NewText(user)), 30) + " has no values without it"
	}
	return tea.Batch(f.change(layout, f.table.Path()), f.env.Say(words))
}

// userOf returns the name of a computed column whose formula reads the column called name and cannot be computed
// without it. It returns false if there is no such computed column.
func (f *Formulas) userOf(name string, columns []item.ComputedColumn) (user string, found bool) {
	items := f.set.with(f.set.base, columns)
	for _, column := range columns {
		formula, err := compute.Parse(column.Formula)
		if err == nil && formula.Reads(name) && formula.Check(items) != nil {
			return column.Name, true
		}
	}
	return "", false
}

// accept adds a column with the given formula. If index is not negative, the column replaces the computed column with
// this index.
func (f *Formulas) accept(formula compute.Formula, index int) tea.Cmd {
	layout := f.table.Layout()
	column := item.ComputedColumn{Name: formula.Name(), Formula: formula.Text()}
	path := item.PathOf(column.Name)
	if index >= 0 {
		old := item.PathOf(layout.Computed[index].Name)
		layout.Computed[index] = column
		for i := range layout.Columns {
			if layout.Columns[i].Path == old {
				layout.Columns[i].Path = path
			}
		}
		layout.Columns = slices.DeleteFunc(layout.Columns, func(c item.ColumnLayout) bool { return c.Path.IsWithin(old) })
		return f.change(layout, path)
	}
	layout.Computed = append(layout.Computed, column)
	here := slices.IndexFunc(layout.Columns, func(c item.ColumnLayout) bool { return c.Path == f.table.Path() })
	layout.Columns = slices.Insert(layout.Columns, here+1, item.ColumnLayout{Path: path})
	return f.change(layout, path)
}
