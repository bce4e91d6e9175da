package compute_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sbwatch/model/compute"
	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/text"
)

func itemsOf(tb testing.TB, rows ...string) item.Table {
	tb.Helper()
	var b item.Builder
	b.StartPage()
	for _, row := range rows {
		if _, err := b.Append([]byte(row + " ")); err != nil {
			tb.Fatalf("%s: %v", row, err)
		}
	}
	return b.Items()
}

// shop has values of all kinds.
func shop(tb testing.TB) item.Table {
	tb.Helper()
	return itemsOf(tb,
		`{"price":"$1,299.00","size":12,"brand":" Acme ","url":"https://user@Shop.example:8080/a?b","tags":["a","b"],"dims":{"w":2.5},"ok":true,"in-stock":3,"unit price":1,"none":null,"empty":"","n":"é\"\n"}`,
		`{"price":"sold out","size":0,"brand":"Globex"}`,
		`{"price":"$7.50","size":3}`,
		`"no object"`)
}

// computed returns the value of a formula for the first item.
func computed(tb testing.TB, items item.Table, line string) string {
	tb.Helper()
	f, err := compute.Parse(line)
	if err == nil {
		err = f.Check(items)
	}
	if err != nil {
		tb.Errorf("%s: %v", line, err)
		return ""
	}
	return string(f.On(items).Reader(new(item.Evaluation))(0).Raw())
}

func TestFormulas(t *testing.T) {
	items := shop(t)
	for line, want := range map[string]string{
		`price / size`:                           `108.25`,
		`price`:                                  `"$1,299.00"`,
		`number(price)`:                          `1299`,
		`0.1 + 0.2`:                              `0.3`,
		`1 + 2 * 3 - 4 / 2`:                      `5`,
		`(1 + 2) * 3`:                            `9`,
		`7 % 4`:                                  `3`,
		`-size`:                                  `-12`,
		`--size`:                                 `12`,
		`2 - -3`:                                 `5`,
		`8 / 2 / 2`:                              `2`,
		`1 / 0`:                                  ``,
		`0 / 0`:                                  ``,
		`5 % 0`:                                  ``,
		`price / none`:                           ``,
		`price * brand`:                          ``,
		`empty + 1`:                              ``,
		`1e308 * 10`:                             ``,
		`1e21`:                                   `1e+21`,
		`123456789 * 1000`:                       `123456789000`,
		`brand + "!"`:                            `" Acme !"`,
		`"3" + "4"`:                              `7`,
		`"3" & "4"`:                              `"34"`,
		`none & brand`:                           `" Acme "`,
		`none & empty`:                           ``,
		`trim(brand) & "-" & upper(trim(brand))`: `"Acme-ACME"`,
		`len(trim(brand))`:                       `4`,
		`len(tags)`:                              `2`,
		`len(n)`:                                 `3`,
		`n & ""`:                                 `"é\"\u000a"`,
		`lower(brand)`:                           `" acme "`,
		`host(url)`:                              `"shop.example"`,
		`host(brand)`:                            ``,
		`host("//a.b/c")`:                        `"a.b"`,
		`host("http://[::1]:80/")`:               `"[::1]"`,
		`round(price / 7, 2)`:                    `185.57`,
		`round(2.675, 2)`:                        `2.68`,
		`round(-2.5)`:                            `-3`,
		`round(1234, -2)`:                        `1200`,
		`abs(0 - 5)`:                             `5`,
		`coalesce(none, empty, size)`:            `12`,
		`coalesce(none, tags)`:                   `["a","b"]`,
		`if(size > 10, "large", "small")`:        `"large"`,
		`if(size = 1, "one")`:                    ``,
		`if(none = 1 or not none, 1, 2)`:         `1`,
		`size >= 12 and price < 2000`:            `true`,
		`size == 12`:                             `true`,
		`(trim(brand) = "acme")`:                 `true`,
		`none < 1`:                               `false`,
		`ok`:                                     `true`,
		`if(ok, 1, 2)`:                           `1`,
		`true`:                                   `true`,
		`min(size, 3, none)`:                     `3`,
		`max(size, price)`:                       `1299`,
		`contains(brand, "CM")`:                  `true`,
		`replace(price, "$", "€")`:               `"€1,299.00"`,
		`dims.w * 2`:                             `5`,
		`dims`:                                   `{"w":2.5}`,
		"`in-stock` + 1":                         `4`,
		"`unit price` + 1":                       `2`,
		`row + page`:                             `2`,
		`x = price / size`:                       `108.25`,
		`a long name = 1`:                        `1`,
		`"a quoted name" = (1 = 1)`:              `true`,
		`size × 2 ÷ 3 − 1`:                       `7`,
	} {
		if got := computed(t, items, line); got != want {
			t.Errorf("%s is %s, want %s", line, got, want)
		}
	}
}

