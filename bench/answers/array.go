package answers

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
)

// words returns the words that names are composed of. No word contains an x, so a search for x finds nothing in names.
func words() []string {
	return []string{
		"Coffee", "Table", "Lamp", "vintage", "retailer", "arrivals", "Premium", "leather", "Natural", "travel", "River", "solar",
		"varnish", "of", "the", "with", "Caf\\u00e9", "Crème", "15\\\" Screen", "Größe", "oak", "steel", "set", "small", "Large",
		"\\u0421\\u0442\\u043e\\u043b", "стол", "light", "garden", "winter",
	}
}

func brands() []string {
	return []string{"Acme", "Globe", "Nordic Light", "H\\u00f6ganäs", "Bolt & Sons", "Umbra", "Initech", "Ravel", "Stark", "Hooli"}
}

// WriteArray writes a JSON array of shop items, one per line and of about 200 bytes each. The items contain texts with
// prices, numbers, nulls, missing keys, nested values, some escapes and some characters beyond ASCII. The result
// depends only on the number of items.
func WriteArray(w io.Writer, items int) error {
	out := bufio.NewWriterSize(w, 1<<20)
	random := rand.New(rand.NewPCG(1, 2))
	words, brands := words(), brands()
	word := func() string {
		if random.IntN(4) == 0 {
			return words[random.IntN(len(words))]
		}
		return words[random.IntN(14)] // words that need no escapes
	}
	for i := range items {
		before := ",\n"
		if i == 0 {
			before = "[\n"
		}
		_, _ = fmt.Fprintf(out, `%s{"sku":"SKU-%08d","name":"%s %s %s","price":"%s","brand":"%s","url":"https://shop.example.com/p/%07d-%s",`,
			before, 90_000_000-i, word(), word(), word(), price(random), brands[random.IntN(len(brands))], i, words[random.IntN(14)]) // Flush returns the error
		if random.IntN(10) > 0 {
			_, _ = fmt.Fprintf(out, `"rating":%d.%d,`, 1+random.IntN(4), random.IntN(10))
		} else {
			_, _ = out.WriteString(`"rating":null,`)
		}
		if random.IntN(20) > 0 {
			_, _ = fmt.Fprintf(out, `"reviews":%d,`, random.IntN(5000))
		}
		_, _ = fmt.Fprintf(out, `"in_stock":%t,"dims":{"w":%d,"h":%d}}`, random.IntN(3) > 0, random.IntN(200), random.IntN(200))
	}
	if items == 0 {
		_, _ = out.WriteString("[")
	}
	_, _ = out.WriteString("\n]\n")
	return out.Flush()
}

// price returns a price as shops write it, from $0.99 to $2,999.99.
func price(random *rand.Rand) string {
	whole, cents := random.IntN(3000), random.IntN(100)
	if whole >= 1000 {
		return fmt.Sprintf("$%d,%03d.%02d", whole/1000, whole%1000, cents)
	}
	return fmt.Sprintf("$%d.%02d", whole, cents)
}

// Needle is a text to search for in an array written by WriteArray.
type Needle struct{ Name, Text string }

// Needles returns texts to search for. Some are found faster than others, because a substring search is slower for
// common letters.
func Needles() []Needle {
	return []Needle{
		{"absent", "xylophone"},
		{"absent-common-letters", "tearoses"},
		{"rare", "0123456-"},
		{"common", "arrival"},
		{"not-ascii", "größe"},
	}
}
