package profile

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"sbwatch/model/item"
)

// tell formats a finding as one line.
func tell(f Finding) string { return fmt.Sprintf("%s: %s %v", f.Severity, f.Text, f.Rows) }

func TestFindings(t *testing.T) {
	good := times(30, `{"sku":"s%d","price":"$%d.50"}`)
	priceless := times(30, `{"sku":"p%d"}`)
	for _, test := range []struct {
		what  string
		pages []string
		want  []string // expected findings, in this order
		never []string // kinds that must not be found
	}{
		{"nothing is wrong", []string{good}, nil, []string{"error", "warning", "note"}},
		{"no items", []string{"", ""}, []string{"error: no items at all, on 2 pages []"}, []string{"empty"}},
		{"no items of a bare array", []string{"-"}, []string{"error: no items at all []"}, nil},
		{
			"a column is silently empty",
			[]string{times(30, `{"sku":"s%d","price":"","name":"n%d"}`) + `{"name":"<b>n</b>","price":""}`},
			[]string{`error: price is empty in all 31 items (31 "") [0 1 2]`, "warning: name has markup in 1 of 31 texts [30]"},
			nil,
		},
		{
			"a column stops at a page",
			[]string{good, times(20, `{"sku":"t%d","price":"$%d"}`), priceless, times(10, `{"sku":"u%d"}`)},
			[]string{"error: price is missing from page 3 on (40 of 90 items) [50 51 52]"},
			[]string{"is empty in"},
		},
		{
			"a column stops in a file",
			[]string{"-" + good + priceless},
			[]string{"error: price is missing from item 31 on (30 of 60 items) [30 31 32]"},
			nil,
		},
		{
			"a column starts late",
			[]string{priceless, good},
			[]string{"warning: price is missing before page 2 (30 of 60 items) [0 1 2]"},
			nil,
		},
		{
			"a column is missing on a page between",
			[]string{good, priceless, times(30, `{"sku":"t%d","price":"$%d"}`)},
			[]string{"warning: price is missing on page 2 (30 of 90 items) [30 31 32]"},
			[]string{"is empty in"},
		},
		{
			"few items are judged by their number",
			[]string{`{"a":1} {"a":2,"b":1} {"a":3,"b":2}`, `{"a":4,"b":2}`},
			[]string{"note: b is empty in 1 of 4 items (1 missing) [0]"},
			[]string{"error", "warning", "%"},
		},
		{
			"some lack a value",
			[]string{times(60, `{"a":"x%d","b":"y%d"}`) + times(40, `{"a":"z%d","b":null}`) + times(60, `{"a":"w%d","b":"v%d"}`)},
			[]string{"warning: b is empty in 40 of 160 items, 75% covered (40 null) [60 61 62]"},
			nil,
		},
		{
			"nested values are judged by what could hold them",
			[]string{times(50, `{"a":"x%d"}`) + times(50, `{"a":"y%d","d":{"w":%d,"h":%d}}`) + times(10, `{"a":"z%d","d":{"w":%d}}`)},
			[]string{"warning: d.h is empty in 10 of 60 items with d, 83% covered (10 missing) [100 101 102]"},
			nil,
		},
		{
			"pages repeat and are empty",
			[]string{good, good, "", times(30, `{"sku":"t%d","price":"$%d"}`)},
			[]string{"error: page 2 repeats the page before: the pagination did not advance [30 31 32]", "warning: page 3 has no items", "warning: 30 items of 90 repeat earlier ones, byte for byte [0 30]"},
			nil,
		},
		{"the last page is empty", []string{good, ""}, []string{"note: page 2 has no items"}, []string{"warning"}},
		{
			"one item is on two pages",
			[]string{good, times(30, `{"sku":"t%d","price":"$%d"}`) + `{"sku":"s3","price":"$3.50"}`},
			[]string{"warning: 1 item of 61 repeats an earlier one, byte for byte [3 60]"},
			[]string{"pagination"},
		},
		{
			"prices and other texts",
			[]string{times(97, `{"p":"$%d.50"}`) + times(3, `{"p":"ask us (%d)"}`)},
			[]string{"warning: p has values of several types: 3 text, 97 number in text; 3% are not numbers [97 98 99]"},
			nil,
		},
		{"texts may be anything", []string{times(85, `{"p":"book %d"}`) + times(15, `{"p":"%d"}`)}, nil, []string{"types"}},
		{
			"texts that are often numbers",
			[]string{times(60, `{"p":"call us (%d)"}`) + times(40, `{"p":"$%d"}`)},
			[]string{"note: p has values of several types: 60 text, 40 number in text; 40% are not text [60 61 62]"},
			nil,
		},
		{
			"more than a few among few prices",
			[]string{times(6, `{"p":"$%d"}`) + times(4, `{"p":"ask us (%d)"}`)},
			[]string{"note: p has values of several types: 4 text, 6 number in text; 40% are not numbers [6 7 8]"},
			nil,
		},
		{"a few among few prices", []string{times(6, `{"p":"$%d"}`) + times(3, `{"p":"ask us (%d)"}`)}, nil, []string{"types"}},
		{
			"ranges at any share",
			[]string{`{"p":"$1.40 to $5.62"} {"p":"$9.99"} {"p":"$10 - $20"} {"p":"$3.00"}`},
			[]string{"note: p is a range in 2 of 4 values, sorted and filtered by the low end [0 2]"},
			[]string{"types"},
		},
		{
			"one range among many prices",
			[]string{times(500, `{"p":"$%d"}`) + `{"p":"$10–20"}`},
			[]string{"note: p is a range in 1 of 501 values, sorted and filtered by the low end [500]"},
			nil,
		},
		{
			"units that cannot be compared",
			[]string{`{"p":"5 foo"} {"p":"7 bar"} {"p":"3"}`},
			[]string{"note: p mixes units, so 2 of 3 numbers are read as text [0 1]"},
			nil,
		},
		{
			"one other unit",
			[]string{times(30, `{"p":"%d kg"}`) + `{"p":"5 lb"}`},
			[]string{"note: p mixes units, so 1 of 31 numbers is read as text [30]"},
			nil,
		},
		{"units in names", []string{`{"p":"5 chairs"} {"p":"7 tables"} {"p":"Oak shelf"} {"p":"Ash shelf"} {"p":"Lamp"}`}, nil, []string{"units"}},
		{
			"invisible characters",
			[]string{`{"p":"` + "\u200e" + `9.99"} {"p":"12.50"} {"n":"soft` + "\u00ad" + `ware"} {"n":"👩\u200d🚀 ⭐\ufe0f"}`},
			[]string{"warning: p has invisible characters in 1 of 2 texts [0]", "warning: n has invisible characters in 1 of 2 texts [2]"},
			[]string{"types"},
		},
		{
			"JSON's types differ",
			[]string{times(50, `{"p":%d}`) + times(2, `{"p":["x%d"]}`)},
			[]string{"warning: p has values of several types: 50 number, 2 list; 4% are not numbers [50 51]"},
			nil,
		},
		{"the same everywhere", []string{times(20, `{"a":%d,"c":"EUR"}`)}, []string{`note: c is always "EUR"`}, []string{"warning"}},
		{
			"entities and spaces",
			[]string{times(20, `{"a":"x%d"}`) + `{"a":"R&amp;D"}{"a":"e&#39;t"} {"a":"b "}`},
			[]string{"warning: a has entities in 2 of 23 texts [20 21]", "note: a has white space at the ends in 1 of 23 texts [22]"},
			[]string{"markup"},
		},
		{"a column of HTML", []string{times(20, `{"a":"<p class=\"x\">%d</p>"}`)}, []string{"note: a has markup"}, []string{"warning"}},
		{"no markup", []string{times(20, `{"a":"%d < 5 and b > 3, <3, x<y>, R&D; a & b; AT&T"}`)}, nil, []string{"entities"}},
	} {
		t.Run(test.what, func(t *testing.T) {
			pages := make([]string, len(test.pages))
			for i, page := range test.pages {
				pages[i] = strings.ReplaceAll(strings.ReplaceAll(page, "} {", "}\n{"), "}{", "}\n{")
			}
			var said []string
			for _, f := range profileOf(table(t, pages...)).Findings {
				said = append(said, tell(f))
			}
			all := strings.Join(said, "\n")
			at := 0
			for _, want := range test.want {
				found := strings.Index(all[at:], want)
				if found < 0 {
					t.Fatalf("no finding %q, or in another order, in\n%s", want, all)
				}
				at += found
			}
			for _, never := range test.never {
				if strings.Contains(all, never) {
					t.Errorf("unexpected %q in\n%s", never, all)
				}
			}
		})
	}
}

