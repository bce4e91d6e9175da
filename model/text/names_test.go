package text

import (
	"fmt"
	"slices"
	"testing"
)

func TestDistinctNames(t *testing.T) {
	var names Names
	var got []string
	for _, name := range []string{"a", "b", "a", "a", "", "", "b (2)", "b", "a (2)", "a"} {
		got = append(got, names.Distinct(name))
	}
	want := []string{"a", "b", "a (2)", "a (3)", "", " (2)", "b (2)", "b (3)", "a (2) (2)", "a (4)"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestManyEqualNames checks the time for 100,000 columns without a name.
func TestManyEqualNames(t *testing.T) {
	const many = 100_000
	var names Names
	last := ""
	for range many {
		last = names.Distinct("")
	}
	if want := fmt.Sprintf(" (%d)", many); last != want {
		t.Errorf("the last is %q, want %q", last, want)
	}
}
