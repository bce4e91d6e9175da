package table_test

import (
	"fmt"
	"testing"
)

// BenchmarkView draws a frame of a table of 100,000 items.
func BenchmarkView(b *testing.B) {
	rows := make([]string, 100_000)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"name":"Rugged Kettle %d","price":"$%d.99","url":"https://shop.example/%d","rating":4.5,"in_stock":true}`, i, i%100, i)
	}
	p, tb := painter(), tableOf(b, itemsOf(b, rows))
	b.ReportAllocs()
	for b.Loop() {
		drawn(tb, p, 120, 40)
	}
}