// TestEmptyColumnComesFirst checks that the finding about an empty column is the first, although the number of items is
// usual.
func TestEmptyColumnComesFirst(t *testing.T) {
	items := times(40, `{"name":"<b>n%d</b> ","price":null,"dims":{"w":"%d "},"x":1}`)
	p := profileOf(table(t, items, items, "", "", "", items))
	if first := p.Findings[0]; first.Kind != EmptyColumn || p.Columns[first.Column].Place.String() != "price" {
		t.Errorf("first finding is %q", first.Text)
	}
	if order := p.ByConcern(); p.Columns[order[0]].Place.String() != "price" || len(order) != len(p.Columns) {
		t.Errorf("columns by concern: got %v", order)
	}
}

func TestOrdinaryNumbersAreNoOutliers(t *testing.T) {
	for _, test := range []struct {
		what, row string
		n         int
		odd       string
		want      int
	}{
		{"one price far out", `{"p":"$%d.00"}`, 100, `{"p":"$9999999"}`, 1},
		{"few numbers", `{"p":%d}`, 10, `{"p":9999999}`, 0},
		{"nothing odd", `{"p":%d}`, 100, `{"p":101}`, 0},
		{"most are the same", `{"p":5}`, 100, `{"p":6}`, 0},
		{"a negative one", `{"p":1%d}`, 100, `{"p":-100000}`, 1},
		{"a dear one", `{"p":1%d}`, 100, `{"p":600}`, 0},
		{"far out among equal ones", `{"p":10}`, 62, `{"p":"999,999"}`, 1},
		{"twice as dear among equal ones", `{"p":10}`, 62, `{"p":25}`, 0},
		{"far below equal ones", `{"p":19.99}`, 62, `{"p":-100000}`, 1},
		{"a different one among zeros", `{"p":0}`, 62, `{"p":40}`, 0},
		{"far out among zeros", `{"p":0}`, 62, `{"p":999999}`, 1},
		{"in stock", "{\"p\":0}\n{\"p\":1}\n" + strings.Repeat("{\"p\":1}\n", 98), 1, `{"p":2}`, 0},
		{"far out among nearly equal ones", "{\"p\":0}\n{\"p\":2}\n" + strings.Repeat("{\"p\":1}\n", 98), 1, `{"p":999999}`, 1},
		{"some that differ more and more", "{\"p\":3}\n{\"p\":12}\n" + strings.Repeat("{\"p\":0}\n", 98), 1, `{"p":1100}`, 0},
		{"many far out among equal ones", `{"p":10}`, 62, "{\"p\":999999}\n{\"p\":999999}\n{\"p\":999999}", 0},
	} {
		p := profileOf(table(t, "-"+times(test.n, test.row)+test.odd))
		n := 0
		for _, f := range p.Findings {
			if f.Kind == Outliers {
				n = f.Count
				if rows := pick(p.Items(), f.Filter()); len(rows) != n || int(rows[0]) != p.Items().Len()-1 || f.Rows[0] != p.Items().Len()-1 {
					t.Errorf("%s: filter selects %v, examples are %v", test.what, rows, f.Rows)
				}
			}
		}
		if n != test.want {
			t.Errorf("%s: %d outliers, want %d", test.what, n, test.want)
		}
	}
}

