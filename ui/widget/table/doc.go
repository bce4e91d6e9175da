// Package table shows items as rows and columns, with a cursor on one cell.
//
// The owner of a [Table] sets the items with [Table.SetItems] and, to filter or sort them, the rows with
// [Table.SetOrder]. The table knows nothing of filters, searches and files: the owner tells it what to highlight and
// which columns are sort keys. The user arranges the columns ([Table.Hide], [Table.Freeze], [Table.Expand]);
// [Table.Layout] returns the result.
//
// Only visible rows are read, so drawing time does not depend on the number of items. Computing column widths takes
// longer: run [FitColumns] in a command and pass its result to [Table.AddFits].
package table
