package jsonscan

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func sampleRows(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"sku":"SKU-%07d","name":"Walnut desk lamp no. %d, brass","price":"$%d.%02d","url":"https://shop.example/catalogue/item/%d","rating":%d.%d,"in_stock":%t,"reviews":%d,"note":null},`, i, i, i%900, i%100, i, i%5, i%10, i%3 == 0, i%1700)
	}
	return []byte(b.String())
}

func BenchmarkObject(b *testing.B) {
	text := sampleRows(100000)
	b.SetBytes(int64(len(text)))
	b.ReportMetric(float64(len(text))/100000, "B/row")
	keys := NewKeys(100)
	for b.Loop() {
		for i := 0; i < len(text); i++ {
			end, err := Object(text[i:], keys)
			if err != nil {
				b.Fatal(err)
			}
			i += end
		}
	}
}

func BenchmarkStdValid(b *testing.B) {
	text := sampleRows(10000)
	text[len(text)-1] = ' '
	text = append(append([]byte("["), text...), ']')
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if !json.Valid(text) {
			b.Fatal()
		}
	}
}
