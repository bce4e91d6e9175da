package search

import (
	"context"
	"io"
	"testing"

	"sbwatch/bench/answers"
	"sbwatch/files/read"
	"sbwatch/model/item"
	"sbwatch/work"
)

func manyItems(b *testing.B, items int) item.Table {
	b.Helper()
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(answers.WriteArray(w, items)) }()
	answer, err := read.Open(r, read.Options{OnItems: func(item.Table) {}})
	if err != nil {
		b.Fatal(err)
	}
	return answer.Items
}

// BenchmarkSearch searches 1,000,000 items of about 200 bytes, on all cores.
func BenchmarkSearch(b *testing.B) {
	items := manyItems(b, 1_000_000)
	bytes := sizeOf(items)
	for _, needle := range []struct{ name, text string }{
		{"absent any case", "xylophone"},
		{"absent exact", "Xylophone"},
		{"absent, common letters", "tearoses"},
		{"absent, not ASCII", "škoda"},
		{"absent, not ASCII, other script", "молоко"},
		{"absent, quote", `1" s`},
		{"absent, a key", "in_stoc"},
		{"rare", "0123456-"},
		{"common, any case", "arrival"},
		{"common, exact", "Coffee"},
		{"not ASCII", "café"},
		{"not ASCII, exact", "Café"},
		{"one letter", "e"},
		{"a key and values", "ra"},
		{"regexp with a literal, absent", `re:xylo(phone|gram)\b`},
		{"regexp with a literal", `re:arrivals\b`},
		{"regexp without one", `re:[x-z]{7}`},
	} {
		b.Run(needle.name, func(b *testing.B) {
			query, err := Parse(needle.text)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(bytes)
			found := 0
			for b.Loop() {
				found = searchAll(query, items)
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}

// BenchmarkEscapes searches items in which most characters are escaped, as some JSON encoders do for all non-ASCII
// characters.
func BenchmarkEscapes(b *testing.B) {
	var builder item.Builder
	row := []byte(`{"title":"\u041a\u0440\u0435\u0441\u043b\u043e \u0434\u0443\u0431","url":"https:\/\/shop.example.com\/p\/1","size":"15\" x 20\""}`)
	for range 300_000 {
		if _, err := builder.Append(row); err != nil {
			b.Fatal(err)
		}
	}
	items := builder.Items()
	for _, text := range []string{"молоко", "xylophone", `12"`} {
		b.Run(text, func(b *testing.B) {
			query, err := Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(sizeOf(items))
			for b.Loop() {
				searchAll(query, items)
			}
		})
	}
}

func sizeOf(items item.Table) int64 {
	bytes := int64(0)
	for i := range items.Len() {
		bytes += int64(len(items.Row(i)))
	}
	return bytes
}

// searchAll returns the number of items that match the query.
func searchAll(query Query, items item.Table) int {
	parts := make([]int, work.Parts(items.Len()))
	type state struct {
		picker       item.Picker
		picked, rows []uint32
	}
	_ = work.Rows(context.Background(), items.Len(), nil, func() *state { return &state{picker: query.Picker(items)} },
		func(s *state, part, from, to int) {
			s.rows = s.rows[:0]
			for row := from; row < to; row++ {
				s.rows = append(s.rows, uint32(row))
			}
			s.picked = s.picker.Pick(s.picked[:0], s.rows)
			parts[part] = len(s.picked)
		})
	total := 0
	for _, n := range parts {
		total += n
	}
	return total
}
