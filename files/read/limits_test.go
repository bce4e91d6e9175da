package read

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"sbwatch/api/wire"
	"sbwatch/model/run"
)

// zipped compresses a text with gzip the given number of times.
func zipped(t *testing.T, text []byte, times int) []byte {
	t.Helper()
	for range times {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err := w.Write(text)
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		text = b.Bytes()
	}
	return text
}

func TestFilesBeyondALimitKeepWhatCame(t *testing.T) {
	many := []byte(`[` + strings.Repeat(`{"a":1},`, 1_000_000) + `{"a":2}]`)
	wide := strings.Repeat("a,", 1000) + "a\n"
	farBack, _ := zstd.NewWriter(nil, zstd.WithWindowSize(256<<20))
	for _, test := range []struct {
		what   string
		limits wire.Limits
		text   []byte
		some   bool // whether some of the items are kept
		words  string
	}{
		{"memory", wire.Limits{Memory: 8 << 20}, many, true, "raise --max-memory"},
		{"memory, one of several files", wire.Limits{Memory: 16 << 20}.OfSeveral(), many, true, "fit into 4.2 MB of memory: raise --max-memory, which is 17 MB; the items of one file may use 4.2 MB of it"},
		{"memory, NDJSON", wire.Limits{Memory: 8 << 20}, bytes.ReplaceAll(many[1:len(many)-1], []byte("},"), []byte("}\n")), true, "of 1,000,001"},
		{"the body", wire.Limits{Body: 1 << 20}, many, true, "raise --max-body"},
		{"the body, packed", wire.Limits{Body: 1 << 20}, zipped(t, many, 2), true, "raise --max-body"},
		{"three times packed", wire.Limits{}, zipped(t, many, 3), false, "compressed three times or more: unpack it first"},
		{"zstd that refers far back", wire.Limits{}, farBack.EncodeAll(bytes.Repeat(many, 20), nil), false, "of memory to unpack"},
		{"CSV with a wide header", wire.Limits{Columns: 1000}, []byte(wide + wide), false, "more than 1,000 columns): remove some columns"},
		{"CSV with a wide record", wire.Limits{Columns: 1000}, []byte("a,b\n1,2\n" + wide), true, "more than 1,000 columns"},
		{"CSV whose header comes again and again", wire.Limits{Memory: 8 << 20}, []byte(strings.Repeat("name", 1000) + ",b\n" + strings.Repeat("1,2\n", 100_000)), true, "of 100,000"},
		{"CSV with a giant cell", wire.Limits{Memory: 8 << 20}, []byte("a,b\n1,2\n" + strings.Repeat("x", 2<<20) + ",1\n"), true, "a record is larger than 1.0 MB): raise --max-memory"},
	} {
		answer, err := Open(bytes.NewReader(test.text), Options{Limits: test.limits})
		if err == nil || !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s: %v, want %q", test.what, err, test.words)
		}
		if (answer.Items.Len() > 0) != test.some {
			t.Errorf("%s: %d items", test.what, answer.Items.Len())
		}
	}
}

// Items that are repaired are copied, and the items between them stay where they were read. Neither takes more memory
// than its text.
func TestRepairedItemsBetweenValidItemsFitIntoMemory(t *testing.T) {
	const items, memory = 30_000, 16 << 20
	for what, repaired := range map[string]string{
		"NaN": `{"i":%d,"n":NaN}`, "single quotes": `{'i':%d,'n':0}`, "an extra comma": `{"i":%d,"n":0,}`,
	} {
		for _, every := range []int{2, 10} {
			text := new(strings.Builder)
			for i := range items {
				form := `{"i":%d,"n":1}`
				if i%every == 0 {
					form = repaired
				}
				fmt.Fprintf(text, form+"\n", i)
			}
			answer, err := Open(strings.NewReader(text.String()), Options{Limits: wire.Limits{Memory: memory}})
			if err != nil || answer.Items.Len() != items {
				t.Errorf("%s in 1 of %d items: %d items, %v", what, every, answer.Items.Len(), err)
			}
			if used := answer.Items.Memory(); used > memory/2 {
				t.Errorf("%s in 1 of %d items: %d bytes of memory for %d bytes of text", what, every, used, text.Len())
			}
		}
	}
}

// peakHeap opens a text and returns the maximum memory in use while it was read, in bytes.
func peakHeap(t *testing.T, text string, limits wire.Limits) (peak uint64, answer run.Answer) {
	t.Helper()
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	reads := 0
	from := strings.NewReader(text)
	source := readerFunc(func(p []byte) (int, error) {
		if reads++; reads%8 == 0 {
			runtime.GC() // the memory that remains is in use
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
		}
		return from.Read(p)
	})
	answer, _ = Open(source, Options{Limits: limits}) // this test does not need the error
	runtime.GC()
	runtime.ReadMemStats(&now)
	return max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc)), answer
}

func TestHostileFilesTakeNoMoreMemoryThanTheyMay(t *testing.T) {
	keys := new(strings.Builder)
	for i := range 300_000 {
		fmt.Fprintf(keys, "{\"key number %d\":1}\n", i)
	}
	for what, text := range map[string]string{
		"tiny items":    strings.Repeat("{},", 4_000_000),
		"one item":      `{"a":"` + strings.Repeat("x", 24<<20) + `"}`,
		"one key":       `{"` + strings.Repeat("x", 24<<20) + `":1}`,
		"many keys":     keys.String(),
		"many columns":  strings.Repeat("a,", 4<<20) + "\n",
		"empty pages":   `{"pages":[{"items":[]},` + strings.Repeat("{},", 3<<20) + `{}]}`,
		"many warnings": `{"pages":[{"items":[]}],"warnings":[` + strings.Repeat(`"",`, 3<<20) + `""]}`,
	} {
		if what == "tiny items" {
			text = "[" + text + "{}]"
		}
		for _, limits := range []wire.Limits{{Memory: 32 << 20}, {Memory: 32 << 20, CountOnly: true}} {
			peak, answer := peakHeap(t, text, limits)
			if limit := uint64(32 << 20); peak > limit {
				t.Errorf("%s, %+v: %d MiB in use, want at most %d", what, limits, peak>>20, limit>>20)
			}
			runtime.KeepAlive(answer)
		}
	}
}