func TestSkewedPricesHaveNoOutliers(t *testing.T) {
	var rows strings.Builder
	for i := range 400 {
		fmt.Fprintf(&rows, "{\"id\":\"x%d\",\"p\":%.2f}\n", i, math.Exp(3+1.2*normal(i)))
	}
	for _, f := range profileOf(table(t, "-"+rows.String())).Findings {
		t.Errorf("%s", f.Text)
	}
}

// normal returns the i-th number of a normally distributed sample.
func normal(i int) float64 {
	sum := 0.0
	for k := range 12 {
		sum += float64(mix(uint64(i*12+k))>>11) / (1 << 53)
	}
	return sum - 6
}

func TestManyRareColumnsShareAFinding(t *testing.T) {
	var rows strings.Builder
	for i := range 100 {
		fmt.Fprintf(&rows, "{\"name\":\"n%d\",\"only%d\":1}\n", i, i)
	}
	p := profileOf(table(t, "-"+rows.String()))
	if len(p.Findings) != 1 || !strings.Contains(p.Findings[0].Text, "100 columns have values in few items: only0, only1") {
		t.Errorf("%d findings, the first %q", len(p.Findings), p.Findings[0].Text)
	}
}

func TestPages(t *testing.T) {
	good := times(10, `{"a":%d,"b":1}`)
	p := profileOf(table(t, good, times(9, `{"a":%d,"b":1}`)+`{"a":"x"}`, "", good))
	var got []string
	b, _ := p.Find(item.PlaceOf(item.PathOf("b")))
	for _, page := range p.Pages {
		covered, of, counted := p.OnPage(b, page.Number)
		got = append(got, fmt.Sprintf("%d %d same %d %t b %d/%d %t", page.Number, page.Len(), page.Same, page.Repeats(), covered, of, counted))
	}
	want := "1 10 same 0 false b 10/10 true|2 10 same 9 true b 9/10 true|3 0 same 0 false b 0/0 true|4 10 same 0 false b 10/10 true"
	if strings.Join(got, "|") != want {
		t.Errorf("got pages %s, want %s", strings.Join(got, "|"), want)
	}
}

