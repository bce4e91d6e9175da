package watch

import (
	"sbwatch/model/item"
	"sbwatch/model/optional"
)

// heldItems holds the items of a run or, after the items were removed from memory, some facts about them.
type heldItems struct {
	items   item.Table
	dropped optional.Value[droppedItems]
}

// droppedItems holds what is still known about items that were removed from memory.
type droppedItems struct {
	total    int
	isCapped bool // whether there were more different keys than the maximum number of columns
}

// Items returns the items that have arrived so far.
func (h *heldItems) Items() item.Table { return h.items }

// HasDroppedItems reports whether the items were removed from memory by [Watch.DropItems] and have not been restored.
func (h *heldItems) HasDroppedItems() bool {
	return h.items.Total() == 0 && h.dropped.Or(droppedItems{}).total > 0
}

// TotalItems returns the number of items that have arrived. It includes items that are no longer in memory; see
// [Watch.DropItems].
func (h *heldItems) TotalItems() int {
	if dropped, known := h.dropped.Get(); known {
		return dropped.total
	}
	return h.items.Total()
}

// isCapped reports whether the items have more different keys than the maximum number of columns.
func (h *heldItems) isCapped() bool {
	if dropped, known := h.dropped.Get(); known {
		return dropped.isCapped
	}
	return h.items.ColumnsCapped()
}