func TestIntegersAreExact(t *testing.T) {
	items := itemsOf(t, `{"id":9007199254740993,"text":"9,007,199,254,740,993","price":"9007199254740993.50","small":3,"huge":1`+strings.Repeat("0", 299)+`}`)
	for line, want := range map[string]string{
		`id + 0`:                              `9007199254740993`,
		`id + 1`:                              `9007199254740994`,
		`id - 9007199254740992`:               `1`,
		`9007199254740991 + 2`:                `9007199254740993`,
		`3037000501 * 3037000501`:             `9223372043074251001`,
		`id * id * -1`:                        `-81129638414606699710187514626049`,
		`12345678901234567890 - 1`:            `12345678901234567889`,
		`-id`:                                 `-9007199254740993`,
		`abs(-id)`:                            `9007199254740993`,
		`id * 6 / 3`:                          `18014398509481986`,
		`id / 2`:                              `4503599627370496`,
		`id / 0`:                              ``,
		`id % 10`:                             `3`,
		`-id % 10`:                            `-3`,
		`id % 0`:                              ``,
		`text + 1`:                            `9007199254740994`,
		`number(text)`:                        `9007199254740993`,
		`price + 1`:                           `9007199254741000`,
		`id + 0.5`:                            `9007199254740990`,
		`id & "!"`:                            `"9007199254740993!"`,
		`(id + 1) & "!"`:                      `"9007199254740994!"`,
		`id > 9007199254740992`:               `true`,
		`(id = 9007199254740992)`:             `false`,
		`(id = text)`:                         `true`,
		`id > small and small < id`:           `true`,
		`id < 1e30`:                           `true`,
		`1234567890123457 > 1234567890123456`: `true`,
		`(0.1 + 0.2 = 0.3)`:                   `true`,
		`max(small, id, 9007199254740992)`:    `9007199254740993`,
		`min(id, 9007199254740994)`:           `9007199254740993`,
		`round(id, 2)`:                        `9007199254740993`,
		`round(id, -1)`:                       `9007199254740990`,
		`round(-id - 2, -1)`:                  `-9007199254741000`,
		`if(id, "yes")`:                       `"yes"`,
		`coalesce(id, 1)`:                     `9007199254740993`,
		`huge - huge`:                         `0`,
		`huge * 100`:                          ``,
	} {
		if got := computed(t, items, line); got != want {
			t.Errorf("%s is %s, want %s", line, got, want)
		}
	}
}

func TestErrorsPointAtTheWrongWord(t *testing.T) {
	items := shop(t)
	for line, want := range map[string]string{
		``:                       `||the formula is empty: try price / size, round(price, 1) or host(url)`,
		`x =`:                    `||the formula is empty: try price / size, round(price, 1) or host(url)`,
		`price /`:                `|/|expected a value after /`,
		`price / / size`:         `|/|expected a column or a number before /`,
		`price size`:             `|size|expected an operator before size: put a column name that has spaces in backquotes`,
		`(price`:                 `|(|unclosed (`,
		`price)`:                 `|)|unmatched )`,
		`round(price`:            `|(|unclosed (`,
		`rond(price)`:            `|rond|no function rond: did you mean round?`,
		`bad(price)`:             `|bad|no function bad: functions are abs, coalesce, contains, host, if, len, lower, max, min, number, replace, round, trim, upper`,
		`Length(price)`:          `|Length|no function Length: write len(value)`,
		`round()`:                `|round()|wrong number of arguments: write round(number, decimals)`,
		`abs(1, 2)`:              `|abs(1, 2)|wrong number of arguments: write abs(number)`,
		`abs(1,)`:                `|)|expected an argument before )`,
		`1,299`:                  `|,|unexpected ,: commas separate the arguments of a function, not thousands`,
		`"abc`:                   `|"abc|unclosed "`,
		`"\q"`:                   `|\q|\q is not a valid escape: write \\ for a backslash, or use single quotes`,
		`price ^ 2`:              `|^|unknown operator ^: multiply with *`,
		`price ! 2`:              `|!|unexpected !: quote a column name that has symbols in backquotes`,
		`prise / size`:           `|prise|no column prise: did you mean price?`,
		`in-stock + 1`:           "|in|no column in: write `in-stock`",
		`xylophone`:              `|xylophone|no column xylophone: columns are price, size, brand, url, tags, …`,
		`a = b = c`:              `|=|unexpected =: put a comparison in parentheses, as in a = (b = c)`,
		`12kg`:                   `|12kg|unexpected 12kg: quote a column name that begins with a digit in backquotes`,
		`1e999`:                  `|1e999|1e999 is too large`,
		strings.Repeat("(", 200): `|(|nested too deep`,
		strings.Repeat("-", 200): `|-|nested too deep`,
		`and`:                    `|and|expected a column or a number before and`,
	} {
		f, err := compute.Parse(line)
		if err == nil {
			err = f.Check(items)
		}
		wrong, ok := errors.AsType[*lang.Error](err)
		if !ok {
			t.Errorf("%.30s: %v", line, err)
			continue
		}
		if got := "|" + line[wrong.From:wrong.To] + "|" + wrong.Error(); got != want {
			t.Errorf("%.30s:\ngot  %s\nwant %s", line, got, want)
		}
	}
}

