package query

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sbwatch/model/group"
	"sbwatch/model/item"
	"sbwatch/work"
)

func TestGroupsCountValuesAndAggregateNumbers(t *testing.T) {
	var b item.Builder
	for _, row := range []string{
		`{"brand":"Acme","price":"$10.00"}`, `{"brand":"Globex","price":"$4.50"}`, `{"brand":"Acme","price":"$1,020.00"}`,
		`{"brand":null,"price":"$3.00"}`, `{"price":"$2.00"}`, `{"brand":"Acme","price":"sold out"}`,
	} {
		if _, err := b.Append([]byte(row)); err != nil {
			t.Fatal(err)
		}
	}
	items := b.Items()
	for _, test := range []struct {
		rows []uint32
		want string
	}{
		{nil, `"Acme" 3, 2 numbers 10 to 1020, mean 515|"Globex" 1, 1 numbers 4.5 to 4.5, mean 4.5|null 1, 1 numbers 3 to 3, mean 3| 1, 1 numbers 2 to 2, mean 2`},
		{[]uint32{4, 0}, `"Acme" 1, 1 numbers 10 to 10, mean 10| 1, 1 numbers 2 to 2, mean 2`},
	} {
		groups, err := Groups(t.Context(), items, test.rows, item.PathOf("brand"), []item.Path{item.PathOf("price")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range groups {
			n := g.Numbers[0]
			got = append(got, fmt.Sprintf("%s %d, %d numbers %v to %v, mean %v", items.At(g.First, item.PathOf("brand")).Raw(), g.Count, n.Count, n.Min, n.Max, n.Mean()))
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("got %s, want %s", strings.Join(got, "|"), test.want)
		}
	}
}

// TestGroupsAreTheSameOnAllCores groups more rows than one chunk, compares the counts and the number of values with
// what the catalog was built from, and stops when its context ends.
func TestGroupsAreTheSameOnAllCores(t *testing.T) {
	items := catalogue(2*work.ChunkRows + 7)
	var progress work.Progress
	groups, err := Groups(t.Context(), items, nil, item.PathOf("rating"), group.Numeric(items, []item.Path{item.PathOf("name"), item.PathOf("price")}), &progress)
	if err != nil || len(groups) != 10 || progress.Share() != 1 {
		t.Fatalf("%v, %d groups, progress %v", err, len(groups), progress.Share())
	}
	total := 0
	for _, g := range groups {
		total += g.Count
		if len(g.Numbers) != 1 || g.Numbers[0].Count != g.Count {
			t.Errorf("%d of %d items have numbers: %v", len(g.Numbers), g.Count, g.Numbers)
		}
	}
	if total != items.Len() {
		t.Errorf("%d items in groups, want %d", total, items.Len())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Groups(ctx, items, nil, item.PathOf("rating"), nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestTooManyGroups(t *testing.T) {
	var b item.Builder
	for i := range group.MaxGroups + 1 {
		if _, err := b.Append(fmt.Appendf(nil, `[%d]`, i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Groups(t.Context(), b.Items(), nil, item.Column{Whole: true}.Path(), nil, nil); !errors.Is(err, group.ErrTooMany) {
		t.Errorf("error %v", err)
	}
}
