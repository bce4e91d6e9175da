package query

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"sbwatch/model/compute"
	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/search"
)

// TestComputedColumnsGiveTheSameResults compares a table with computed columns with a table whose items have these
// values as keys.
func TestComputedColumnsGiveTheSameResults(t *testing.T) {
	computed := shopItems(t, 3000)
	for _, line := range []string{"half = round(price / 2, 2)", `label = if(rating > 2, "good ", "bad \u00e9") & name`, "ratio = half / rating"} {
		f, err := compute.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		computed = computed.WithComputed(f.Name(), f.On(computed).Reader)
	}
	var b item.Builder
	for i := range computed.Len() {
		if _, err := b.Append(computed.Row(i)); err != nil {
			t.Fatalf("%s: %v", computed.Row(i), err)
		}
	}
	stored := b.Items()
	queries := map[string]Query{}
	for _, name := range []string{"half", "label", "ratio"} {
		for _, descending := range []bool{false, true} {
			queries[fmt.Sprintf("sort by %s, %t", name, descending)] = Query{Sort: []order.Key{{Path: item.PathOf(name), Descending: descending}}}
		}
	}
	for _, text := range []string{"half > 100 and half < 200.5", "label ~ good", `label = "bad élamp 7"`, "not ratio?", "ratio <= 10 or half = 62.31"} {
		expr, err := filter.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		queries[text] = Query{Filters: []item.Filter{expr}}
	}
	for _, text := range []string{"good lamp 1", "É", "re:lamp 4[0-9]$", "62.31"} {
		q, err := search.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		queries["/"+text] = Query{Filters: []item.Filter{q}}
	}
	for name, q := range queries {
		got, err := Run(t.Context(), computed, q, new(Cache), nil)
		want, wantErr := Run(t.Context(), stored, q, new(Cache), nil)
		if err != nil || wantErr != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %d rows, want %d; %v, %v", name, len(got), len(want), err, wantErr)
		}
	}
	got, err := Profile(t.Context(), computed, nil)
	want, wantErr := Profile(t.Context(), stored, nil)
	if err != nil || wantErr != nil || !reflect.DeepEqual(got.Summary(), want.Summary()) {
		t.Errorf("the profiles differ; %v, %v", err, wantErr)
	}
}
