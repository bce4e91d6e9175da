package profile_test

import (
	"fmt"
	"log"

	"sbwatch/model/item"
	"sbwatch/model/profile"
)

func Example() {
	var builder item.Builder
	for _, row := range []string{
		`{"name":"Lamp","price":"$19.99"}`,
		`{"name":"Chair","price":"$45.00"}`,
		`{"name":"Desk","price":null}`,
	} {
		if _, err := builder.Append([]byte(row)); err != nil {
			log.Fatal(err)
		}
	}
	items := builder.Items()

	// Large tables are read by several parts, one per goroutine, which are then merged.
	part := profile.NewScan(items).Part()
	part.Rows(0, items.Len())
	p := part.Finish()

	for i := range p.Columns {
		c := &p.Columns[i]
		kind, _ := c.MainType()
		fmt.Printf("%s: %s, %s covered\n", c.Place, kind, profile.Percent(c.Covered(), c.Of))
	}
	for _, f := range p.Findings {
		fmt.Printf("%s: %s\n", f.Severity, f.Text)
	}
	// Output:
	// name: text, 100% covered
	// price: number in text, 67% covered
	// note: price is empty in 1 of 3 items (1 null)
}

func ExampleProfile_Summary() {
	var builder item.Builder
	for _, row := range []string{`{"price":4}`, `{"price":10}`, `{}`} {
		if _, err := builder.Append([]byte(row)); err != nil {
			log.Fatal(err)
		}
	}
	items := builder.Items()
	part := profile.NewScan(items).Part()
	part.Rows(0, items.Len())

	// A summary has no reference to the items. It can be stored as JSON.
	summary := part.Finish().Summary()
	price := summary.Columns[0]
	fmt.Printf("%d items, %s: %.2f covered, median %g\n", summary.Items, price.Name, price.Coverage(), price.Numbers.Median)
	// Output: 3 items, price: 0.67 covered, median 7
}
