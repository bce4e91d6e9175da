package query

import (
	"fmt"
	"slices"
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/work"
)

// TestSeveralKeysSortLikeTheirRanks compares sorting within runs of equal values with sorting by the ranks of each key,
// which is what happens if the ranks of all keys are known.
func TestSeveralKeysSortLikeTheirRanks(t *testing.T) {
	var b item.Builder
	const rows = work.ChunkRows + 5
	for i := range rows {
		k := i * 7919 % 10007
		name := fmt.Sprintf("%q", fmt.Sprintf("%s %s %d", [...]string{"Lamp", "lamp", "Café", "CAFÉ", "table 07"}[k%5], [...]string{"oak", "Oak"}[k%2], k%1301))
		name = [...]string{name, name, name, name, name, name, "null", `""`, "12", `"2024-05-01"`}[k%10]
		row := fmt.Appendf(nil, `{"i":%d,"price":"$%d.%02d","name":%s,"flag":%t,"few":%q,"stock":%d,"no":null}`, i, k%397, k%7, name, k%3 == 0, [...]string{"a", "b", ""}[k%3], k%2999)
		if _, err := b.Append(row); err != nil {
			t.Fatal(err)
		}
	}
	items := b.Items()
	selected := make([]uint32, 0, rows)
	for row := range uint32(rows) {
		if row%3 == 0 {
			selected = append(selected, row)
		}
	}
	for _, names := range [][]string{{"price", "name"}, {"price", "few", "name"}, {"stock", "name", "i"}, {"flag", "name"}, {"no", "name"}, {"name", "price"}, {"i", "name"}, {"few", "stock", "price", "name"}} {
		var reused Cache // has the ranks within runs of equal values
		for _, directions := range []int{0, 1, 2, 5, 15} {
			var keys []order.Key
			var known Cache
			for i, name := range names {
				key := order.Key{Path: item.PathOf(name), Descending: directions>>i&1 == 1}
				keys = append(keys, key)
				if _, err := Run(t.Context(), items, Query{Sort: []order.Key{key}}, &known, nil); err != nil {
					t.Fatal(err)
				}
			}
			for _, rows := range [][]uint32{nil, selected, selected[:1000]} {
				want, err := sorted(t.Context(), items, rows, keys, &known, nil)
				if err != nil {
					t.Fatal(err)
				}
				var progress work.Progress
				got, err := sorted(t.Context(), items, rows, keys, new(Cache), &progress)
				if err != nil || !slices.Equal(got, want) || progress.Share() != 1 {
					t.Errorf("%v of %d rows: %v, in another order, %v is done", keys, len(rows), err, progress.Share())
				}
				if got, err = sorted(t.Context(), items, rows, keys, &reused, nil); err != nil || !slices.Equal(got, want) {
					t.Errorf("%v of %d rows again: %v, in another order", keys, len(rows), err)
				}
			}
		}
	}
}
