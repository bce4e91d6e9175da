package profile

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// table returns a table with the given pages, which have one item per line. If a page starts with "-", its items are
// added to the page before.
func table(t testing.TB, pages ...string) item.Table {
	t.Helper()
	var b item.Builder
	for _, page := range pages {
		page, bare := strings.CutPrefix(page, "-")
		if !bare {
			b.StartPage()
		}
		for row := range strings.Lines(page) {
			if row = strings.TrimSpace(row); row == "" {
				continue
			}
			if _, err := b.Append([]byte(row + " ")); err != nil {
				t.Fatalf("%s: %v", row, err)
			}
		}
	}
	return b.Items()
}

func profileOf(items item.Table) *Profile {
	part := NewScan(items).Part()
	part.Rows(0, items.Len())
	return part.Finish()
}

// times repeats a row, with %d replaced by its number.
func times(n int, row string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(row, "%d", fmt.Sprint(i)) + "\n")
	}
	return b.String()
}

func columnNamed(t testing.TB, p *Profile, name string) *Column {
	t.Helper()
	place, found := p.Items().FindPlace(name)
	column, has := p.Find(place)
	if !found || !has {
		t.Fatalf("no column %s", name)
	}
	return &p.Columns[column]
}

func TestPresenceIsCounted(t *testing.T) {
	p := profileOf(table(t, "-"+`{"a":"x"}
		{"a":null}
		{"a":""}
		{"a":" \t "}
		{"a":"\n\u00a0"}
		{"a":[ ]}
		{"a":{ }}
		{"b":1}
		{"a":0}
		{"a":false}
		7`))
	a := columnNamed(t, p, "a")
	want := [item.Presences]int{item.Present: 3, item.Null: 1, item.EmptyText: 1, item.Blank: 2, item.EmptyList: 1, item.EmptyObject: 1, item.Missing: 2}
	if a.Presence != want || a.Of != 11 {
		t.Errorf("got presence %v of %d, want %v", a.Presence, a.Of, want)
	}
	if whole := columnNamed(t, p, "(value)"); whole.Covered() != 1 || whole.Presence[item.Missing] != 10 {
		t.Errorf("(value): %v", whole.Presence)
	}
}

func TestTypesOfValues(t *testing.T) {
	for _, test := range []struct {
		value string
		want  Type
	}{
		{`"lamp"`, Text},
		{`12`, Number},
		{`-1.5e3`, Number},
		{`1e999`, Number},
		{`"$1,299.00"`, NumberInText},
		{`"45%"`, NumberInText},
		{`"2026-05-21T12:00:00Z"`, Date},
		{`"https://shop.example/a?b=c"`, URL},
		{`"https://"`, Text},
		{`"see https://shop.example"`, Text},
		{`true`, Bool},
		{`{"a":1}`, Object},
		{`[1]`, List},
		{`"\u0031\u0032"`, NumberInText},
	} {
		p := profileOf(table(t, `-{"a":`+test.value+`}`))
		if got, n := columnNamed(t, p, "a").MainType(); got != test.want || n != 1 {
			t.Errorf("%s: got type %s, want %s", test.value, got, test.want)
		}
	}
}

func TestNestedColumns(t *testing.T) {
	p := profileOf(table(t, "-"+`{"dims":{"w":1,"h":2},"tags":["a","b","",null]}
		{"name":"x","dims":{"w":3},"offers":[{"price":1},{"price":2,"shop":{"id":"s"}},{}]}
		{"dims":null,"tags":["a"]}
		[[1,2],[]]`))
	var got []string
	for _, c := range p.Columns {
		got = append(got, fmt.Sprintf("%d %s %d/%d", c.Level, c.Place, c.Covered(), c.Of))
	}
	want := []string{
		"0 dims 2/4", "1 dims.w 2/4", "1 dims.h 1/4", "0 tags 2/4", "1 tags[] 3/5", "0 name 1/4",
		"0 offers 1/4", "1 offers[] 2/3", "2 offers[].price 2/3", "2 offers[].shop 1/3", "3 offers[].shop.id 1/1",
		"0 (value) 1/4", "1 (value)[] 1/2", "2 (value)[][] 2/2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got columns\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i := range p.Columns {
		place := p.Columns[i].Place
		if found, ok := p.Items().FindPlace(place.Name().Raw()); !ok || found != place {
			t.Errorf("%s is not found by its name", place)
		}
	}
}

