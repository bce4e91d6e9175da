package read

import (
	"strings"
	"testing"
	"time"

	"sbwatch/api/wire"
)

// Text in values that never end is scanned a few times, no matter how many of these values there are.
func TestUnfinishedValuesAreScannedInLinearTime(t *testing.T) {
	for what, text := range map[string]string{
		"objects":             strings.Repeat("{\"\":\n", 12_000),
		"arrays":              strings.Repeat("[\n", 12_000),
		"objects, arrays":     strings.Repeat("{\"a\":[\n", 12_000),
		"many in a line":      strings.Repeat("[[[\n", 12_000),
		"after blank lines":   strings.Repeat("\r\n{\"\":\r\n", 12_000),
		"in a list":           "[\n" + strings.Repeat("{\"a\":1,\n\"b\":\n", 12_000),
		"after items":         "{\"a\":1}\n{\"a\":2}\n" + strings.Repeat("{\"a\":\n", 12_000),
		"keys without quotes": strings.Repeat("{a:\n", 12_000),
		"around items":        strings.Repeat("[\n{\"a\":1},\n", 12_000),
		"around repaired":     strings.Repeat("[\n{'a':1},\n", 12_000),
		"a string":            strings.Repeat("[\n", 5_000) + `"` + strings.Repeat("long ", 10_000),
		"strings":             strings.Repeat("{\"a\":\"\n", 12_000),
		"a cut document":      `{"items":[` + strings.Repeat("\n{\"a\":1,\"b\":[1,2]},", 12_000) + `{"a":`,
		"a cut list":          `[` + strings.Repeat("\n{\"a\":1,\"b\":[1,2]},", 12_000) + `{"a":`,
		"cut lines":           strings.Repeat("{\"a\":1,\"b\":[1,2\n", 12_000),
	} {
		for _, at := range []string{"", "list"} {
			source := strings.NewReader(text)
			f := &reader{options: Options{At: at}, whole: source}
			f.Decoder = wire.NewDecoder(f.decoded(source), wire.Limits{}, nil)
			j := newJSONReader(f)
			_ = j.values() // the items and errors are compared in other tests
			if limit := int64(8 * len(text)); j.wasted > limit {
				t.Errorf("%s at %q: %d bytes scanned for %d", what, at, j.wasted, len(text))
			}
		}
	}
}

// Before they were read in linear time, these texts took from 10 s to a minute.
func TestHostileJSONIsReadFast(t *testing.T) {
	const size, limit = 250_000, 5 * time.Second
	for what, part := range map[string]string{
		"comments":                 "{}\n/*\n",
		"numbers in a line":        "1 ",
		"numbers before a value":   strings.Repeat("1 ", 30_000) + "{\n",
		"arrays in a line":         "[] ",
		"values that never end":    "{\"\":\n",
		"strings that never end":   "{\"a\":\"\n",
		"comments in other values": "[\n/*\n",
	} {
		began := time.Now()
		_, _ = Open(strings.NewReader(strings.Repeat(part, size/len(part))), Options{Name: "x.ndjson"})
		if took := time.Since(began); took > limit {
			t.Errorf("%s: %v", what, took)
		}
	}
}
