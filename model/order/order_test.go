package order

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sbwatch/model/compact"
	"sbwatch/model/item"
)

// TestNumbersAreSortedExactly sorts numbers that are equal as float64, in JSON and in text, in rows and in compact form.
func TestNumbersAreSortedExactly(t *testing.T) {
	ascending := []string{
		"-2e400", "-1e400", "-9007199254740993.5", "-9007199254740993", "-0.10000000000000000002", `"-0.10000000000000000001 kg"`, "-0.1", "-1e-400",
		"0", "1e-500", "1e-400", "0.1", "0.100000000000000000005", `"0.10000000000000000001"`, "0.10000000000000000002", "0.30000000000000004",
		"9007199254740992", `"9,007,199,254,740,993.00 €"`, "9007199254740993.5", "1e400", "2e400",
	}
	var mixed []string
	for i := range ascending {
		mixed = append(mixed, ascending[i*8%len(ascending)])
	}
	items := itemsOf(t, mixed...)
	ranks, _ := rankAll(items, item.PathOf("v"), nil)
	for name, ranks := range map[string]Ranks{"rows": ranks, "column": rankOnColumn(items, item.PathOf("v"))} {
		var got []string
		for _, row := range sorted(ranks, false) {
			got = append(got, mixed[row])
		}
		if !slices.Equal(got, ascending) {
			t.Errorf("%s: got  %v\nwant %v", name, got, ascending)
		}
	}
}

// TestEqualNumbersKeepTheirOrder sorts numbers that are written in different ways, but equal.
func TestEqualNumbersKeepTheirOrder(t *testing.T) {
	items := itemsOf(t, "9007199254740993.0", "0.10000000000000000001", "9007199254740993", "0.100000000000000000010", "9.007199254740993e15", "10000000000000000001e-20")
	ranks, _ := rankAll(items, item.PathOf("v"), nil)
	if up, want := sorted(ranks, false), []uint32{1, 3, 5, 0, 2, 4}; !slices.Equal(up, want) {
		t.Errorf("ascending %d, want %d", up, want)
	}
	if down, want := sorted(ranks, true), []uint32{0, 2, 4, 1, 3, 5}; !slices.Equal(down, want) {
		t.Errorf("descending %d, want %d", down, want)
	}
}

func itemsOf(tb rapid.TB, values ...string) item.Table {
	tb.Helper()
	var b item.Builder
	for i, value := range values {
		row := fmt.Sprintf(`{"i":%d}`, i)
		if value != "" {
			row = fmt.Sprintf(`{"v":%s,"i":%d}`, value, i)
		}
		if _, err := b.Append([]byte(row)); err != nil {
			tb.Fatalf("%s: %v", row, err)
		}
	}
	return b.Items()
}

// rankAll ranks a column in the same steps as callers do, but in one goroutine.
func rankAll(items item.Table, path item.Path, rows []uint32) (Ranks, style) {
	return rankIn(items, path, rows, maxLoaded)
}

// rankIn is like rankAll, with a given value of maxLoaded.
func rankIn(items item.Table, path item.Path, rows []uint32, loadLimit int) (Ranks, style) {
	return rankColumn(NewColumn(items, path, rows), loadLimit)
}

// rankOnColumn is rankAll for all rows, with their values in compact form.
func rankOnColumn(items item.Table, path item.Path) Ranks {
	b := compact.NewBuilder(items, path)
	b.Loader().Load(0, items.Len())
	known := b.Column()
	ranks, _ := rankColumn(OfColumn(items, known), maxLoaded)
	if known.Values() != nil {
		small, _ := known.Codes()
		return Spread(ranks, small)
	}
	return ranks
}

func rankColumn(c *Column, loadLimit int) (Ranks, style) {
	written := c.style
	half := c.Len() / 2
	c.Loader().Load(half, c.Len())
	c.Loader().Load(0, half)
	const parts = 3
	for split := c.Split(parts); split != nil; split = c.Next(parts) {
		for isLoaded := false; !isLoaded; isLoaded = !split.Advance() {
			for part := range parts {
				split.Load(part)
			}
		}
		for part := range parts {
			split.Count(part)
		}
		split.Place()
		for part := range parts {
			split.Move(part)
		}
		sortTasks(c, loadLimit)
	}
	return c.Ranks(), written
}

