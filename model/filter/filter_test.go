package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/text"
)

// itemsOf returns a table of rows with two items per page.
func itemsOf(tb testing.TB, rows ...string) item.Table {
	tb.Helper()
	var b item.Builder
	for i, row := range rows {
		if i%2 == 0 {
			b.StartPage()
		}
		if _, err := b.Append([]byte(row + ",")); err != nil {
			tb.Fatalf("%.80s: %v", row, err)
		}
	}
	return b.Items()
}

// picked returns the row numbers, from 1, of the items that match a filter.
func picked(filter item.Filter, items item.Table) []int {
	rows := make([]uint32, items.Len())
	for i := range rows {
		rows[i] = uint32(i)
	}
	var numbers []int
	for _, row := range filter.Picker(items).Pick(nil, rows) {
		numbers = append(numbers, int(row)+1)
	}
	return numbers
}

func shop(tb testing.TB) item.Table {
	return itemsOf(tb,
		`{"name":"Walnut lamp","price":"$19.99","brand":"Acme","rating":4.5,"when":"2024-05-01","tags":["red","big"],"dims":{"w":10,"h":null},"in_stock":true}`,
		`{"name":"Oak table","price":"$1,299.00","brand":"acme corp","rating":null,"when":"2024-05-01T12:30:00Z","tags":[],"dims":{"w":200},"in_stock":false}`,
		`{"name":"page 9","price":"n/a","brand":"","rating":"4.5 out of 5","when":"May 3, 2024","tags":["RED"],"dims":{},"my col":1}`,
		`{"name":"page 10","price":20,"brand":"  \n","when":"yesterday","tags":"red","dims":[1],"my col":"a b"}`,
		`{"name":"caf\u00e9 \"x\"","price":null,"brand":"Other","rating":5,"when":null,"in_stock":"true","sku":"0012"}`,
	)
}

func TestValuesAsPeopleWriteThem(t *testing.T) {
	items := itemsOf(t,
		`{"p":"₹95 Lac","r":"$1.40 to $5.62","n":"1\u00a0299 kr","d":"04/27/20","u":"5 foo"}`,
		`{"p":"₹1.25 Cr","r":"$9.99","n":"Cafe\u0301 Noir","d":"12/03/19","u":"7 bar"}`,
		`{"p":"₹2.10 Cr","r":"$10 - $20","n":"12.50","d":"01/15/21","u":"3"}`,
	)
	for _, test := range []struct {
		text string
		want []int
	}{
		{"p > `1 Cr`", []int{2, 3}},
		{"p < 10000000", []int{1}},
		{"r > 2", []int{2, 3}},
		{"r < 2", []int{1}},
		{"n ~ '1 299'", []int{1}},
		{"n ~ é", []int{2}},
		{"d > 2020-01-01", []int{1, 3}},
		{"d = 2019-12-03", []int{2}},
		{"u < 9", []int{3}},
	} {
		expr, err := Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := picked(expr, items); !slices.Equal(got, test.want) {
			t.Errorf("%s matches %v, want %v", test.text, got, test.want)
		}
	}
}

