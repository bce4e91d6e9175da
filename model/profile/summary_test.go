package profile

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"sbwatch/model/item"
)

func TestSummaryRoundTripsThroughJSON(t *testing.T) {
	p := profileOf(table(t,
		`{"name":"Lamp","price":19.5,"added":"2024-05-01","offers":[{"price":"$1"},{"price":null}]}
		 {"name":"Lamp","price":20.25,"added":"2024-05-03T10:00:00.123456Z","offers":[]}
		 {"name":"a\u001b[31m😀\ud800","price":null,"bad`+"\xff"+`":1e308}`,
		`7`, ``))
	summary := p.Summary()
	stored, err := json.Marshal(summary)
	if err != nil {
		t.Fatal(err)
	}
	var read Summary
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, summary) {
		t.Errorf("got\n%#v\nwant\n%#v\nfrom %s", read, summary, stored)
	}
	if strings.ContainsRune(string(stored), '\x1b') {
		t.Errorf("the JSON has control characters: %s", stored)
	}
}

func TestSummaryOfColumn(t *testing.T) {
	p := profileOf(table(t, `{"offers":[{"price":"$3"},{"price":null},{},{"price":"$1"},{"price":""}]}`, ``))
	summary := p.Summary()
	if summary.Items != 1 || summary.Pages != 2 || summary.EmptyPages != 1 {
		t.Errorf("got %d items, %d pages, %d empty, want 1, 2, 1", summary.Items, summary.Pages, summary.EmptyPages)
	}
	want := ColumnSummary{
		Path: item.PlaceOf(item.PathOf("offers")).Elements().Child("price"),
		Of:   5, Covered: 2, Missing: 1, Null: 1, Empty: 1,
		Types: map[string]int{"number in text": 2}, Distinct: Amount{N: 2},
		Numbers: &NumberSummary{Count: 2, Min: 1, Median: 2, Max: 3},
	}
	want.Name = want.Path.Name()
	got := summary.Columns[len(summary.Columns)-1]
	got.Top = nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
	if got.Coverage() != 0.4 {
		t.Errorf("coverage %v, want 0.4", got.Coverage())
	}
}