func sortTasks(c *Column, loadLimit int) {
	sorter := c.Sorter(func() bool { return false })
	sorter.maxLoaded = loadLimit
	if loadLimit < maxLoaded {
		sorter.maxGroup = loadLimit
	}
	for task := range c.Tasks() {
		sorter.Sort(task)
	}
}

func sorted(r Ranks, descending bool) []uint32 {
	places := make([]uint32, len(r.of))
	for i := range places {
		places[i] = uint32(i)
	}
	return sortPlaces(r, places, descending)
}

// sortPlaces sorts row indexes in two parts.
func sortPlaces(r Ranks, places []uint32, descending bool) []uint32 {
	spare := make([]uint32, len(places))
	half := len(places) / 2
	for number := range r.Passes() {
		pass := r.Pass(number, 2, descending)
		pass.Count(1, places[half:])
		pass.Count(0, places[:half])
		pass.Split()
		pass.Move(1, places[half:], spare)
		pass.Move(0, places[:half], spare)
		places, spare = spare, places
	}
	return places
}

func TestSortsNumbersAsPeopleWriteThem(t *testing.T) {
	for _, values := range [][]string{ // in ascending order
		{`"₹95 Lac"`, `"₹1.25 Cr"`, `"₹2.10 Cr"`},
		{`"5000円"`, `"9800万円"`, `"1億円"`},
		{`"US $5.99"`, `"US $18.50"`, `"US $1,299.00"`},
		{`"$1.40 to $5.62"`, `"$3.00"`, `"$9.99"`, `"$10 - $20"`},
		{`"95 000 DH"`, `"113 000 DH"`, `"Prix non spécifié"`},
		{`"\u200e9.99"`, `"12.50"`},
		{`"12/03/19"`, `"04/27/20"`, `"01/15/21"`},
		{`"23-Sep-11"`, `"01-Dec-12"`, `"15-Jan-13"`},
	} {
		var b item.Builder
		for i := range values {
			if _, err := b.Append([]byte(fmt.Sprintf(`{"v":%s}`, values[len(values)-1-i]))); err != nil {
				t.Fatal(err)
			}
		}
		ranks, _ := rankAll(b.Items(), item.PathOf("v"), nil)
		got := sorted(ranks, false)
		for i, row := range got {
			if int(row) != len(values)-1-i {
				t.Errorf("%s: rows in the order %d", values, got)
				break
			}
		}
	}
}

// valuesInOrder returns JSON values in ascending order. The values of one line are equal. "" means a missing key.
func valuesInOrder() [][]string {
	return [][]string{
		{`"-1.5e300"`},
		{"-99999999999999999999"},
		{"-99999999999999999998"},
		{`"-$20.00"`, "-20", "-2e1"},
		{"0", "-0", `"0.00"`},
		{`"$3"`, "3", `"3.0"`},
		{"10.5"},
		{`"$1,299.00"`, "1299", `"1,299"`},
		{"9007199254740992"},
		{"9007199254740993"},
		{"99999999999999999998"},
		{"99999999999999999999"},
		{"1e300"},
		{`"0001-01-01T00:00:00.5+02:00"`}, // written by some programs for "no date"
		{`"0001-01-01"`, `"0001-01-01T01:00:00+01:00"`},
		{`"2021-12-31"`},
		{`"2024-05-01"`, `"2024-05-01T00:00:00Z"`, `"May 1, 2024"`},
		{`"2024-05-01T12:30:00.0001Z"`},
		{`"2024-05-01T12:30:00.0002Z"`},
		{`"2024-05-02"`},
		{`"ABC"`},
		{`"Abc"`},
		{`"abc"`, `"a\u0062c"`},
		{`"abc and a text that goes on and on until it is told apart by its last letter, A"`},
		{`"abc and a text that goes on and on until it is told apart by its last letter, b"`},
		{`"page 2"`},
		{`"page 010"`, `"page 010"`},
		{`"page 10"`},
		{`"page 123456789"`},
		{`"page 1234567890"`},
		{`"x\u0000"`},
		{`"Zebra"`},
		{`"über"`},
		{`"Ünter"`},
		{`"日本"`},
		{"\"\xff\""},
		{"false"},
		{"true"},
		{"[1]"},
		{"[2]"},
		{"[10]"},
		{"[]"},
		{`{"a":1}`},
		{"{}"},
		{`""`, `" "`, `"\t\u00a0"`},
		{"null"},
		{"", ""},
	}
}

