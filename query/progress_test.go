package query

import (
	"testing"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// TestProgressCoversAllSteps checks that queries that read columns first are complete at their end, and count all
// steps.
func TestProgressCoversAllSteps(t *testing.T) {
	items := catalogue(3 * work.ChunkRows)
	expr, err := filter.Parse("rating > 2 and sku ~ 7")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []Query{{Filters: []item.Filter{expr}}, {Sort: []order.Key{{Path: item.PathOf("sku")}, {Path: item.PathOf("rating")}}}} {
		var progress work.Progress
		if rows, err := Run(t.Context(), items, q, nil, &progress); err != nil || len(rows) == 0 || progress.Share() != 1 {
			t.Errorf("%d rows, %v, %v is done", len(rows), err, progress.Share())
		}
	}
}
