// Package table shows items as rows and columns, with a cursor on one cell.
//
// A [Table] is given items with [Table.SetItems] and, where not all of them show or not in their own order, the rows to
// show with [Table.SetOrder]. It knows nothing of filters, searches and files: its owner tells it what to mark and which
// columns are sorted by. The user lays out the columns ([Table.Hide], [Table.Freeze], [Table.Expand]); what became of them
// is a [model.Layout].
//
// Only the rows that show are ever read, so that drawing costs the same however many there are. How wide columns should be
// takes longer to find out: [FitColumns] is for a command, and [Table.AddFits] takes its result.
package table