// TestCheckBefore checks the errors for formulas that are not in the order of their use.
func TestCheckBefore(t *testing.T) {
	items := shop(t)
	for line, want := range map[string]string{
		"a = price + half":  "half|a later formula computes half: move it",
		"a = `to tal` + 1":  "`to tal`|a later formula computes `to tal`: move it",
		"a = 1 + a":         "a|a formula cannot use its own column: give the column another name, as in other = formula",
		"a = prise + half":  "prise|no column prise: did you mean price?",
		"a = price + size":  "",
		"price = price + 1": "",
	} {
		f, err := compute.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if wrong, ok := errors.AsType[*lang.Error](f.CheckBefore(items, []string{"half", "to tal"}, "move it")); ok {
			got = line[wrong.From:wrong.To] + "|" + wrong.Error()
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", line, got, want)
		}
	}
}

// TestAComputedColumnIsLikeAnyOther reads a computed column in all ways.
func TestAComputedColumnIsLikeAnyOther(t *testing.T) {
	items := shop(t)
	base := items
	for _, line := range []string{"unit = round(price / size, 2)", `"half \"unit\"" = unit / 2`} {
		f, err := compute.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		items = items.WithComputed(f.Name(), f.On(items).Reader)
	}
	unit, half := item.PathOf("unit"), item.PathOf(`half "unit"`)
	var got []string
	readers := []*item.Reader{items.Reader(unit), items.Reader(half), items.Reader(item.PathOf("price"))}
	for i := range items.Len() {
		for _, reader := range readers {
			got = append(got, string(reader.Cell(i).Raw()))
		}
		for j, path := range []item.Path{unit, half, item.PathOf("price")} {
			if read, at := readers[j].Cell(i).Raw(), items.At(i, path).Raw(); string(read) != string(at) {
				t.Errorf("item %d: the reader reads %s, At %s", i, read, at)
			}
			if whole := items.Item(i); whole.Kind() == item.CellObject && string(whole.Child(slices.Collect(path.Keys())[0]).Raw()) != string(items.At(i, path).Raw()) {
				t.Errorf("item %d is %s", i, whole.Raw())
			}
		}
	}
	want := []string{"108.25", "54.125", `"$1,299.00"`, "", "", `"sold out"`, "2.5", "1.25", `"$7.50"`, "", "", ""}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if string(items.Row(1)) != string(base.Row(1)) || string(items.Row(3)) != string(base.Row(3)) {
		t.Errorf("rows without a value are %s and %s", items.Row(1), items.Row(3))
	}
	if added := items.Added(); len(added) != 2 || len(items.Columns()) != len(base.Columns())+2 || !items.IsComputed(half) || items.IsComputed(item.PathOf("price")) {
		t.Errorf("added %v", added)
	}
	if path, found := items.FindPath("unit"); !found || path != unit {
		t.Error("the column has no name")
	}
	expr, err := filter.Parse("unit > 2 and unit < 5")
	if err != nil {
		t.Fatal(err)
	}
	if rows := expr.Picker(items).Pick(nil, []uint32{0, 1, 2, 3}); !slices.Equal(rows, []uint32{2}) {
		t.Errorf("the filter picks %v", rows)
	}
}

func TestAColumnLearnsHowNumbersAreWritten(t *testing.T) {
	var rows []string
	for i := range 20 {
		rows = append(rows, fmt.Sprintf(`{"price":"%d,%02d €","big":"1.%03d"}`, i, i, 100+i), fmt.Sprintf(`{"price":"1.%03d,00 €","big":"2.000,5"}`, i))
	}
	items := itemsOf(t, rows...)
	if got := computed(t, items, "big * 1"); got != "1100" {
		t.Errorf("1.100 is read as %s among other European numbers", got)
	}
}

