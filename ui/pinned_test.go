package ui

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"sbwatch/model/filter"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/widget/table"
)

// fakeFilters keeps pinned filters in memory.
type fakeFilters map[string][]filter.Pinned

func (f fakeFilters) Load(recipe string) ([]filter.Pinned, error) { return f[recipe], nil }

func (f fakeFilters) Save(recipe string, filters []filter.Pinned) error {
	f[recipe] = filters
	return nil
}

// browsesWithFilters returns a completed run of a recipe whose pinned filters are in filters.
func browsesWithFilters(t *testing.T, w, h int, filters Filters) *stage {
	t.Helper()
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Filters: filters,
	}, w, h).at(time.Minute)
	items := itemsOf(t, broken()...)
	return s.follow(s.update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)}))
}

func TestFiltersArePinned(t *testing.T) {
	saved := fakeFilters{}
	s := browsesWithFilters(t, 80, 24, saved).does("f").types("rating > 2").does("enter", "f").types("not price?").does("enter", "W").types("no price").does("enter")
	if want := []filter.Pinned{{Name: "no price", Filters: []string{"rating > 2", "not price?"}}}; !reflect.DeepEqual(saved["catalogue01"], want) {
		t.Fatalf("saved %v, want %v", saved, want)
	}
	rows := s.table().Len()

	next := browsesWithFilters(t, 80, 24, saved).does("l", "v")
	if next.does("P", "enter"); next.table().Len() != rows || len(next.run.Items().Filters()) != 2 {
		t.Errorf("%d rows, want %d; filters %v", next.table().Len(), rows, next.run.Items().Filters())
	}
	if next.does("Z", "Z", ":").types("noprice").does("enter"); next.table().Len() != rows {
		t.Errorf("%d rows from the palette, want %d", next.table().Len(), rows)
	}

	// A name that is used is replaced only after a second Enter.
	next.does("esc", "W").types("no price").does("enter")
	if len(saved["catalogue01"][0].Filters) != 2 || !strings.Contains(frameOf(t, next), "Enter again") {
		t.Errorf("saved %v\n%s", saved, frameOf(t, next))
	}
	if next.does("enter"); len(saved["catalogue01"][0].Filters) != 1 {
		t.Errorf("saved %v", saved)
	}
	if next.does("P", "delete"); len(saved["catalogue01"]) != 0 {
		t.Errorf("saved %v after deleting", saved)
	}
}

func TestFiltersThatCannotBePinned(t *testing.T) {
	for name, test := range map[string]struct {
		saved fakeFilters
		keys  []string
		want  string
	}{
		"a search":             {fakeFilters{}, []string{"/", "r", "e", "d", "enter", "&", "W"}, "only filters made with f, v or x"},
		"a column that is not": {fakeFilters{"catalogue01": {{Name: "old", Filters: []string{"gone = 1"}}}}, []string{"P", "enter"}, "cannot apply old: no column gone"},
		"text that is invalid": {fakeFilters{"catalogue01": {{Name: "old", Filters: []string{"((("}}}}, []string{"P", "enter"}, "cannot apply old"},
	} {
		s := browsesWithFilters(t, 120, 24, test.saved).does(test.keys...)
		if !strings.Contains(frameOf(t, s), test.want) {
			t.Errorf("%s: want %q in\n%s", name, test.want, frameOf(t, s))
		}
	}
}
