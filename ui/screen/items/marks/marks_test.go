package marks

import (
	"slices"
	"testing"

	"sbwatch/model/item"
)

func TestMarkedItemsAreInTheOrderOfTheRows(t *testing.T) {
	var s Set
	for _, entry := range []int{200, 3, 64, 3, 0} {
		s.Set(entry, true)
	}
	s.Set(64, false)
	kept := s.Filter()
	for _, test := range []struct{ rows, want []uint32 }{
		{nil, []uint32{0, 3, 200}},
		{[]uint32{200, 64, 3, 0}, []uint32{200, 3, 0}},
		{[]uint32{5, 200}, []uint32{200, 0, 3}},
		{[]uint32{}, []uint32{0, 3, 200}},
	} {
		if got := s.Order(test.rows, func(int) bool { return true }); !slices.Equal(got, test.want) {
			t.Errorf("rows %v: got %v, want %v", test.rows, got, test.want)
		}
	}
	s.Clear()
	if s.Len() != 0 || s.Has(3) {
		t.Errorf("%d items are still marked", s.Len())
	}
	if got := kept.Picker(item.Table{}).Pick(nil, []uint32{0, 1, 3, 199, 200, 900}); !slices.Equal(got, []uint32{0, 3, 200}) || kept.Title() != "3 marked" {
		t.Errorf("the filter %q keeps %v", kept.Title(), got)
	}
}

func TestMarkingManyItemsStops(t *testing.T) {
	const many = 3 * stepRows
	entry := func(i int) int { return i }
	var s Set
	done := 0
	s.SetAll(many, entry, true, func(items int) bool { done += items; return done < many })
	if s.Len() != many-stepRows || done != many {
		t.Errorf("%d items are marked after %d", s.Len(), done)
	}
	always := func(int) bool { return true }
	copied := s.Clone()
	copied.SetAll(many, entry, true, always)
	if s.HasAll(many, entry, always) || !copied.HasAll(many, entry, always) || s.HasAll(10, entry, func(int) bool { return false }) {
		t.Errorf("%d items are marked, and %d in the copy", s.Len(), copied.Len())
	}
}