func TestPicker(t *testing.T) {
	items := shop(t)
	for _, test := range []struct {
		text string
		want []int
	}{
		{"price > 20", []int{2}},
		{"price >= 20", []int{2, 4}},
		{"price >= $20", []int{2, 4}},
		{"price<20", []int{1}},
		{"price = 1299", []int{2}},
		{"price = 1,299.00", []int{2}},
		{`price = "$1,299.00"`, []int{2}},
		{`price = "1299"`, nil},
		{`price = "20"`, []int{4}},
		{"price != 20", []int{1, 2, 3, 5}},
		{"price = n/a", []int{3}},
		{"price?", []int{1, 2, 3, 4}},
		{"price = null", []int{5}},
		{"price = missing", nil},
		{"rating = missing", []int{4}},
		{"rating = null", []int{2}},
		{"rating?", []int{1, 3, 5}},
		{"not rating?", []int{2, 4}},
		{"rating != null and not rating?", []int{4}},
		{"rating = 4.5", []int{1, 3}},
		{"brand ~ acme", []int{1, 2}},
		{"brand ~ Acme", []int{1}},
		{"brand !~ acme", []int{3, 4, 5}},
		{"brand = acme", nil},
		{"brand = Acme", []int{1}},
		{`brand = "acme corp"`, []int{2}},
		{`brand = 'acme corp'`, []int{2}},
		{"brand?", []int{1, 2, 5}},
		{`brand = ""`, []int{3}},
		{`brand ~ re:^acme`, []int{1, 2}},
		{`brand ~ re:^Acme`, []int{1}},
		{`brand ~ re:(corp|her)$`, []int{2, 5}},
		{"brand ~ `re:e c`", []int{2}},
		{"name ~ café", []int{5}},
		{`name = "café \"x\""`, []int{5}},
		{`name ~ '"x"'`, []int{5}},
		{"name < 'page 10' and name >= 'oak'", []int{2, 3}},
		{"tags?", []int{1, 3, 4}},
		{"tags ~ red", []int{1, 3, 4}},
		{`tags = "[\"RED\"]"`, []int{3}},
		{"tags.0 = red", []int{1}},
		{"dims?", []int{1, 2, 4}},
		{"dims.w > 10", []int{2}},
		{"dims.w?", []int{1, 2}},
		{"dims.h = null", []int{1}},
		{"dims.h = missing", []int{2, 3, 4, 5}},
		{"in_stock = true", []int{1, 5}},
		{"in_stock = TRUE", []int{1, 5}},
		{"in_stock = false", []int{2}},
		{"when = 2024-05-01", []int{1, 2}},
		{"when > 2024-05-01", []int{3}},
		{"when <= 2024-05-01", []int{1, 2}},
		{"when > 2024-05-01T10:00", []int{2, 3}},
		{"when >= 'May 2, 2024'", []int{3}},
		{"when = yesterday", []int{4}},
		{`"my col"?`, []int{3, 4}},
		{`"my col" = 1`, []int{3}},
		{"`my col` ~ b", []int{4}},
		{"sku = 0012", []int{5}},
		{"sku = 12", []int{5}},
		{`sku = "12"`, nil},
		{"page = 2", []int{3, 4}},
		{"page > 1 and row < 5", []int{3, 4}},
		{"row = 5", []int{5}},
		{"row?", []int{1, 2, 3, 4, 5}},
		{"row ~ 3", []int{3}},
		{"NAME ~ oak", []int{2}},
		{"Dims.w = 10", []int{1}},
		{"nowhere?", nil},
		{"not nowhere?", []int{1, 2, 3, 4, 5}},
		{"nowhere = missing and nowhere != 5", []int{1, 2, 3, 4, 5}},
		{"price > 1000 or brand ~ other", []int{2, 5}},
		{"price > 1000 or brand ~ acme and rating?", []int{1, 2}},
		{"(price > 1000 or brand ~ acme) and rating?", []int{1}},
		{"not (price > 1000 or rating?)", []int{4}},
		{"NOT price?or rating=5", []int{5}},
		{"!price? || rating == 5", []int{5}},
		{"price? && !rating?", []int{2, 4}},
		{"not not price > 20", []int{2}},
	} {
		expr, err := Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := picked(expr, items); !slices.Equal(got, test.want) {
			t.Errorf("%s matches %v, want %v", test.text, got, test.want)
		}
		again, err := Parse(expr.String())
		if err != nil || again.String() != expr.String() || !slices.Equal(picked(again, items), test.want) {
			t.Errorf("%s has the canonical form %s, which parses as %s: %v", test.text, expr, again, err)
		}
		if expr.Title() != test.text || expr.Text() != test.text {
			t.Errorf("%s: title %s", test.text, expr.Title())
		}
	}
}

func TestColumnDecidesMeaningOfDot(t *testing.T) {
	items := itemsOf(t, `{"price":"1.299,00 €"}`, `{"price":"1.500"}`, `{"price":"12,50"}`)
	for text, want := range map[string][]int{"price > 1000": {1, 2}, "price = 1.500": {2}, "price = 1500": {2}, "price < 12,6": {3}} {
		expr, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := picked(expr, items); !slices.Equal(got, want) {
			t.Errorf("%s matches %v, want %v", text, got, want)
		}
	}
}

func TestLongNumbersAreDistinct(t *testing.T) {
	items := itemsOf(t, `{"id":12345678901234567890}`, `{"id":12345678901234567891}`, `{"id":"12345678901234567890"}`, `{"id":-12345678901234567891}`)
	for text, want := range map[string][]int{
		"id = 12345678901234567890":   {1, 3},
		"id > 12345678901234567890":   {2},
		"id <= 12345678901234567890":  {1, 3, 4},
		"id < -12345678901234567890":  {4},
		"id >= -12345678901234567891": {1, 2, 3, 4},
		"id > 1e19":                   {1, 2, 3},
	} {
		expr, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := picked(expr, items); !slices.Equal(got, want) {
			t.Errorf("%s matches %v, want %v", text, got, want)
		}
	}
}

