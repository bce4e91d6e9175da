package profile

import (
	"fmt"
	"io"
	"testing"

	"sbwatch/bench/answers"
	"sbwatch/files/read"
	"sbwatch/model/item"
)

// BenchmarkProfile profiles 20,000 items: once the items of the other benchmarks, and once items of a shop whose texts
// are nearly all different, so that each must be examined.
func BenchmarkProfile(b *testing.B) {
	const items = 20_000
	for _, kind := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"items", func(w io.Writer) error { return answers.WriteArray(w, items) }},
		{"shop", func(w io.Writer) error { return writeShop(w, items) }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			table := tableOf(b, kind.write)
			for b.Loop() {
				scan := NewScan(table)
				part := scan.Part()
				part.Rows(0, table.Len())
			}
		})
	}
}

// writeShop writes items whose texts are names, prices, ids, dates, counts and addresses.
func writeShop(w io.Writer, items int) error {
	for i := range items {
		_, err := fmt.Fprintf(w, `{"name":"%s lamp no. %d, brass","price":"$%d,%03d.00","sku":"SKU-%07d","old_price":"%d.%03d,00 €","seen":"2024-05-%02dT12:30:%02dZ","reviews":"%d reviews","rating":"4.%d out of 5","url":"https://shop.example/p/%d","tag":"Walnut%d"}`+"\n",
			[]string{"Walnut", "Bamboo", "Desk", "Marble", "Espresso"}[i%5], i, i%9+1, i%1000, i, i%9+1, i%1000, i%28+1, i%60, i, i%10, i, i)
		if err != nil {
			return err
		}
	}
	return nil
}

func tableOf(b *testing.B, write func(io.Writer) error) item.Table {
	b.Helper()
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(write(w)) }()
	answer, err := read.Open(r, read.Options{OnItems: func(item.Table) {}})
	if err != nil {
		b.Fatal(err)
	}
	return answer.Items
}
