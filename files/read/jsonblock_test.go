package read

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sbwatch/api/wire"
)

// unusualItems returns texts to insert between items. Each text is damaged, or ends elsewhere than it seems to.
func unusualItems() []string {
	return []string{
		`{"b":1,"new":{"k":2}}`, `{"b":"\n","\u0061":1}`, `{"b":NaN}`, `{"b":1,}`, `{"b":1`, `{"b":"never closed}`, `{"b":"},\n{\"b\":1"}`, `{"b":"},{"},{"b":"{"}`,
		`{"d":[{"b":1},` + "\n" + `{"b":2}]}`, `null`, `[{"b":1},` + "\n" + `{"b":2}]`, `12`, `,`, `]`, `}`, "INFO a line of a log", `/* { */`, "\ufeff", "\x1e", "\x00", "\xff", `{"b":1} {"b":2}`,
		`{"b":"` + strings.Repeat("long ", 20_000) + `"}`, strings.Repeat(" ", 3000), `{"b":` + strings.Repeat("[", 10_001) + "]}", "",
	}
}

// JSON gives the same items and notes whether it arrives in large pieces, which are scanned on all cores, or in small
// pieces, which are scanned one item after the other.
func TestBlocksOfJSONAreReadAsOneItemAfterTheOther(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	unusual := unusualItems()
	for i := range 2 * len(unusual) {
		one := unusual[i%len(unusual)]
		for _, form := range [][3]string{{"[\n", ",\n", "\n]\n"}, {"", "\n", "\n"}, {"[", ",", "]"}, {"[\n  ", ",\n  ", "\n]"}} {
			var text strings.Builder
			text.WriteString(form[0])
			for row := 0; text.Len() < 70_000; row++ {
				if row > 0 {
					text.WriteString(form[1])
				}
				if random.IntN(500) == 0 {
					text.WriteString(one + form[1])
				}
				fmt.Fprintf(&text, `{"b":%d,"d":{"k":%d,"l":[{"b":1},{"b":2}]},"e":"text \"%d\" é","new %d":1}`, row, row, row, row/100)
			}
			text.WriteString(form[2])
			sameInPieces(t, text.String(), Options{})
		}
	}
}

// A limit is reported in the same words, whether items are scanned in blocks or not.
func TestBlocksOfJSONRespectTheLimits(t *testing.T) {
	text := "[\n" + strings.Repeat(`{"a":1,"b":"some text"},`+"\n", 50_000) + `{"a":1}]`
	for _, limits := range []wire.Limits{{Body: 300_000}, {CountOnly: true}} {
		sameInPieces(t, text, Options{Limits: limits})
	}
	var keys strings.Builder
	for i := range 12_000 {
		fmt.Fprintf(&keys, `{"a":1,"key %d":2}`+"\n", i)
	}
	sameInPieces(t, keys.String(), Options{})
}

// FuzzBlocksOfJSON reads a text of many equal items with other text between them, in large pieces and in small ones.
func FuzzBlocksOfJSON(f *testing.F) {
	for _, unusual := range unusualItems() {
		f.Add([]byte(`{"a":1,"b":[{"a":2}]}`), []byte(unusual), []byte(",\n"), uint8(100), true)
		f.Add([]byte(`{"a":"}{"}`), []byte(unusual), []byte("\n"), uint8(255), false)
	}
	f.Fuzz(func(t *testing.T, one, unusual, between []byte, every uint8, isList bool) {
		if len(one) < 4 || !json.Valid(one) || len(one)+len(unusual)+len(between) > 4<<10 {
			return
		}
		var text strings.Builder
		if isList {
			text.WriteString("[")
		}
		for row := 1; text.Len() < 2*minSpan; row++ {
			text.Write(one)
			text.Write(between)
			if row%(int(every)+1) == 0 {
				text.Write(unusual)
				text.Write(between)
			}
		}
		if isList {
			text.WriteString("]")
		}
		sameInPieces(t, text.String(), Options{Name: "x.json"})
	})
}