// TestNumbersAreComparedExactly compares numbers that are equal as float64, in JSON and in text.
func TestNumbersAreComparedExactly(t *testing.T) {
	items := itemsOf(t, `{"n":9007199254740993,"x":0.1}`, `{"n":9007199254740993.0,"x":0.10000000000000000001}`, `{"n":9007199254740992,"x":"0.10000000000000000001 kg"}`,
		`{"n":"9,007,199,254,740,993.00 €","x":0.100000000000000000010}`, `{"n":9.007199254740993e15,"x":1e-1}`, `{"n":1e400,"x":1e-400}`, `{"n":2e400,"x":2e-400}`)
	for text, want := range map[string][]int{
		"n = 9007199254740993":        {1, 2, 4, 5},
		"n = 9007199254740993.0":      {1, 2, 4, 5},
		"n != 9007199254740993":       {3, 6, 7},
		"n > 9007199254740992":        {1, 2, 4, 5, 6, 7},
		"n > 1e400":                   {7},
		"n = 2e400":                   {7},
		"x = 0.1":                     {1, 5},
		"x > 0.1":                     {2, 3, 4},
		"x >= 0.10000000000000000001": {2, 3, 4},
		"x < 0.10000000000000000001":  {1, 5, 6, 7},
		"x > 1e-400 and x < 0.1":      {7},
		"x > 0":                       {1, 2, 3, 4, 5, 6, 7},
	} {
		expr, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := picked(expr, items); !slices.Equal(got, want) {
			t.Errorf("%s matches %v, want %v", text, got, want)
		}
	}
}

