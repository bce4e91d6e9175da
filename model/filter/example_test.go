package filter_test

import (
	"errors"
	"fmt"
	"strings"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/lang"
)

// lamps returns a table of three items.
func lamps() item.Table {
	var b item.Builder
	b.StartPage()
	for _, row := range []string{
		`{"name":"Walnut lamp","price":"$19.99","tags":["red","sale"]}`,
		`{"name":"Oak lamp","price":"$1,299.00","tags":[]}`,
		`{"name":"Elm lamp","price":null,"tags":["blue"]}`,
	} {
		if _, err := b.Append([]byte(row + ",")); err != nil {
			panic(err)
		}
	}
	return b.Items()
}

// printMatches prints the row numbers, from 0, of the items that match a filter.
func printMatches(text string) {
	expr, err := filter.Parse(text)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(text, expr.Picker(lamps()).Pick(nil, []uint32{0, 1, 2}))
}

func ExampleParse() {
	printMatches("price > 20")
	printMatches("price?")
	printMatches("name ~ oak or tags[] = blue")
	printMatches(`not (name = "Elm lamp")`)
	// Output:
	// price > 20 [1]
	// price? [0 1]
	// name ~ oak or tags[] = blue [1 2]
	// not (name = "Elm lamp") [0 1]
}

func ExampleParse_error() {
	text := "name = Walnut lamp"
	_, err := filter.Parse(text)
	if wrong, ok := errors.AsType[*lang.Error](err); ok {
		fmt.Println(text)
		fmt.Println(strings.Repeat(" ", wrong.From) + strings.Repeat("^", wrong.To-wrong.From))
		fmt.Println(wrong.Reason)
		fmt.Println(wrong.Hint)
	}
	// Output:
	// name = Walnut lamp
	//               ^^^^
	// expected "and" or "or" before lamp
	// quote a value that has spaces: "Walnut lamp"
}

func ExampleExpr_Check() {
	expr, err := filter.Parse("prise > 20")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(expr.Check(lamps()))
	// Output: no column prise: did you mean price?
}

func ExampleForValue() {
	items := lamps()
	name := item.PathOf("name")
	fmt.Println(filter.ForValue(item.PlaceOf(name), items.At(1, name)))
	// Output: name = "Oak lamp"
}

func ExampleComplete() {
	from, to, candidates := filter.Complete("pr", 2, lamps())
	for _, c := range candidates {
		fmt.Printf("replace bytes %d to %d with %s (%s)\n", from, to, c.Text, c.Note)
	}
	// Output: replace bytes 0 to 2 with price (number)
}
