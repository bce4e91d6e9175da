package read

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sbwatch/api/wire"
	"sbwatch/internal/streams"
	"sbwatch/model/item"
)

// unusualRecords returns records that change how later records are read, or that end elsewhere than they seem to.
func unusualRecords() []string {
	return []string{
		"x,2,true,\"{\"\"k\"\":1}\",y\n", "1,2,\"true\",plain,y\n", "1,,,,\n", "1,2\n", "1,2,true,,y,more,and more\n", "\n", "\r\n",
		"a,b,c,d,e\n", "\ufeffa,b,c,d,e\n", "1,2,true,,\"two\nlines\"\n", "1,2,true,,5\" pipe\n", "1,2,true,,\"6\" pipe\"\n",
		"1,2,true,,\"a \\\"b\\\", c\"\n", "1,2,true,,\"never closed\n", "1,2,true,\"" + strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999) + "\",y\n",
		"1,2,true,\"[{\"\"\\u0041\"\":\"\"\\n\"\"}]\",y\n", "1,2,true,\"\"\"[1]\"\"\",y\n", "1,2,true,\"" + strings.Repeat("z\n", 200) + "\",\"é\\\"\n",
		"1,2,true,\"[1],\"\"f\"\":[2]\",y\n", "1,2,true,\"[1\",y\n", "1,2,true,\"[1] \",y\n", "1,2,true,\"\",y\n",
	}
}

// CSV gives the same items and notes whether it arrives in large pieces, which are converted on all cores, or in small
// pieces, which are converted one record after the other.
func TestBlocksOfCSVAreReadAsOneRecordAfterTheOther(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	unusual := unusualRecords()
	for i := range 2 * len(unusual) {
		var text strings.Builder
		text.WriteString("a,b,c,d,e\n")
		kinds := unusual[i%len(unusual):][:1]
		if i >= len(unusual) {
			kinds = unusual
		}
		for row := 0; text.Len() < 130_000; row++ {
			if random.IntN(700) == 0 {
				text.WriteString(kinds[random.IntN(len(kinds))])
			}
			fmt.Fprintf(&text, "%d,%d.5,%t,\"{\"\"k\"\":%d,\"\"l\"\":[%d]}\",\"text, with \"\"%d\"\" é\"\n", row, random.IntN(100), row%3 == 0, row, row, row)
		}
		sameInPieces(t, text.String(), Options{})
	}
}

// Records can be longer than a block, and longer than the text that is split into blocks.
func TestBlocksOfCSVHaveLongRecords(t *testing.T) {
	for _, size := range []int{3_000, 20_000, 100_000} {
		var text strings.Builder
		text.WriteString("a,b,d,e\n")
		for row := 0; text.Len() < 600_000; row++ {
			fmt.Fprintf(&text, "%d,%s,\"{\"\"k\"\":%d}\",\"a \"\"long\"\" text:\n%s\"\n", row, strings.Repeat("x", size/2), row, strings.Repeat("y", size/2))
			if row%3 == 0 {
				text.WriteString("1,never closed,,\"x\n")
			}
		}
		sameInPieces(t, text.String(), Options{})
		sameInPieces(t, strings.ReplaceAll(text.String(), "1,never closed,,\"x\n", ""), Options{})
	}
}

// A limit is reported in the same words, whether CSV is converted in blocks or not.
func TestBlocksOfCSVRespectTheLimitOfMemory(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,some text\n", 100_000)
	for _, limits := range []wire.Limits{{Memory: 2_000_000}, {Body: 300_000}, {CountOnly: true}} {
		sameInPieces(t, text, Options{Limits: limits})
	}
}

func sameInPieces(t *testing.T, text string, o Options) {
	t.Helper()
	whole, wholeErr := Open(strings.NewReader(text), o)
	parts, partsErr := Open(streams.Parts([]byte(text), []byte{255, 3, 90}), o)
	if fmt.Sprint(wholeErr) != fmt.Sprint(partsErr) {
		t.Fatalf("%v in one part, %v in many", wholeErr, partsErr)
	}
	if notesOf(whole) != notesOf(parts) || whole.Items.Total() != parts.Items.Total() {
		t.Fatalf("%d items, %s in one part, %d, %s in many", whole.Items.Total(), notesOf(whole), parts.Items.Total(), notesOf(parts))
	}
	if o.Limits.Memory == 0 && whole.Items.Len() != parts.Items.Len() {
		t.Fatalf("%d items in one part, %d in many", whole.Items.Len(), parts.Items.Len())
	}
	if fmt.Sprint(whole.Items.Columns()) != fmt.Sprint(parts.Items.Columns()) {
		t.Fatalf("columns %v in one part, %v in many", whole.Items.Columns(), parts.Items.Columns())
	}
	for row := range min(whole.Items.Len(), parts.Items.Len()) {
		sameRow(t, row, whole.Items, parts.Items)
	}
}

func sameRow(t *testing.T, row int, a, b item.Table) {
	t.Helper()
	if string(a.Row(row)) != string(b.Row(row)) || a.HasEscapes(row) != b.HasEscapes(row) {
		t.Fatalf("row %d is %q in one part, %q in many", row, a.Row(row), b.Row(row))
	}
	for _, path := range []item.Path{item.PathOf("b"), item.PathOf("d"), item.PathOf("e"), item.PathOf("d", "k")} {
		if one, other := a.Reader(path).Cell(row).Raw(), b.Reader(path).Cell(row).Raw(); string(one) != string(other) {
			t.Fatalf("row %d: %s is %q in one part, %q in many", row, path.Name(), one, other)
		}
	}
}