func TestDuplicates(t *testing.T) {
	items := table(t, "-"+`{"k":"a","v":1}
		{"k":"b"}
		{"k":"\u0061","v":2}
		{"k":null}
		{"k":null}
		{"k":"b"}
		{"k":"b","v":3}
		{"v":3}
		"b"
		"\u0062"`)
	groups := func(d Duplicates) string {
		var all []string
		for i := range d.Groups() {
			all = append(all, fmt.Sprint(d.Group(i)))
		}
		return fmt.Sprint(strings.Join(all, " "), " extra ", d.Extra())
	}
	for _, test := range []struct {
		path item.Path
		want string
	}{
		{item.Path{}, "[1 5] [3 4] extra 2"},
		{item.PathOf("k"), "[0 2] [1 5 6] extra 3"},
		{item.PathOf("nowhere"), " extra 0"},
		{items.Columns()[2].Path(), "[8 9] extra 1"},
	} {
		keys := NewKeys(items, test.path)
		keys.Reader().Rows(0, 4)
		keys.Reader().Rows(4, items.Len())
		if got := groups(keys.Duplicates()); got != test.want {
			t.Errorf("duplicates by %q: got %s, want %s", test.path.Name(), got, test.want)
		}
	}
	if got := groups(profileOf(items).Duplicates); got != "[1 5] [3 4] extra 2" {
		t.Errorf("duplicates of whole items: got %s", got)
	}
	if got := pick(items, SameKey(items, item.PathOf("k"), 0)); fmt.Sprint(got) != "[0 2]" {
		t.Errorf("filter for the key of the first item selects %v", got)
	}
	if got := pick(items, SameItem(items, 5)); fmt.Sprint(got) != "[1 5]" {
		t.Errorf("filter for the sixth item selects %v", got)
	}
}