// TestErrorsPointAtWrongWord checks that the error points at the marked word.
func TestErrorsPointAtWrongWord(t *testing.T) {
	for _, test := range []struct{ marked, reason, hint string }{
		{"‹›", "the filter is empty", "try price > 20, brand ~ acme or rating?"},
		{"  ‹›", "the filter is empty", "try price > 20, brand ~ acme or rating?"},
		{"‹acme›", "expected an operator after acme", "acme? matches items that have a value; to search for text, use /"},
		{"walnut ‹lamp› big", "expected an operator after walnut, not lamp", "to search for text, use /"},
		{"price ‹>›", "expected a value after >", ""},
		{"price‹ >= ›", "expected a value after >=", ""},
		{"price > ‹>› 5", "expected a value after >, not >", "quote text that has symbols"},
		{"price > 5 ‹brand› = x", `expected "and" or "or" before brand`, "quote a value that has spaces: \"5 brand\""},
		{"brand = Acme ‹Corp› Ltd and x?", `expected "and" or "or" before Corp`, `quote a value that has spaces: "Acme Corp Ltd"`},
		{"price > 5 and‹›", "expected a column", ""},
		{"price > 5 and ‹or› x?", "expected a column before or", `to use a column of that name, quote it: "or"`},
		{"‹and› x?", "expected a column before and", `to use a column of that name, quote it: "and"`},
		{"‹>› 5", "expected a column before >", ""},
		{"a? and ‹>=› 5", "expected a column before >=", ""},
		{"‹(›a? or b?", "unclosed (", ""},
		{"(a? or b? ‹c›?)", `expected "and" or "or" before c`, ""},
		{"a?‹)›", "unmatched )", ""},
		{"a = ‹\"x›", `unclosed "`, ""},
		{"‹`a›", "unclosed `", ""},
		{`a = "x‹\d›"`, `\d is not a valid escape`, `write \\ for a backslash, or use single quotes`},
		{"a ‹=>› 5", "unknown operator =>", "write >="},
		{"a ‹<>› 5", "unknown operator <>", "write !="},
		{"a ‹=~› x", "unknown operator =~", "write ~"},
		{"brand ‹contains› acme", "expected an operator after brand, not contains", "write brand ~ …"},
		{"brand ‹is› acme", "expected an operator after brand, not is", "write brand = …"},
		{"brand ‹in› (a, b)", "expected an operator after brand, not in", "write brand = … or brand = …"},
		{"brand ‹missing›", "expected an operator after brand, not missing", "write not brand?"},
		{"Product ‹Name› = N5", "expected an operator after Product, not Name", `quote a name that has spaces: "Product Name"`},
		{"not Net ‹weight› (kg)?", "expected an operator after Net, not weight", `quote a name that has spaces: "Net weight (kg)"`},
		{"(Price ‹(›USD) > 5)", "expected an operator after Price, not (", `quote a name that has spaces: "Price (USD)"`},
		{"(brand ‹acme›) > 5", "expected an operator after brand, not acme", "to search for text, use /"},
		{"a? and unit  ‹price› > 5", "expected an operator after unit, not price", `quote a name that has spaces: "unit  price"`},
		{"my ‹old› name!~x", "expected an operator after my, not old", `quote a name that has spaces: "my old name"`},
		{"brand ‹acme› and price > 5", "expected an operator after brand, not acme", "to search for text, use /"},
		{"price ‹is› > 5", "expected an operator after price, not is", "write price = …"},
		{"price > ‹null›", "cannot compare with null", "use = or !="},
		{"price <= ‹Missing›", "cannot compare with missing", "use = or !="},
		{"brand = ‹and›", "expected a value after =, not and", `to match the word, quote it: "and"`},
		{"a ~ re:‹(›", "unclosed ( in this value", "quote text that has symbols"},
		{"a ~ ‹\"\"›", "the search text is empty", "a? matches items that have a value"},
		{"a ~ ‹re:›", "the search text is empty", "a? matches items that have a value"},
		{"‹brand› and price > 5", "expected an operator after brand", "brand? matches items that have a value; to search for text, use /"},
		{"a? ‹?›", `expected "and" or "or" before ?`, ""},
		{"a = 5 ‹=› 5", `expected "and" or "or" before =`, "quote a value that has spaces or symbols"},
		{"‹\x1b[31m›", `expected an operator after \x1b[31m`, `\x1b[31m? matches items that have a value; to search for text, use /`},
	} {
		s, from, to := unmark(test.marked)
		_, err := Parse(s)
		wrong, ok := errors.AsType[*lang.Error](err)
		if !ok {
			t.Errorf("%s: %v", test.marked, err)
			continue
		}
		if strings.HasPrefix(test.reason, "unclosed ( in") {
			from -= len("re:")
		}
		if strings.TrimSpace(s[wrong.From:wrong.To]) != strings.TrimSpace(s[from:to]) || wrong.Reason != test.reason || wrong.Hint != test.hint {
			t.Errorf("%s: %q at %d to %d, hint %q", test.marked, wrong.Reason, wrong.From, wrong.To, wrong.Hint)
		}
		if text.Printable(err.Error()) != err.Error() {
			t.Errorf("%q: the error is not printable: %q", s, err)
		}
	}
	deep := strings.Repeat("(", 100_000) + "a?"
	if _, err := Parse(deep); err == nil || !strings.Contains(err.Error(), "nested too deep") {
		t.Errorf("100,000 parentheses: %v", err)
	}
	if _, err := Parse(strings.Repeat("not ", 100_000) + "a?"); err == nil {
		t.Error("100,000 nots: no error")
	}
	if _, err := Parse("a ~ re:a**"); err == nil {
		t.Error("invalid regular expression: no error")
	}
}

// unmark removes the marks from a text and returns their offsets.
func unmark(marked string) (text string, from, to int) {
	before, rest, _ := strings.Cut(marked, "‹")
	word, after, _ := strings.Cut(rest, "›")
	return before + word + after, len(before), len(before) + len(word)
}

