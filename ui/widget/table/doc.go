// Package table shows items as rows and columns, with a cursor on one cell.
//
// The owner of a [Table] sets the items with [Table.SetItems]. To filter or sort them, it sets the rows with
// [Table.SetOrder]. It also tells the table which text to highlight and which columns are sort keys. The table itself
// knows nothing about filters, searches and files. The user arranges the columns with [Table.Hide], [Table.Freeze] and
// [Table.Expand]; [Table.Layout] returns the result.
//
// The table reads only visible rows, so the time to draw it does not depend on the number of items. Computing column
// widths takes longer: run [FitColumns] in a tea.Cmd and pass its result to [Table.AddFits].
package table
