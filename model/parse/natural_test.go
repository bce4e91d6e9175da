package parse

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func TestCompareNatural(t *testing.T) {
	want := []string{
		"", " ", "-5", "0", "00", "01", "1", "1.5", "2", "9", "10", "12345678901234567890", "12345678901234567891", "112345678901234567890",
		"A", "a", "a 1", "a1", "A1b", "a1b", "a01c", "A2", "a10", "ab", "B", "b", "page 9", "page 10", "Page 10 a", "page 10 b", "straße", "Ä", "ä", "äa", "Äb", "б", "Б1", "б2",
		"日", "😀", "\x80", "\xff",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return CompareNatural([]byte(a), []byte(b)) })
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("index %d = %q, want %q:\n%q\n%q", i, got[i], want[i], got, want)
		}
	}
}

func FuzzCompareNatural(f *testing.F) {
	f.Add([]byte("page 9"), []byte("page 10"), []byte("Page 010"))
	f.Add([]byte("k"), []byte("\u212a"), []byte("K1"))
	f.Add([]byte("\xff"), []byte("\u00ff"), []byte("0\xe2"))
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		ab, ba := CompareNatural(a, b), CompareNatural(b, a)
		if ab != -ba || (ab == 0) != bytes.Equal(a, b) {
			t.Fatalf("CompareNatural(%q, %q) = %d, but %d in reverse", a, b, ab, ba)
		}
		first, second := NaturalKey(a, 0, 8), NaturalKey(b, 0, 8)
		if folded := compareFolded(a, b); first != second && cmp.Compare(first, second) != folded {
			t.Fatalf("keys of %q and %q: %x and %x, want order %d", a, b, first, second, folded)
		}
		all := [][]byte{a, b, c}
		slices.SortFunc(all, CompareNatural)
		if CompareNatural(all[0], all[1]) > 0 || CompareNatural(all[1], all[2]) > 0 || CompareNatural(all[0], all[2]) > 0 {
			t.Fatalf("not transitive: %q", all)
		}
		loosely := func(x, y []byte) int { return compareFolded(x, y) }
		if loosely(a, b) == 0 && loosely(b, c) == 0 && loosely(a, c) != 0 || loosely(a, b) < 0 && loosely(b, c) <= 0 && loosely(a, c) >= 0 {
			t.Fatalf("not transitive without case: %q %q %q", a, b, c)
		}
	})
}

func BenchmarkCompareNatural(b *testing.B) {
	x, y := []byte("Walnut desk lamp no. 1234, brass"), []byte("walnut desk lamp no. 1235, brass")
	for b.Loop() {
		CompareNatural(x, y)
	}
}

// TestLongKeysAreNaturalKeys compares keys that are put as a whole with those in pieces.
func TestLongKeysAreNaturalKeys(t *testing.T) {
	for _, text := range []string{"", "Page 9", "page 0010", "É x12345678901234567890y", "\xff日", "no digits, But Capitals and more than sixteen bytes", "7"} {
		for from := range 12 {
			key := bytes.Repeat([]byte("x"), 24)
			PutNaturalKey(key, []byte(text), from)
			for at := 0; at < len(key); at += 8 {
				if got, want := binary.BigEndian.Uint64(key[at:]), NaturalKey([]byte(text), from+at, 8); got != want {
					t.Errorf("%q from %d+%d: %x, want %x", text, from, at, got, want)
				}
			}
		}
	}
}

// TestAppendedKeysSortLikeTexts checks that sort keys with their capitals compare like their texts.
func TestAppendedKeysSortLikeTexts(t *testing.T) {
	texts := []string{
		"", "0", "00", "01", "1", "10", "Page 9", "page 9", "page 09", "PAGE 10 A", "page 10 a", "a\x00", "a", "A", "é", "É", "\u212a1", "k1", "\xff", "\xffA",
		"Walnut Desk Lamp, Brass", "walnut desk lamp, brass", "Walnut Desk lamp, brass", "walnut Desk Lamp, Brass and More", "12345678901234567890 x",
		"seven c9", "seven C9", "exactly8", "EXACTLY8", "[1,2]", "日本 ABC", "日本 abc",
		strings.Repeat("long ", 13) + "A", strings.Repeat("long ", 13) + "a", strings.Repeat("l", 63) + "A", strings.Repeat("l", 63) + "a",
	}
	for _, first := range texts {
		for _, second := range texts {
			checkKeys(t, []byte(first), []byte(second))
		}
	}
}

func FuzzAppendNaturalKey(f *testing.F) {
	f.Add([]byte("Page 9"), []byte("page 010 Abc"))
	f.Fuzz(checkKeys)
}

func checkKeys(t *testing.T, first, second []byte) {
	a, b := AppendNaturalKey(nil, first, 1000), AppendNaturalKey([]byte("x"), second, 1000)
	order := bytes.Compare(a.Folded, b.Folded)
	if order == 0 && a.IsExact && b.IsExact {
		order = cmp.Compare(b.Upper, a.Upper)
	} else if order == 0 && len(first) < 500 && len(second) < 500 {
		order = compareFolded(first, second)
		if order == 0 {
			return
		}
	}
	if want := CompareNatural(first, second); order != want && len(first) < 500 && len(second) < 500 {
		t.Errorf("keys of %q and %q: %d, want %d", first, second, order, want)
	}
	if short := AppendNaturalKey(nil, first, 11).Folded; len(first) < 500 && !bytes.HasPrefix(a.Folded, short) {
		t.Errorf("%q: the first bytes of the key are %q, want %q", first, short, a.Folded)
	}
	if part := AppendNaturalKey(nil, append(bytes.Clone(first), "And 7 more"...)[:len(first)], 1000); !bytes.Equal(part.Folded, a.Folded) || part.Upper != a.Upper || part.IsExact != a.IsExact {
		t.Errorf("%q: another key if more text follows: %q", first, part.Folded)
	}
	key := make([]byte, len(a.Folded))
	if PutNaturalKey(key, first, 0); len(first) < 500 && !bytes.Equal(key, a.Folded) {
		t.Errorf("%q: key %q, want %q", first, a.Folded, key)
	}
}