func TestLastOfDuplicateKeysCounts(t *testing.T) {
	p := profileOf(table(t, `-{"a":1,"b":{"c":1},"a":"x","b":{"c":null,"c":"y"}}`))
	if a := columnNamed(t, p, "a"); a.Types != [Types]int{Text: 1} {
		t.Errorf("a: %v", a.Types)
	}
	if c := columnNamed(t, p, "b.c"); c.Types != [Types]int{Text: 1} || c.Presence[item.Null] != 0 {
		t.Errorf("b.c: %v, %v", c.Types, c.Presence)
	}
}

func TestValuesOfAColumn(t *testing.T) {
	p := profileOf(table(t, "-"+`{"a":"pear"}
		{"a":"fig"}
		{"a":"f\u0069g"}
		{"a":"äpfel"}
		{"a":"fig"}
		{"a":"<b>12</b> &amp; "}
		{"a":"pear"}
		{"a":12}
		{"a":"12"}`))
	a := columnNamed(t, p, "a")
	var common []string
	for _, value := range a.Top {
		common = append(common, fmt.Sprintf("%d %s", value.Count, value))
	}
	want := []string{`3 "fig"`, `2 "pear"`, `1 "äpfel"`, `1 "<b>12</b> &amp; "`, `1 12`, `1 "12"`}
	if !slices.Equal(common, want) || a.Distinct != (Amount{N: 6}) {
		t.Errorf("got frequent values %q of %s", common, a.Distinct)
	}
	if a.Shortest != (Extreme{true, 2, 8}) || a.Longest != (Extreme{true, 16, 5}) {
		t.Errorf("got shortest %v, longest %v", a.Shortest, a.Longest)
	}
	if a.Markup != (Mark{1, 5}) || a.Entities != (Mark{1, 5}) || a.Spaces != (Mark{1, 5}) {
		t.Errorf("got stray text %v %v %v", a.Markup, a.Entities, a.Spaces)
	}
	for _, value := range a.Top {
		if got := len(pick(p.Items(), value.Filter())); got != value.Count {
			t.Errorf("filter %s selects %d items, want %d", value.Filter().Title(), got, value.Count)
		}
	}
}

func pick(items item.Table, filter item.Filter) []uint32 {
	rows := make([]uint32, items.Len())
	for i := range rows {
		rows[i] = uint32(i)
	}
	return filter.Picker(items).Pick(nil, rows)
}

func TestNumbersAndDates(t *testing.T) {
	p := profileOf(table(t, "-"+`{"n":"$1.50","d":"2026-05-02"}
		{"n":7,"d":"2026-05-01T12:00:00Z"}
		{"n":"1,000","d":"2026-06-01"}`))
	n := columnNamed(t, p, "n").Numbers
	if n.Count != 3 || n.Min != 1.5 || n.Median != 7 || n.Max != 1000 || n.MinRow != 0 || n.MaxRow != 2 || n.Estimated {
		t.Errorf("got numbers %+v", n)
	}
	sum := n.Histogram.Below + n.Histogram.Above
	for _, bin := range n.Histogram.Bins {
		sum += bin
	}
	if sum != 3 {
		t.Errorf("the histogram counts %d numbers", sum)
	}
	d := columnNamed(t, p, "d").Dates
	if d.Count != 3 || d.Min.Format("2006-01-02 15") != "2026-05-01 12" || d.Median.Day() != 2 || d.MaxRow != 2 {
		t.Errorf("got dates %+v", d)
	}
	p = profileOf(table(t, "-"+times(20, `{"n":"1.299,00 €"}`)+`{"n":"2.499 €"}`))
	if n := columnNamed(t, p, "n").Numbers; n.Max != 2499 {
		t.Errorf("got maximum %v, want 2499: the column has decimal commas", n.Max)
	}
}