func TestOrder(t *testing.T) {
	var values []string
	var lines []int
	for line, same := range valuesInOrder() {
		for _, value := range same {
			values, lines = append(values, value), append(lines, line)
		}
	}
	items := itemsOf(t, values...)
	ranks, written := rankAll(items, item.PathOf("v"), nil)
	for i := range values {
		for k := range values {
			want := lines[i] - lines[k]
			compared := written.compare(items.At(i, item.PathOf("v")), items.At(k, item.PathOf("v")))
			ranked := int(ranks.of[i]) - int(ranks.of[k])
			if sign(compared) != sign(want) || sign(ranked) != sign(want) {
				t.Errorf("%s, %s: compare = %d, ranks %d and %d, want %d", values[i], values[k], compared, ranks.of[i], ranks.of[k], sign(want))
			}
		}
	}
	up, down := sorted(ranks, false), sorted(ranks, true)
	const silent = 6 // number of blank texts, nulls and missing keys
	if !slices.Equal(up[len(up)-silent:], down[len(down)-silent:]) || values[down[0]] != `{}` {
		t.Errorf("ascending %d, descending %d", up, down)
	}
}

func sign(n int) int { return min(1, max(-1, n)) }

// anyValue generates the values of a realistic column: mostly of one kind, with many equal or nearly equal values.
func anyValue(kind int) *rapid.Generator[string] {
	number := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf(rapid.SampledFrom([]string{"%d", `"$%d"`, "%d.5", `"%d,50 €"`, "1234567890123456%d", "-%de2", `"%d%%"`}).Draw(t, "form"), rapid.IntRange(1, 60).Draw(t, "n"))
	})
	text := rapid.Custom(func(t *rapid.T) string {
		word := rapid.StringMatching(`(https://shop\.example/p/)?[ABab]{0,3}([ 0]?[0-9]{1,10})?[Éé日]?(and so on and so on, until long after all is said and done)?[ab]?`).Draw(t, "text")
		return fmt.Sprintf("%q", word)
	})
	date := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf(`"2024-05-%02dT10:00:00.00%d00%dZ"`, rapid.IntRange(1, 9).Draw(t, "day"), rapid.IntRange(0, 2).Draw(t, "ms"), rapid.IntRange(0, 2).Draw(t, "us"))
	})
	alike := rapid.Custom(func(t *rapid.T) string {
		begin := rapid.SampledFrom(append(slices.Repeat([]string{"https://shop.example/p/"}, 15), "HTTPS://shop.example/p/", "https://shop", "a", "é")).Draw(t, "begin")
		middle := rapid.SampledFrom([]string{"a lamp to read by", "A LAMP to read by", "", "a lamp", "page 007"}).Draw(t, "middle")
		end := rapid.SampledFrom([]string{"", "", " and then some words that are the same until the very end of it", " and then", "é"}).Draw(t, "end")
		return fmt.Sprintf(`"%s%s%s%d"`, begin, middle, end, rapid.IntRange(0, 3).Draw(t, "n"))
	})
	same := rapid.SampledFrom([]string{`"words that come again and again"`, `"Words that come again and again"`, `"words that come again and again!"`, `"1e300"`, "-1e300"})
	odd := rapid.SampledFrom([]string{"", "null", `""`, `" "`, "true", "false", "[1,2]", "[1,10]", "{}", `{"a":1}`, `"\u0041"`, `"a\"b"`, "\"\xfe\"", `"\u0000"`, `"a\u0000"`, `"a"`})
	return [...]*rapid.Generator[string]{
		number, text, date, rapid.OneOf(number, odd), rapid.OneOf(text, odd), rapid.OneOf(number, text, date, odd), odd, alike, alike, same,
	}[kind]
}

