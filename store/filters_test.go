package store

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sbwatch/model/filter"
)

func TestPinnedFiltersAreLoaded(t *testing.T) {
	folder := t.TempDir()
	f := NewFilters(folder)
	cheap := filter.Pin(nil, filter.Pinned{Name: "cheap", Filters: []string{"price < 20", "not rating?"}})
	for _, step := range []struct {
		recipe string
		saved  []filter.Pinned
	}{{"catalogue01", cheap}, {"CATALOGUE01", filter.Pin(cheap, filter.Pinned{Name: "a", Filters: []string{"row = 1"}})}, {"../x", cheap}, {"../x", nil}} {
		if err := f.Save(step.recipe, step.saved); err != nil {
			t.Fatal(err)
		}
		if got, err := NewFilters(folder).Load(step.recipe); err != nil || !reflect.DeepEqual(got, step.saved) {
			t.Errorf("%s: %v, %v, want %v", step.recipe, got, err, step.saved)
		}
	}
	if got, err := f.Load("catalogue01"); err != nil || !reflect.DeepEqual(got, cheap) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := NewFilters("").Load("catalogue01"); err != nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestDamagedFiltersAreKept(t *testing.T) {
	folder := t.TempDir()
	f := NewFilters(folder)
	if err := f.Save("catalogue01", []filter.Pinned{{Name: "a", Filters: []string{"row = 1"}}}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "filters", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	if err := os.WriteFile(files[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Load("catalogue01"); err == nil || !strings.Contains(err.Error(), "pinned filters of recipe catalogue01") {
		t.Errorf("error %v", err)
	}
	if got, err := f.Load("catalogue01"); err != nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := os.Stat(strings.TrimSuffix(files[0], ".json") + ".broken"); err != nil {
		t.Error(err)
	}
}
