package main

import (
	"context"
	"fmt"
	"io"

	"sbwatch/bench/answers"
	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/query"
)

// shape is a kind of test items, such as items with 300 columns, with the operations to measure on them.
type shape struct {
	name       string
	items      int
	write      func(w io.Writer, items int) error
	operations func() ([]operation, error)
}

func shapeNamed(name string) (shape, error) {
	if name == "catalog" {
		return shape{name, 1_000_000, answers.WriteCatalog, catalogOperations}, nil
	}
	for _, s := range answers.Shapes() {
		if s.Name == name && name == "wide" {
			return shape{name, s.Items, s.Write, wideOperations}, nil
		}
	}
	return shape{}, fmt.Errorf("there is no shape %q; use catalog or wide", name)
}

// filterPair holds two different filters of the same columns.
type filterPair struct {
	name         string
	target       float64
	first, again string
}

// catalogOperations returns the operations on the catalog. The queries of DuckDB have the same names, so that the
// results can be compared.
func catalogOperations() ([]operation, error) {
	all, err := filters([]filterPair{
		{"filter-number", 1.5, "rating >= 4", "rating >= 3.5"},
		{"filter-brand", 1.5, "brand = Acme", "brand = Globe"},
		{"filter-three", 1, "rating >= 3 and brand = Acme and reviews < 20000", "rating >= 2 and brand = Globe and reviews < 30000"},
		{"filter-price", 1.5, "price >= 1000", "price >= 500"},
		{"filter-deep", 5, "deep.a.b.c.d.e >= 150", "deep.a.b.c.d.e >= 100"},
		{"filter-contains", 1.5, `description ~ "solar leather"`, `description ~ "river solar"`},
		{"regex-no-literal", 1, `description ~ "re:[aeiou]{3}[^ ]* [0-9]{6}"`, `description ~ "re:[aeiou]{3}[^ ]* [0-9]{5}"`},
		{"regex-alternation", 1, `description ~ "re:solar lamp|river table|coffee set"`, `description ~ "re:solar lamp|river table|coffee oak"`},
	})
	if err != nil {
		return nil, err
	}
	everywhere, err := search.Parse("re:[aeiou]{3}[^ ]* [0-9]{6}")
	if err != nil {
		return nil, err
	}
	all = append(all, operation{name: "regex-all", target: 1, query1: filtered(everywhere)})
	for _, s := range []struct{ name, column string }{
		{"sort-brand", "brand"},
		{"sort-number", "reviews"},
		{"sort-date", "seen"},
		{"sort-name", "name"},
		{"sort-description", "description"},
		{"sort-name-collated", "name"},
		{"sort-description-collated", "description"},
	} {
		all = append(all, sorts(s.name, 1, order.Key{Path: item.PathOf(s.column)}))
	}
	byPrice := order.Key{Path: item.PathOf("price"), Descending: true}
	all = append(all, sorts("sort-price-name", 1.2, byPrice, order.Key{Path: item.PathOf("name")}), profiles(), profilesAndPrepares())
	all = append(all, duplicates("duplicates", item.PathOf("sku")))
	return append(all, duplicates("duplicates-items", item.Path{})), nil
}

// wideOperations returns the operations on items with 300 columns. The queries of DuckDB have the same names, so that
// the results can be compared.
func wideOperations() ([]operation, error) {
	all, err := filters([]filterPair{
		{"filter-number", 1.5, "column_100 >= 5000", "column_100 >= 2500"},
		{"filter-text", 1.5, `column_150 = "solar Lamp"`, `column_150 = "Lamp solar"`},
		{"filter-three", 1, `column_100 >= 5000 and column_200 < 3000 and column_150 = "solar Lamp"`, `column_100 >= 2500 and column_200 < 5000 and column_150 = "Lamp solar"`},
	})
	for _, s := range []struct{ name, column string }{{"sort-number", "column_100"}, {"sort-text", "column_150"}} {
		all = append(all, sorts(s.name, 1, order.Key{Path: item.PathOf(s.column)}))
	}
	return append(all, profiles(), profilesAndPrepares(), duplicates("duplicates", item.PathOf("column_0"))), err
}

// filters returns the operations that run filters.
func filters(pairs []filterPair) ([]operation, error) {
	var all []operation
	for _, f := range pairs {
		first, err := filter.Parse(f.first)
		if err != nil {
			return nil, err
		}
		again, err := filter.Parse(f.again)
		if err != nil {
			return nil, err
		}
		all = append(all, operation{name: f.name, target: f.target, query1: filtered(first), query2: filtered(again)})
	}
	return all, nil
}

// profiles returns the operation that profiles all columns.
func profiles() operation {
	return operation{name: "profile", target: 1.5, function: func(ctx context.Context, items item.Table) error {
		_, err := query.Profile(ctx, items, nil)
		return err
	}}
}

// profilesAndPrepares returns the operation that profiles all columns, and at the same time prepares columns for
// filters until a new cache is full.
func profilesAndPrepares() operation {
	return operation{name: "profile", when: ", preparing", function: func(ctx context.Context, items item.Table) error {
		_, err := query.ProfileAndPrepare(ctx, items, pathsOf(items), new(query.Cache), nil)
		return err
	}}
}

// pathsOf returns the paths of the columns of a table.
func pathsOf(items item.Table) []item.Path {
	var paths []item.Path
	for _, column := range items.Columns() {
		paths = append(paths, column.Path())
	}
	return paths
}

// duplicates returns the operation that finds the duplicates of the values at a path.
func duplicates(name string, path item.Path) operation {
	return operation{name: name, target: 1, function: func(ctx context.Context, items item.Table) error {
		_, err := query.Duplicates(ctx, items, path, nil)
		return err
	}}
}

func filtered(f item.Filter) query.Query { return query.Query{Filters: []item.Filter{f}} }

// sorts returns an operation that sorts by keys. Its first query uses the directions of the keys, and its second query
// the opposite directions.
func sorts(name string, target float64, keys ...order.Key) operation {
	o := operation{name: name, target: target, query1: query.Query{Sort: keys}}
	for _, key := range keys {
		o.paths = append(o.paths, key.Path)
		o.query2.Sort = append(o.query2.Sort, order.Key{Path: key.Path, Descending: !key.Descending})
	}
	return o
}