// TestSortMatchesReference checks that sorting gives the same order as slices.SortStableFunc.
func TestSortMatchesReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.IntRange(0, 9).Draw(t, "kind")
		size := rapid.SampledFrom([]int{0, 1, 2, 10, 100, 300}).Draw(t, "size")
		values := rapid.SliceOfN(anyValue(kind), size, size).Draw(t, "values")
		items := itemsOf(t, values...)
		path := item.PathOf("v")
		var rows []uint32
		for i := range values {
			if rapid.IntRange(0, 9).Draw(t, "row") > 0 {
				rows = append(rows, uint32(i))
			}
		}
		if rapid.Bool().Draw(t, "all") {
			rows = nil
		}
		ranks, written := rankIn(items, path, rows, rapid.SampledFrom([]int{maxLoaded, maxEntryInsertion}).Draw(t, "maxLoaded"))
		row := func(at uint32) int {
			if rows != nil {
				return int(rows[at])
			}
			return int(at)
		}
		for _, descending := range []bool{false, true} {
			want := make([]uint32, len(ranks.of))
			for i := range want {
				want[i] = uint32(i)
			}
			slices.SortStableFunc(want, func(a, b uint32) int {
				x, y := items.At(row(a), path), items.At(row(b), path)
				order := written.compare(x, y)
				if descending && written.read(x).class < classBlank && written.read(y).class < classBlank {
					order = -order
				}
				return order
			})
			if got := sorted(ranks, descending); !slices.Equal(got, want) {
				t.Fatalf("sorted\n%s, want\n%s", shown(items, got, row), shown(items, want, row))
			}
			if rows == nil {
				if got := sorted(rankOnColumn(items, path), descending); !slices.Equal(got, want) {
					t.Fatalf("sorted on a column\n%s, want\n%s", shown(items, got, row), shown(items, want, row))
				}
			}
		}
	})
}

func shown(items item.Table, places []uint32, row func(uint32) int) string {
	var lines []string
	for _, at := range places {
		lines = append(lines, string(items.Row(row(at))))
	}
	return strings.Join(lines, "\n")
}

// shopItems returns a table of n items as a shop has them.
func shopItems(tb testing.TB, n int) item.Table {
	tb.Helper()
	var b item.Builder
	for i := range n {
		k := (i*7919 + i/13) % 1_000_003
		row := fmt.Sprintf(`{"sku":"SKU-%07d","name":"%s %s %07d","price":"$%d.%02d","brand":"%s","url":"https://shop.example.com/p/%07d",`+
			`"rating":%d.%d,"in_stock":%t,"seen":"2024-%02d-%02dT10:%02d:00Z"}`, k,
			[...]string{"Walnut", "Solar", "Vintage", "Deluxe", "Wall-mounted"}[k%5], [...]string{"lamp", "Kettle", "Chair", "Jalapeño Slicer"}[k%4], k,
			k%900, k%100, [...]string{"삼원전자", "日本電機", "Søren", "Lumen & Oak"}[k%4], k, k%5, k%10, k%3 == 0, k%12+1, k%28+1, k%60)
		if _, err := b.Append([]byte(row)); err != nil {
			tb.Fatal(err)
		}
	}
	return b.Items()
}

func BenchmarkRank(b *testing.B) {
	items := shopItems(b, 200_000)
	for _, column := range items.Columns() {
		b.Run(column.Name.String(), func(b *testing.B) {
			for b.Loop() {
				rankAll(items, column.Path(), nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(items.Len()), "ns/row")
		})
	}
}

func BenchmarkSortByRanks(b *testing.B) {
	items := shopItems(b, 200_000)
	ranks, _ := rankAll(items, item.PathOf("price"), nil)
	for b.Loop() {
		sorted(ranks, true)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(items.Len()), "ns/row")
}

// TestLongCommonPrefix sorts texts that differ only after a long common prefix.
func TestLongCommonPrefix(t *testing.T) {
	var values []string
	for i := range 3000 {
		k := i * 7919 % 3001
		values = append(values, fmt.Sprintf(`"%s a lamp of brass and walnut wood, number %d of %c"`, [...]string{"Then", "then", "And"}[k%3], k%977, 'a'+k%7))
	}
	items := itemsOf(t, values...)
	want := make([]uint32, len(values))
	for i := range want {
		want[i] = uint32(i)
	}
	_, written := rankAll(items, item.PathOf("v"), nil)
	slices.SortStableFunc(want, func(a, b uint32) int {
		return written.compare(items.At(int(a), item.PathOf("v")), items.At(int(b), item.PathOf("v")))
	})
	for _, limit := range []int{maxLoaded, 500, 10} {
		ranks, _ := rankIn(items, item.PathOf("v"), nil, limit)
		if got := sorted(ranks, false); !slices.Equal(got, want) {
			t.Errorf("maxLoaded %d: not sorted", limit)
		}
	}
}