func TestSyntaxParses(t *testing.T) {
	for _, form := range compute.Syntax() {
		if _, err := compute.Parse(strings.ReplaceAll(form.Text, "…", "c")); err != nil {
			t.Errorf("%s: %v", form.Text, err)
		}
	}
}

func TestComplete(t *testing.T) {
	items := shop(t)
	for line, want := range map[string]string{
		"":               "price size brand",
		"pri":            "price `unit price`",
		"price / si":     "size",
		"price ":         "",
		"ro":             "round(",
		"round(":         "price size brand",
		"1 + `in":        "`in-stock`",
		"in-":            "price size brand",
		`"pri`:           "",
		"price) ":        "",
		"x = pri":        "price `unit price`",
		"price and not ": "price size brand",
	} {
		_, _, candidates := compute.Complete(line, len(line), items)
		var got []string
		for _, c := range candidates[:min(3, len(candidates))] {
			got = append(got, c.Text)
		}
		if text := strings.Join(got, " "); text != want && !strings.HasPrefix(text, want+" ") {
			t.Errorf("%q is completed with %s, want %s", line, text, want)
		}
	}
	if from, to, _ := compute.Complete("price / size", 2, items); from != 0 || to != 5 {
		t.Errorf("the word at the cursor is from %d to %d", from, to)
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{"unit = round(price / size, 2)", "`in-stock` & \"\\x1b\\u00e9\"", "if(a = 1 or not b, 'x', -c % 2)", "((1", "a b = 1e3", "replace(price, '1', price)", "é÷2", "len(tags) <> 2"} {
		f.Add(line)
	}
	items := shop(f)
	f.Fuzz(func(t *testing.T, line string) {
		formula, err := compute.Parse(line)
		if err == nil {
			err = formula.Check(items)
		}
		if err != nil {
			wrong := err.(*lang.Error) //nolint:errcheck,errorlint,forcetypeassert // the contract
			if wrong.From < 0 || wrong.To < wrong.From || wrong.To > len(line) || wrong.Reason == "" || text.Printable(err.Error()) != err.Error() {
				t.Fatalf("%q: %+v", line, wrong)
			}
		} else {
			again, err := compute.Parse(formula.Text())
			if err != nil || again.Name() != formula.Name() || formula.Name() == "" {
				t.Fatalf("%q has the name %q, then %q: %v", line, formula.Name(), again.Name(), err)
			}
			extended := items.WithComputed(formula.Name(), formula.On(items).Reader)
			for i := range extended.Len() {
				var b item.Builder
				row := extended.Row(i)
				if end, err := b.Append(append(slices.Clone(row), ' ')); err != nil || end != len(row) {
					t.Fatalf("%q makes item %s: %v", line, row, err)
				}
			}
		}
		for cursor := range min(len(line), 100) + 1 {
			if from, to, _ := compute.Complete(line, cursor, items); from < 0 || to < from || to > len(line) {
				t.Fatalf("%q completes %d to %d", line, from, to)
			}
		}
	})
}

// TestFormulasThatUseColumnsTwiceAreFast has chains of formulas that would need 2^60 steps if each use of a column
// computed it again.
func TestFormulasThatUseColumnsTwiceAreFast(t *testing.T) {
	tests := []struct{ first, formula, last string }{
		{"price + 1", "X + X", "2305843009213693952"}, // (1 + 1) * 2^60
		{"price + 1", "X * X", ""},                    // too many digits
		{`"ab"`, "X & X", ""},                         // too long
		{`"ab"`, "if(X = Y, X, upper(X))", `"AB"`},
		{"price", "if(X > 0, X, X) - Y + Y", "1"},
	}
	for _, test := range tests {
		var b item.Builder
		for range 5 {
			if _, err := b.Append([]byte(`{"price":1}`)); err != nil {
				t.Fatal(err)
			}
		}
		items := b.Items()
		name, before := "price", "price"
		for i := range 61 {
			line := fmt.Sprintf("c%d = %s", i, test.first)
			if i > 0 {
				line = fmt.Sprintf("c%d = %s", i, strings.NewReplacer("X", name, "Y", before).Replace(test.formula))
			}
			f, err := compute.Parse(line)
			if err != nil {
				t.Fatal(err)
			}
			items = items.WithComputed(f.Name(), f.On(items).Reader)
			name, before = f.Name(), name
		}
		reader := items.Reader(item.PathOf(name))
		for row := range items.Len() {
			got, single := string(reader.Cell(row).Raw()), string(items.At(row, item.PathOf(name)).Raw())
			inRow := string(items.Item(row).Child(name).Raw())
			if got != test.last || single != got || inRow != got {
				t.Errorf("%s: %.50q, %.50q and %.50q, want %q", test.formula, got, single, inRow, test.last)
			}
		}
	}
}
