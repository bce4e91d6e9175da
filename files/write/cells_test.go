package write

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sbwatch/model/item"
)

// Short numbers are converted to the same double as package strconv returns.
func TestShortNumbersAreExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	numbers := []string{"0", "-0", "0.0", "-0.0", "-0.5", "0.1", "-99999999999.25", "999999999999999", "99999999999999.9", "0.00000000000001", "1e3", "1.5E-3", "NaN"}
	for range 10_000 {
		digits := strconv.FormatUint(random.Uint64N(100_000_000_000_000), 10)
		if point := random.IntN(len(digits)); point > 0 {
			digits = digits[:point] + "." + digits[point:]
		}
		numbers = append(numbers, digits)
	}
	short := 0
	for _, number := range numbers {
		digits, decimals, ok := decimal([]byte(number))
		if !ok {
			continue
		}
		short++
		want, _ := strconv.ParseFloat(number, 64)
		if got := doubleOf(digits, decimals); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", number, got, want)
		}
		if whole, err := strconv.ParseInt(number, 10, 64); (err == nil) != (decimals == 0) || err == nil && digits != whole {
			t.Errorf("%s is %d with %d decimals", number, digits, decimals)
		}
	}
	if short < 9000 {
		t.Errorf("only %d numbers are short", short)
	}
}

// The sizes of pieces of the table save time, and make no difference to the blocks.
func TestBlocksDoNotDependOnPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, maxText := range []int{1, 20, 3000} {
		var b item.Builder
		for range 3000 {
			if _, err := b.Append([]byte(`"` + strings.Repeat("x", random.IntN(maxText)) + `",`)); err != nil {
				t.Fatal(err)
			}
		}
		table := newTable(b.Items(), Options{})
		sizes, err := table.pieces(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, limits := range [][2]int{{1, 1}, {64, 1 << 20}, {100, 1 << 20}, {5000, 1000}, {5000, 50_000}, {5000, 1 << 30}} {
			want, rows, size := []int{0}, 0, 0
			for place := range table.len() {
				length := len(table.items.Row(place))
				if rows > 0 && (rows == limits[0] || size+length > limits[1]) {
					want, rows, size = append(want, place), 0, 0
				}
				rows, size = rows+1, size+length
			}
			want = append(want, table.len())
			if got := table.blocks(sizes, limits[0], limits[1]); !slices.Equal(got, want) {
				t.Errorf("texts of up to %d bytes in blocks of %d: %v, want %v", maxText, limits, got, want)
			}
		}
	}
}

// The fast check of a field agrees with the full check.
func TestFastCheckOfFieldsAgreesWithTheFullCheck(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "abcdefghij0123456789-.,;|\"\t\x7f {[tfé~!\u00a0"
	ordinary, quoted := 0, 0
	check := func(w *csvWriter, text string) {
		for _, after := range []string{"", `","another":"value"`} {
			field := []byte(text + after)[:len(text)]
			found := w.quickForm(field)
			if found == formUnknown {
				continue
			}
			full := newCSVWriter(Options{CSVDelimiter: w.delimiter}, new(Changes))
			full.text(full.quotedIfJSON(full.changes.validText(field)))
			want := text
			if found == formQuoted {
				want = `"` + text + `"`
				quoted++
			} else {
				ordinary++
			}
			if string(full.out) != want {
				t.Errorf("%q is written as %s with the delimiter %q, want %s", text, want, w.delimiter, full.out)
			}
		}
	}
	for _, delimiter := range []byte{',', ';', '\t', '#', 'a'} {
		w := newCSVWriter(Options{CSVDelimiter: delimiter}, new(Changes))
		for _, text := range []string{"true", "false", "truth", "t", "-1", "1", "1e5", "NaN", "null", " x", "x ", "\ufeffx", "[1,2]", "{}", "[1", "12345678", "-1234567.8", "a,b", "\x7f"} {
			check(w, text)
		}
		for range 20_000 {
			var text strings.Builder
			for range random.IntN(20) {
				c := letters[random.IntN(len(letters))]
				if random.IntN(3) > 0 {
					c = 'b' + byte(random.IntN(10))
				}
				text.WriteByte(c)
			}
			check(w, text.String())
		}
	}
	if ordinary < 1000 || quoted < 1000 {
		t.Errorf("only %d fields are ordinary and %d quoted", ordinary, quoted)
	}
}

// Quotes are doubled in words of eight bytes. The position of a quote in its word makes no difference.
func TestQuotesAreDoubledAtEachOffset(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	w := newCSVWriter(Options{}, new(Changes))
	for i := range 5_000 {
		text := make([]byte, random.IntN(60))
		if i%500 == 0 {
			text = make([]byte, 20_000+random.IntN(60))
		}
		for at := range text {
			text[at] = "\"\"a#!\xa2\x00\n"[random.IntN(8)]
		}
		w.out = append(w.out[:0], "before"...)
		if w.doubled(text); string(w.out) != "before"+strings.ReplaceAll(string(text), `"`, `""`) {
			t.Fatalf("%q is written as %q", text, w.out)
		}
	}
}