func TestFiltersAndTheirTitles(t *testing.T) {
	items := table(t, `{"p":"$1","tags":["a",""],"o":[{"x":1},{}]}`, `{"p":null,"tags":[]}`, `{"p":"cheap"}
		{"p":""}`)
	p := profileOf(items)
	price, tags := item.PlaceOf(item.PathOf("p")), item.PlaceOf(item.PathOf("tags"))
	for _, test := range []struct {
		filter item.Filter
		title  string
		want   string
	}{
		{Without(price), "without p", "[1 3]"},
		{WithPresence(price, item.Present), "p present", "[0 2]"},
		{Without(tags), "without tags", "[1 2 3]"},
		{Without(tags.Elements()), "without tags[]", "[0]"},
		{WithPresence(tags.Elements(), item.Present), "tags[] present", "[0]"},
		{Without(item.PlaceOf(item.PathOf("o")).Elements().Child("x")), "without o[].x", "[0]"},
		{WithPresence(price, item.Null), "p null", "[1]"},
		{WithPresence(tags, item.Missing), "tags missing", "[2 3]"},
		{columnNamed(t, p, "p").WithType(Text), "p as text", "[2]"},
		{columnNamed(t, p, "p").WithType(NumberInText), "p as number in text", "[0]"},
		{OnPages(3), "page 3", "[2 3]"},
		{OnPages(3, 1), "pages 1 and 3", "[0 2 3]"},
		{OnPages(3, 1, 2), "pages 1 to 3", "[0 1 2 3]"},
		{OnPages(9, 1, 2, 4, 5, 6, 7), "pages 1, 2, 4, 5, 6 and 2 more", "[0 1]"},
		{columnNamed(t, p, "p").Top[0].Filter(), `p = "$1"`, "[0]"},
		{SameItem(items, 1), "same as item 2", "[1]"},
		{Without(item.PlaceOf(item.PathOf("\x1b[31m"))), `without \x1b[31m`, "[0 1 2 3]"},
		{Without(item.PlaceOf(item.PathOf(" "))), `without " "`, "[0 1 2 3]"},
	} {
		if got := fmt.Sprint(pick(items, test.filter)); got != test.want || test.filter.Title() != test.title {
			t.Errorf("filter %q selects %s, want %q %s", test.filter.Title(), got, test.title, test.want)
		}
	}
}

// TestBlankTextsHaveNoStraySpaces checks that the filter of a finding selects as many items as the finding says.
func TestBlankTextsHaveNoStraySpaces(t *testing.T) {
	p := profileOf(table(t, `{"name":" lamp"}`, `{"name":"  "}`, `{"name":"desk"}`, `{"name":"chair "}`))
	for _, f := range p.Findings {
		if f.Kind == StrayText {
			if got := fmt.Sprint(pick(p.Items(), f.Filter())); f.Count != 2 || got != "[0 3]" {
				t.Errorf("filter of %q selects %s", f.Text, got)
			}
			return
		}
	}
	t.Error("no finding")
}

func TestFindingFilterSelectsItsCount(t *testing.T) {
	whole, without := `{"a":1,"p":1}`, `{"a":1}`
	for name, pages := range map[string][]string{
		"stops":   {times(6, whole) + without, times(8, whole), times(8, whole), times(8, without), times(8, without)},
		"starts":  {times(8, without), times(8, without), times(8, whole), times(8, whole), times(5, whole) + without},
		"between": {times(7, whole) + without, times(8, whole), times(8, without), times(8, whole), times(8, whole)},
	} {
		items, found := table(t, pages...), false
		for _, f := range profileOf(items).Findings {
			switch f.Kind {
			case Stops, Starts, MissingPages:
				found = true
				if n := len(pick(items, f.Filter())); n != f.Count || n%8 != 0 {
					t.Errorf("%s: filter of %q selects %d items, title %q", name, f.Text, n, f.Filter().Title())
				}
			default:
			}
		}
		if !found {
			t.Errorf("%s: no finding", name)
		}
	}
}
