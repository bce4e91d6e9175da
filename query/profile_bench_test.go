package query

import (
	"context"
	"fmt"
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/profile"
)

// catalogue returns n items of about 200 bytes each, like those of a shop's catalog, on pages of 30.
func catalogue(n int) item.Table {
	var b item.Builder
	for i := range n {
		if i%30 == 0 {
			b.StartPage()
		}
		x := (i*7919 + i/13) % 1_000_003
		row := fmt.Sprintf(`{"sku":"SKU-%07d","name":"Walnut desk lamp no. %d, brass","price":"$%d.%02d","url":"https://shop.example/catalogue/item/%d",`+
			`"rating":%d.%d,"in_stock":%t,"reviews":%d,"note":null,"seen":"2026-05-%02dT12:%02d:00Z"}`,
			i, x, x%900, x%100, i, x%5, x%10, i%3 == 0, x%1700, 1+x%28, x%60)
		if _, err := b.Append([]byte(row)); err != nil {
			panic(err)
		}
	}
	return b.Items()
}

func BenchmarkProfile(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		items := catalogue(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := Profile(context.Background(), items, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprint(n, "/one core"), func(b *testing.B) {
			for b.Loop() {
				part := profile.NewScan(items).Part()
				part.Rows(0, items.Len())
				part.Finish()
			}
		})
	}
}

func BenchmarkDuplicates(b *testing.B) {
	items := catalogue(1_000_000)
	for b.Loop() {
		if _, err := Duplicates(context.Background(), items, item.PathOf("sku"), nil); err != nil {
			b.Fatal(err)
		}
	}
}
