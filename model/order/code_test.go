package order

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"sbwatch/model/parse"
)

// FuzzTextCodes checks that codes and sort keys order text like CompareNatural, or call it equal.
func FuzzTextCodes(f *testing.F) {
	for _, texts := range [][3]string{
		{"page 9", "page 10", "page "},
		{"page 09", "Page 9", ""},
		{"https://a.b/1", "HTTPS://a.b/2", "https://a.b/"},
		{"a", "a\x00", "a"},
		{"\xff", "日", "\xe6"},
		{"12345678901", "9999999999", ""},
		{"K", "k", "\u212a"},
		{"", "0", "00"},
		{"x1", "x", "x"},
		{"éa", "ÉB", "é"},
	} {
		f.Add([]byte(texts[0]), []byte(texts[1]), []byte(texts[2]))
	}
	f.Fuzz(func(t *testing.T, a, b, begin []byte) {
		want := parse.CompareNatural(a, b)
		for _, common := range []prefix{{}, commonPrefix([][]byte{begin, append(slices.Clip(begin), "z"...)}), commonPrefix([][]byte{a, b})} {
			first, key := common.textCode(nil, a, maxKeyRoom)
			second, other := common.textCode(nil, b, maxKeyRoom)
			if rest := bytes.Compare(key.Folded, other.Folded); first == second && rest != 0 && rest != want {
				t.Fatalf("%q and %q, prefix %q: keys %q and %q, want %d", a, b, common.text, key.Folded, other.Folded, want)
			}
			got := cmp.Compare(first, second)
			for shared := 0; got == 0 && shared < maxKeyLen; shared += 8 {
				got = cmp.Compare(common.nextKey(first, a, shared), common.nextKey(second, b, shared))
			}
			if got != 0 && got != want || !first.isText() || !second.isText() {
				t.Fatalf("%q and %q, prefix %q: codes %x and %x, keys %d, want %d", a, b, common.text, first, second, got, want)
			}
		}
	})
}

func TestCodesAreOrdered(t *testing.T) {
	numbers := []float64{-math.MaxFloat64, -1e300, -2, -1, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 0.1, 1, 1.5, 1 << 53, math.MaxFloat64}
	for i, number := range numbers {
		c := numberCode(number)
		if i > 0 && c <= numberCode(numbers[i-1]) || c.number() != number || c >= codeDate {
			t.Errorf("the code of %v is %x", number, c)
		}
	}
	if numberCode(0) != numberCode(math.Copysign(0, -1)) {
		t.Error("codes of 0 and -0 differ")
	}
	dates := []time.Time{
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_000_000, time.UTC), time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2024, 5, 1, 0, 0, 0, 1, time.UTC), time.Date(2024, 5, 1, 0, 0, 0, 1_000_000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	for i, date := range dates {
		c := dateCode(date)
		if i > 0 && c <= dateCode(dates[i-1]) || c < codeDate || c >= codeText || c.needsTieBreak() != (date.Nanosecond() == 1) {
			t.Errorf("the code of %v is %x", date, c)
		}
	}
}