func TestDistinctIsEstimatedForManyValues(t *testing.T) {
	var b item.Builder
	const n = 120_000
	for i := range n {
		row := fmt.Sprintf(`{"id":"no %d","kind":"k%d","often":"%d"}`, i, i%7, i*(i%3)*(i%2))
		if _, err := b.Append([]byte(row)); err != nil {
			t.Fatal(err)
		}
	}
	p := profileOf(b.Items())
	id := columnNamed(t, p, "id")
	if !id.Distinct.Estimated || math.Abs(float64(id.Distinct.N)/n-1) > 0.06 || len(id.Top) != 0 {
		t.Errorf("got %s different ids and %d frequent ones", id.Distinct, len(id.Top))
	}
	if !strings.HasPrefix(id.Distinct.String(), "about 1") {
		t.Errorf("got distinct %q", id.Distinct)
	}
	if kind := columnNamed(t, p, "kind"); kind.Distinct != (Amount{N: 7}) || kind.Top[0].Count != n/7+1 {
		t.Errorf("got %s different kinds, the most frequent %v", kind.Distinct, kind.Top[0])
	}
	if often := columnNamed(t, p, "often"); often.Top[0].Text.Raw() != "0" || often.Top[0].Count < n/2 {
		t.Errorf("got frequent values %v", often.Top)
	}
}

func TestTooManyKeysAreNotColumns(t *testing.T) {
	var rows strings.Builder
	for i := range 300 {
		fmt.Fprintf(&rows, "{\"by\":{\"user%d\":1}}\n", i)
	}
	p := profileOf(table(t, "-"+rows.String()))
	if len(p.Columns) != 1 || !p.Columns[0].KeysAreData {
		t.Errorf("got %d columns", len(p.Columns))
	}
}

// TestMergeOrderDoesNotMatter reads the rows in various parts and merges them in various orders.
func TestMergeOrderDoesNotMatter(t *testing.T) {
	values := []string{`1`, `"$2.00"`, `"x"`, `"<b>y</b>"`, `""`, `" "`, `null`, `[]`, `{}`, `["a",{"b":1}]`, `{"w":1,"h":"2"}`, `{"h":2}`, `true`, `"2026-01-02"`}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "rows")
		var b item.Builder
		for i := range n {
			if rapid.IntRange(0, 5).Draw(rt, "page") == 0 || i == 0 {
				b.StartPage()
			}
			var members []string
			for _, key := range []string{"a", "b", "c"} {
				if rapid.Bool().Draw(rt, "has") {
					members = append(members, fmt.Sprintf("%q:%s", key, rapid.SampledFrom(values).Draw(rt, "value")))
				}
			}
			if _, err := b.Append([]byte("{" + strings.Join(members, ",") + "}")); err != nil {
				rt.Fatal(err)
			}
		}
		items := b.Items()
		want := profileOf(items)
		scan := NewScan(items)
		parts := []*Part{scan.Part(), scan.Part(), scan.Part()}
		for from := 0; from < n; {
			to := min(n, from+rapid.IntRange(1, 10).Draw(rt, "length"))
			parts[rapid.IntRange(0, 2).Draw(rt, "part")].Rows(from, to)
			from = to
		}
		parts[2].Merge(parts[0])
		parts[1].Merge(parts[2])
		got := parts[1].Finish()
		if len(got.Columns) != len(want.Columns) {
			rt.Fatalf("got %d columns, want %d", len(got.Columns), len(want.Columns))
		}
		for i := range want.Columns {
			forget(&got.Columns[i])
			forget(&want.Columns[i])
			if !reflect.DeepEqual(got.Columns[i], want.Columns[i]) {
				rt.Fatalf("got column\n%+v\nwant\n%+v", got.Columns[i], want.Columns[i])
			}
		}
		for i := range want.Findings {
			if got.Findings[i].Text != want.Findings[i].Text || !slices.Equal(got.Findings[i].Rows, want.Findings[i].Rows) {
				rt.Fatalf("got finding %q, want %q", got.Findings[i].Text, want.Findings[i].Text)
			}
		}
	})
}

// forget clears fields that have no meaning because there is no such value.
func forget(c *Column) {
	for i, n := range c.Types {
		if n == 0 {
			c.typeFirst[i] = 0
		}
	}
	for i, n := range c.Presence {
		if n == 0 || i == int(item.Missing) {
			c.presenceFirst[i] = 0
		}
	}
}

