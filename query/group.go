package query

import (
	"context"

	"sbwatch/model/group"
	"sbwatch/model/item"
	"sbwatch/work"
)

// Groups groups items by the values of a column, the largest group first, and aggregates the numbers of other columns.
// rows are the items to group; nil means all items. progress may be nil. If ctx ends first, Groups returns its error.
// If the column has too many different values, Groups returns [group.ErrTooMany].
func Groups(ctx context.Context, items item.Table, rows []uint32, by item.Path, numbers []item.Path, progress *work.Progress) ([]group.Group, error) {
	return work.Do(ctx, func() ([]group.Group, error) { return groups(ctx, items, rows, by, numbers, progress) })
}

func groups(ctx context.Context, items item.Table, rows []uint32, by item.Path, numbers []item.Path, progress *work.Progress) ([]group.Group, error) {
	count := items.Len()
	if rows != nil {
		count = len(rows)
	}
	scan := group.NewScan(items, by, numbers)
	parts := statesOf[*group.Part]{begin: scan.Part}
	err := work.CostlyRows(ctx, count, item.CostOf(rows, items.CostAt(append([]item.Path{by}, numbers...)...)), progress, parts.next, func(part *group.Part, _, from, to int) {
		for i := from; i < to; i++ {
			row := i
			if rows != nil {
				row = int(rows[i])
			}
			part.Add(row)
		}
	})
	if err != nil {
		return nil, err
	}
	whole := scan.Part()
	for _, part := range parts.made {
		if whole.Merge(part); whole.IsFull() {
			break
		}
	}
	return whole.Groups()
}