func TestCheck(t *testing.T) {
	items := shop(t)
	for _, test := range []struct{ marked, want string }{
		{"‹prise› > 20", "no column prise: did you mean price?"},
		{"price > 20 and ‹ratng›?", "no column ratng: did you mean rating?"},
		{"‹mycol› = 1", `no column mycol: did you mean "my col"?`},
		{"‹ni›?", "no column ni: columns are name, price, brand, rating, when, …"},
		{"‹\"\\x1b\"›?", `no column "\x1b": columns are name, price, brand, rating, when, …`},
		{"‹dmis.height› = 1", "no column dmis.height: did you mean dims.height?"},
	} {
		text, from, to := unmark(test.marked)
		expr, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		err = expr.Check(items)
		wrong, ok := errors.AsType[*lang.Error](err)
		if !ok || wrong.Error() != test.want || wrong.From != from || wrong.To != to {
			t.Errorf("%s: %+v", test.marked, err)
		}
		if err := expr.Check(item.Table{}); err != nil {
			t.Errorf("%s: error for a table without items: %v", text, err)
		}
	}
	for _, text := range []string{"price > 20", "PRICE?", "dims.w?", "dims.x?", "page = 1 or row = 2", "tags.0?"} {
		expr, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := expr.Check(items); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestZeroExprMatchesAll(t *testing.T) {
	var e Expr
	if got := picked(e, shop(t)); len(got) != 5 || e.String() != "" || e.Check(shop(t)) != nil {
		t.Errorf("%v %q", got, e)
	}
}

func TestForValueRoundTrip(t *testing.T) {
	items := itemsOf(t,
		`{"a":"x","b c":"two words","and":1,"q\"":true,"":"empty"}`,
		`{"a":"5","b c":"\u001b[31m","and":1.50,"d":{"e f":[1,2],"g":{}}}`,
		`{"a":5,"b c":"\u202e\ud800","and":null,"d":{"e f":"[1,2]"}}`,
		`{"a":"null","b c":"it's \"both\" `+"`"+`","and":"and"}`,
		"{\"a\":\"not utf-8 \xff\",\"b c\":\"(\",\"and\":\">5\"}",
		`{"a":"","b c":"re:x","and":"2024-05-01"}`, `"whole"`, `[1]`, `{"a":"true","b c":true}`, `{"a":"日本","b c":"👨‍👩‍👧 ❤️"}`,
	)
	paths := []item.Path{item.PathOf("d", "e f"), item.PathOf("d", "g"), item.PathOf("a"), item.PathOf("nowhere")}
	for _, column := range items.Columns() {
		paths = append(paths, column.Path())
	}
	for _, path := range paths {
		var made []Expr
		for row := range items.Len() {
			made = append(made, ForValue(item.PlaceOf(path), items.At(row, path)))
			if got := picked(made[len(made)-1], items); !slices.Contains(got, row+1) {
				t.Errorf("%s does not match row %d, for which it was built", made[len(made)-1].Title(), row+1)
			}
		}
		for _, expr := range made {
			again, err := Parse(expr.Text())
			if err != nil || again.String() != expr.String() || !slices.Equal(picked(expr, items), picked(again, items)) {
				t.Errorf("%s parses as %s: %v", expr.Title(), again.Title(), err)
			}
			if expr.Title() != expr.Text() {
				t.Errorf("%s: title differs from text %q", expr.Title(), expr.Text())
			}
		}
	}
	for want, made := range map[string]Expr{
		"a = x": ForValue(item.PlaceOf(item.PathOf("a")), items.At(0, item.PathOf("a"))), `a = "5"`: ForValue(item.PlaceOf(item.PathOf("a")), items.At(1, item.PathOf("a"))),
		"a = 5": ForValue(item.PlaceOf(item.PathOf("a")), items.At(2, item.PathOf("a"))), `a = "null"`: ForValue(item.PlaceOf(item.PathOf("a")), items.At(3, item.PathOf("a"))),
		"d = missing":       ForValue(item.PlaceOf(item.PathOf("d")), items.At(0, item.PathOf("d"))),
		`"(value)" = whole`: ForValue(item.PlaceOf(items.Columns()[6].Path()), items.At(6, items.Columns()[6].Path())),
	} {
		if made.String() != want {
			t.Errorf("%s, want %s", made, want)
		}
	}
	// A key with a dot can look like another path. A filter built from a path always uses that path.
	odd := itemsOf(t, `{"a":{"b.c":1,"b":{"c":2}}}`)
	if got := picked(ForValue(item.PlaceOf(item.PathOf("a", "b.c")), odd.At(0, item.PathOf("a", "b.c"))), odd); len(got) != 1 {
		t.Error("a filter built from a path uses another one")
	}
}

func TestPickByNumberDoesNotAllocate(t *testing.T) {
	items := shop(t)
	expr, err := Parse("price > 20 and brand ~ acme and not rating? or when > 2024-05-01 or name = x")
	if err != nil {
		t.Fatal(err)
	}
	picker := expr.Picker(items)
	rows, into := []uint32{0, 1, 2, 3}, make([]uint32, 0, 10)
	if n := testing.AllocsPerRun(100, func() { picker.Pick(into, rows) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFilter(b *testing.B) {
	var builder item.Builder
	builder.StartPage()
	const rows = 20_000
	for i := range rows {
		row := fmt.Sprintf(`{"sku":"SKU-%07d","name":"Walnut desk lamp no. %d, brass","price":"$%d.%02d","brand":"Brand %d","rating":%d.%d,"reviews":%d},`, i, i, i%900, i%100, i%50, i%5, i%10, i%1700)
		if _, err := builder.Append([]byte(row)); err != nil {
			b.Fatal(err)
		}
	}
	items := builder.Items()
	all := make([]uint32, rows)
	for i := range all {
		all[i] = uint32(i)
	}
	for _, text := range []string{"price > 20", "reviews > 20", "price > 20 and brand ~ 'brand 7' and not rating?", "rating?", "name ~ re:no\\.\\s77", "name = x"} {
		b.Run(text, func(b *testing.B) {
			expr, err := Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			into := make([]uint32, 0, rows)
			for b.Loop() {
				expr.Picker(items).Pick(into, all)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
	}
}

// TestColumnsAreSampledAsForSorting checks that a filter and sorting learn the number format of a column from the same
// sample.
func TestColumnsAreSampledAsForSorting(t *testing.T) {
	var rows []string
	for i := range 1000 {
		if i%5 == 0 {
			rows = append(rows, `{"price":"1.299 €"}`)
		} else {
			rows = append(rows, `{"price":"12,50 €"}`)
		}
	}
	expr, err := Parse("price > 1000")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(picked(expr, itemsOf(t, rows...))); got != 200 {
		t.Errorf("%d items match price > 1000, want 200", got)
	}
}

// TestListElements checks that a condition on list elements matches if it is true for at least one element.
func TestListElements(t *testing.T) {
	items := itemsOf(t,
		`{"tags":["red","big"],"offers":[{"price":"€10,50"},{"price":"€1.200"}],"grid":[[1,2],[3]]}`,
		`{"tags":[],"offers":[],"grid":[]}`,
		`{"tags":["RED",null," "],"offers":[{"price":"€7,00","by":null},{"x":1}]}`,
		`{"tags":"red","offers":{"price":5}}`,
		`{"a[]":[1],"a[].b":2}`,
		`[1,{"k":"x"}]`,
	)
	for _, test := range []struct {
		text string
		want []int
	}{
		{"tags[] = red", []int{1}},
		{"Tags[] = red", []int{1}},
		{"tags[] ~ red", []int{1, 3}},
		{"tags[] !~ red", []int{2, 4, 5, 6}},
		{"tags[] != red", []int{2, 3, 4, 5, 6}},
		{"not tags[] = red", []int{2, 3, 4, 5, 6}},
		{"tags[]?", []int{1, 3}},
		{"not tags[]?", []int{2, 4, 5, 6}},
		{"tags[] = null", []int{3}},
		{"tags[] = missing", nil},
		{"tags = red", []int{4}},
		{`tags = "[\"red\",\"big\"]"`, []int{1}},
		{"offers[].price > 1000", []int{1}},
		{"offers[].price < 8", []int{3}},
		{"offers[].price > 10 and offers[].price < 11", []int{1}},
		{"offers[].price?", []int{1, 3}},
		{"offers[].price = missing", []int{3}},
		{"offers[].by = null", []int{3}},
		{"grid[][] = 3", []int{1}},
		{"grid[] = '[3]'", []int{1}},
		{"a[]?", []int{5}},
		{"a[][] = 1", []int{5}},
		{"a[].b = 2", []int{5}},
		{"(value)[].k = x", nil},
		{`"(value)[].k" = x`, []int{6}},
	} {
		expr, err := Parse(test.text)
		if err != nil {
			if test.want != nil {
				t.Errorf("%s: %v", test.text, err)
			}
			continue
		}
		if err := expr.Check(items); err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		if got := picked(expr, items); !slices.Equal(got, test.want) {
			t.Errorf("%s matches %v, want %v", test.text, got, test.want)
		}
	}
	place, _ := items.FindPlace("offers[].price")
	made := ForValue(place, items.At(0, item.PathOf("offers", "0", "price")))
	again, err := Parse(made.Text())
	if err != nil || !slices.Equal(picked(again, items), []int{1}) || !slices.Equal(picked(made, items), []int{1}) {
		t.Errorf("%s matches %v, parsed again %v, %v", made, picked(made, items), picked(again, items), err)
	}
	for text, want := range map[string]string{"tag[] = red": "tags[]", "offer[].price?": "offers[].price"} {
		expr, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := expr.Check(items); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want suggestion %s", text, err, want)
		}
	}
}