// FuzzProfile checks that the counts of a profile add up, and that filters select as many items as the counts say.
func FuzzProfile(f *testing.F) {
	f.Add(`{"a":1,"b":[{"c":"<i>"}]}`, `{"a":"$2","b":[]}`, `[1,"x",null]`)
	f.Add(`{"":"","\u0000":" "}`, `{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}`, `"text"`)
	f.Fuzz(func(t *testing.T, first, second, third string) {
		var b item.Builder
		for i, text := range []string{first, second, third, second} {
			if i%2 == 0 {
				b.StartPage()
			}
			_, _ = b.Append([]byte(text + " "))
		}
		items := b.Items()
		p := profileOf(items)
		for i := range p.Columns {
			c := &p.Columns[i]
			sum, types := 0, 0
			for _, n := range c.Presence {
				if n < 0 {
					t.Fatalf("%s: %v", c.Place, c.Presence)
				}
				sum += n
			}
			for _, n := range c.Types {
				types += n
			}
			if sum != c.Of || types != c.Covered() || c.Distinct.N > c.Covered() {
				t.Fatalf("%s: %v of %d, types %v", c.Place, c.Presence, c.Of, c.Types)
			}
			if path, one := c.Place.Path(); one && path.Depth() <= item.MaxPlaceSteps {
				if n := len(pick(items, WithPresence(c.Place, item.Present))); n != c.Covered() {
					t.Fatalf("%s: filter selects %d items, counted %d", c.Place, n, c.Covered())
				}
			}
		}
		for _, finding := range p.Findings {
			if finding.Text != text.Printable(finding.Text) || finding.Text == "" {
				t.Fatalf("finding %q", finding.Text)
			}
			if finding.Filter() == nil {
				continue
			}
			chosen := pick(items, finding.Filter())
			if len(chosen) == 0 {
				t.Fatalf("filter of %q selects nothing", finding.Text)
			}
			for _, row := range finding.Rows {
				if !slices.Contains(chosen, uint32(row)) {
					t.Fatalf("example item %[2]d of %[1]q is not selected by its filter", finding.Text, row)
				}
			}
		}
	})
}

// TestSamplesOfLongListsAreBounded checks that the profile keeps a limited number of the numbers in long lists.
func TestSamplesOfLongListsAreBounded(t *testing.T) {
	numbers := strings.Repeat("1,5,", 500)
	items := table(t, `{"n":[`+strings.TrimSuffix(numbers, ",")+`]}`, `{"n":[7]}`)
	scan := NewScan(items)
	if scan.maxPerRow*items.Len() != sampleNumbers {
		t.Errorf("limit per row is %d", scan.maxPerRow)
	}
	scan.maxPerRow = 10
	part := scan.Part()
	part.Rows(0, items.Len())
	if n := len(part.root.children[0].elements.spread.sample); n != 11 {
		t.Errorf("%d numbers are in the sample", n)
	}
	c := columnNamed(t, part.Finish(), "n[]")
	if c.Numbers.Count != 1001 || c.Numbers.Max != 7 || !c.Numbers.Estimated || c.Numbers.Median < 1 || c.Numbers.Median > 5 {
		t.Errorf("%+v", c.Numbers)
	}
}

func TestItemsBeforeTheFirstPage(t *testing.T) {
	var b item.Builder
	for range 2 {
		if _, err := b.Append([]byte(`{"a":1}`)); err != nil {
			t.Fatal(err)
		}
		b.StartPage()
	}
	p := profileOf(b.Items())
	if covered, of, counted := p.OnPage(0, 1); covered != 1 || of != 1 || !counted || p.Columns[0].Covered() != 2 {
		t.Errorf("page 1: got %d of %d, %t", covered, of, counted)
	}
}

// TestFewValuesAreAllKept checks that all values are listed if there are only a few different ones, even values that
// occur once.
func TestFewValuesAreAllKept(t *testing.T) {
	items := table(t, "-"+times(50, `{"a":"%d","b":"%d"}`)+`{"a":"7","b":"50"}`+"\n"+`{"a":"7","b":"7"}`)
	p := profileOf(items)
	if none := columnNamed(t, profileOf(table(t, "-"+times(20, `{"a":"%d"}`))), "a").Top; len(none) != 0 {
		t.Errorf("got frequent values %v of values that occur once", none)
	}
	if a := columnNamed(t, p, "a").Top; len(a) != 50 || a[0].Text.Raw() != "7" || a[0].Count != 3 || a[49].Text.Raw() != "49" || a[49].Count != 1 {
		t.Errorf("got %d of 50 values", len(a))
	}
	if b := columnNamed(t, p, "b").Top; len(b) != 1 || b[0].Text.Raw() != "7" {
		t.Errorf("got %v of 51 values", b)
	}
}
