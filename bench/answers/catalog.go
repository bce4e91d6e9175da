package answers

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// WriteCatalog writes a JSON array of shop items for queries, one per line and of about 350 bytes each. Each item has a
// name, a description of about a dozen words, a brand, a price as text, a rating, numbers, dates, and a number six
// levels deep. The result depends only on the number of items.
func WriteCatalog(w io.Writer, items int) error {
	out := bufio.NewWriterSize(w, 1<<20)
	random := rand.New(rand.NewPCG(3, 4))
	words, brands := words()[:14], brands()
	first := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	before := "[\n"
	for i := range items {
		_, _ = fmt.Fprintf(out, `%s{"sku":"SKU-%08d","name":"%s %s %s %d","brand":"%s","price":"%s","description":"`, before, 90_000_000-i,
			words[random.IntN(14)], words[random.IntN(14)], words[random.IntN(14)], random.IntN(1000), brands[random.IntN(len(brands))], price(random)) // Flush returns the error
		for range 8 + random.IntN(8) {
			_, _ = out.WriteString(words[random.IntN(14)])
			_ = out.WriteByte(' ')
		}
		seen := first.Add(time.Duration(random.IntN(3*365*24*60)) * time.Minute)
		_, _ = fmt.Fprintf(out, `No. %d","url":"https://shop.example.com/p/%07d-%s","rating":%d.%d,"reviews":%d,"seen":"%s","deep":{"a":{"b":{"c":{"d":{"e":%d},"x":"%s"}}},"n":%d}}`,
			random.IntN(items), i, words[random.IntN(14)], 1+random.IntN(4), random.IntN(10), random.IntN(50_000), seen.Format(time.RFC3339),
			random.IntN(200), words[random.IntN(14)], i)
		before = ",\n"
	}
	if items == 0 {
		_, _ = out.WriteString("[")
	}
	_, _ = out.WriteString("\n]\n")
	return out.Flush()
}
