package query

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"sbwatch/model/item"
	"sbwatch/work"
)

func TestProfileIsTheSameOnAllCores(t *testing.T) {
	items := catalogue(3*work.ChunkRows + 5)
	var progress work.Progress
	got, err := Profile(context.Background(), items, &progress)
	if err != nil || progress.Share() != 1 {
		t.Fatalf("%v, progress %v", err, progress.Share())
	}
	want := "sku 24581|name 24581|price 900|url 24581|rating 10|in_stock 2|reviews 1700|note 0|seen 420"
	var distinct []string
	for _, c := range got.Columns {
		distinct = append(distinct, fmt.Sprintf("%s %d", c.Place, c.Distinct.N))
		if c.Of != items.Len() || c.Distinct.Estimated {
			t.Errorf("%s: of %d, %s different", c.Place, c.Of, c.Distinct)
		}
	}
	if strings.Join(distinct, "|") != want {
		t.Errorf("columns %s, want %s", strings.Join(distinct, "|"), want)
	}
	if first := got.Findings[0].Text; first != "note is empty in all 24,581 items (24,581 null)" {
		t.Errorf("got %q first", first)
	}
	seen := got.Columns[8].Dates
	if seen.Count != items.Len() || !seen.Estimated || seen.Min.Day() != 1 || seen.Max.Day() != 28 {
		t.Errorf("dates %+v", seen)
	}
	if n := got.Columns[2].Numbers; !n.Estimated || math.Abs(n.Median-450) > 15 || n.Max > 900 {
		t.Errorf("prices %+v", n)
	}
}

func TestProfilesOfManyValuesMergeTheirEstimates(t *testing.T) {
	items := catalogue(150_000)
	got, err := Profile(context.Background(), items, nil)
	if err != nil {
		t.Fatal(err)
	}
	if sku := got.Columns[0]; !sku.Distinct.Estimated || math.Abs(float64(sku.Distinct.N)/150_000-1) > 0.06 {
		t.Errorf("%s different", sku.Distinct)
	}
}

func TestProfileIsCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if found, err := Profile(ctx, catalogue(100), nil); !errors.Is(err, context.Canceled) || found != nil {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := Duplicates(ctx, catalogue(100), item.Path{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestDuplicatesByAColumn(t *testing.T) {
	found, err := Duplicates(context.Background(), catalogue(10_000), item.PathOf("rating"), nil)
	if err != nil || found.Groups() != 10 || found.Extra() != 9_990 {
		t.Errorf("%d groups, %d more, %v", found.Groups(), found.Extra(), err)
	}
	if found, err := Duplicates(context.Background(), item.Table{}, item.Path{}, nil); err != nil || found.Groups() != 0 {
		t.Errorf("empty table: %d groups, %v", found.Groups(), err)
	}
}

// TestProfileOfExtremeItems profiles more keys than columns, keys that never repeat, a value of a megabyte, and deeply
// nested arrays.
func TestProfileOfExtremeItems(t *testing.T) {
	var b item.Builder
	add := func(row string) {
		if _, err := b.Append([]byte(row)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 30 {
		var row strings.Builder
		for k := range 500 {
			fmt.Fprintf(&row, `,"k%d":{"a%d":[%d]}`, i*500+k, k, k)
		}
		add("{" + row.String()[1:] + "}")
	}
	add(`{"k1":"` + strings.Repeat(`\u0020<b>`, 1<<17) + `"}`)
	add(strings.Repeat("[", 9000) + strings.Repeat("]", 9000))
	items := b.Items()
	got, err := Profile(context.Background(), items, nil)
	if err != nil || !items.ColumnsCapped() || len(got.Columns) < item.MaxColumns {
		t.Fatalf("%v, capped %t, %d columns", err, items.ColumnsCapped(), len(got.Columns))
	}
	if n := len(got.Findings); n > 100 {
		t.Errorf("%d findings", n)
	}
}
