package tally

import (
	"hash/fnv"
	"math"
	"strconv"
	"strings"
	"testing"
)

// TestChosenHashesAreSpread looks for values whose hashes a page may have chosen. Without a secret key, all would be in
// the same place.
func TestChosenHashesAreSpread(t *testing.T) {
	const values = 2000
	counts := New(MaxSlots, 0x9e3779b97f4a7c15)
	places := map[uint64]bool{}
	for i := range uint64(values) {
		hash := i<<(ClassBits+maxSlotBits) | 1<<ClassBits
		if _, fresh := counts.Add(hash, uint32(i)); !fresh {
			t.Fatalf("value %d is not new", i)
		}
		places[counts.start(hash)%(2*values)] = true
	}
	if len(places) < values/2 {
		t.Errorf("%d values are looked for in %d places", values, len(places))
	}
}

// TestTallyIsExactUpToItsSize counts as many values as fit in a tally, and then more.
func TestTallyIsExactUpToItsSize(t *testing.T) {
	const room = MaxSlots/4*3 - 1 // a full tally switches to estimates with the next value, even if it is known
	counts := New(MaxSlots, 0x9e3779b97f4a7c15)
	for i := range 2 * room {
		counts.Add(mix(i%room), uint32(i))
	}
	if got := counts.Distinct(); got != room || !counts.IsExact() {
		t.Errorf("got %d different values, want %d", got, room)
	}
	for i := range room {
		s, fresh := counts.Add(mix(i), 0)
		if fresh || s.Count != 3 || s.Row != uint32(i) {
			t.Fatalf("value %d: count %d, first row %d, new %t", i, s.Count, s.Row, fresh)
		}
	}
	const frequent = 5000
	for i := range frequent {
		counts.Add(mix(room), uint32(i))
		counts.Add(mix(room+1+i), uint32(i))
	}
	got := counts.Distinct()
	if want := float64(room + 1 + frequent); counts.IsExact() || math.Abs(float64(got)-want) > 0.1*want {
		t.Errorf("got %d different values, want about %v", got, want)
	}
	if top := counts.MostFrequent(1); len(top) != 1 || top[0].Count+counts.short < frequent || top[0].Count > frequent {
		t.Errorf("the most frequent values are %v, want one of about %d", top, frequent)
	}
}

// mix turns consecutive numbers into different, spread ones.
func mix(n int) uint64 {
	x := (uint64(n) + 1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>31) * 0xbf58476d1ce4e5b9
	return x ^ x>>32
}

// TestRememberedValuesAreCounted counts texts that repeat, among them texts of every length up to the maximum that is
// remembered and similar ones.
func TestRememberedValuesAreCounted(t *testing.T) {
	var texts []string
	for length := range maxRecent + 3 {
		for _, letter := range "ab" {
			texts = append(texts, strings.Repeat(string(letter), length), strings.Repeat("a", length)+string(letter))
		}
	}
	for i := range 1000 { // many have the same place
		texts = append(texts, strconv.Itoa(i))
	}
	for _, different := range []int{20, 60, len(texts), 3 * len(texts)} {
		counts := New(MaxSlots, 0x9e3779b97f4a7c15)
		want, again := map[string]uint32{}, 0
		for i := range 40 * different {
			at := int(mix(i) % uint64(different))
			text := texts[at%len(texts)] + strings.Repeat("x", at/len(texts)*20)
			want[text]++
			if slot, number := counts.Again([]byte(text)); slot != nil {
				again++
				if number != float64(len(text)) {
					t.Fatalf("%q has the number %v", text, number)
				}
				continue
			}
			counts.Add(hashOf(text), uint32(i))
			counts.Remember([]byte(text), float64(len(text)))
			counts.Tune(i + 1)
		}
		if isFew := different < recentValues; isFew != (again > 10*different) {
			t.Errorf("%d different values: %d values were found by their text", different, again)
		}
		if counts.Distinct() != len(want) {
			t.Errorf("%d different values, want %d", counts.Distinct(), len(want))
		}
		for text, n := range want {
			if slot, fresh := counts.Add(hashOf(text), 0); fresh || slot.Count != n+1 {
				t.Errorf("%q: count %d, want %d", text, slot.Count-1, n)
			}
		}
	}
}

func hashOf(text string) uint64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(text))
	return mix(int(hash.Sum64()))
}
