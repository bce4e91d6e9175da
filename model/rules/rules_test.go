package rules

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// subject returns a run with the given pages, which have one item per line.
func subject(t testing.TB, run run.Run, pages ...string) Subject {
	t.Helper()
	var b item.Builder
	for _, page := range pages {
		page, bare := strings.CutPrefix(page, "-")
		if !bare {
			b.StartPage()
		}
		for row := range strings.Lines(page) {
			if _, err := b.Append([]byte(strings.TrimSpace(row) + " ")); err != nil {
				t.Fatalf("%s: %v", row, err)
			}
		}
	}
	items := b.Items()
	part := profile.NewScan(items).Part()
	part.Rows(0, items.Len())
	return Subject{Run: run, Profile: part.Finish(), Duplicates: func(path item.Path) (profile.Duplicates, error) {
		keys := profile.NewKeys(items, path)
		keys.Reader().Rows(0, items.Len())
		return keys.Duplicates(), nil
	}}
}

func driftRun(drift float64, warnings ...string) run.Run {
	texts := []text.Text{}
	for _, w := range warnings {
		texts = append(texts, text.NewText(w))
	}
	return run.Run{Result: optional.Some(run.Result{Drift: optional.Some(drift), Warnings: optional.Some(texts)})}
}

const shop = `{"sku":"a","price":"$1","tags":["x"],"dims":{"w":1}}
{"sku":"b","price":2,"tags":[],"dims":{"w":2}}
{"sku":"b","price":"","dims":null}
{"sku":"c","price":"ask"}
`

func TestJudge(t *testing.T) {
	r := subject(t, driftRun(0.25, "page 3: \x1b[31mno price"), shop, "", shop)
	bare := subject(t, run.Run{}, "-"+shop)
	hollow := subject(t, run.Run{}, "-"+`{"sku":null,"price":1}`+"\n"+`{"sku":" "}`)
	empty := subject(t, driftRun(0), "")
	for _, test := range []struct {
		on   Subject
		kind Kind
		flag string
		want string
	}{
		{r, MinItems, "8", "ok: 8 items"},
		{r, MinItems, "9", "fail: 8 items"},
		{r, MinItems, "9/8", "warn: 8 items"},
		{r, MinItems, "9/", "warn: 8 items"},
		{r, MaxItems, "8", "ok: 8 items"},
		{r, MaxItems, "7", "fail: 8 items"},
		{r, Coverage, "price=0.75", "ok: 0.75: in 6 of 8 items"},
		{r, Coverage, "price=80%", "fail: 0.75: in 6 of 8 items [2 6]"},
		{r, Coverage, "price=0.8/0.5", "warn: 0.75: in 6 of 8 items [2 6]"},
		{r, Coverage, "dims.w=0.6", "fail: 0.50: in 4 of 8 items [2 3 6]"},
		{r, Coverage, "tags[]=1", "ok: 1: in 2 of 2 values"},
		{r, Coverage, "prize=0.1", "fail: 0: no item has prize, did you mean price?"},
		{r, Coverage, "prize=0", "ok: 0: no item has prize, did you mean price?"},
		{empty, Coverage, "price=0.1", "fail: 0: there are no items"},
		{r, Unique, "sku", "fail: 5 of 8 values are duplicates [0 4]"},
		{bare, Unique, "dims.w", "ok: all 2 values differ; empty in 2 items"},
		{bare, Unique, "nowhere", "not judged: cannot be judged: no item has nowhere"},
		{hollow, Unique, "sku", "not judged: cannot be judged: sku is empty everywhere"},
		{bare, Unique, "tags[]", "not judged: cannot be judged: tags[] is inside lists"},
		{bare, Type, "price=number", "fail: text in 1 of 3 values [3]"},
		{bare, Type, "price=text", "fail: number in 1 of 3 values [1]"},
		{bare, Type, "sku=text", "ok: all 4 values"},
		{bare, Type, "dims=OBJECT", "ok: all 2 values"},
		{bare, Type, "price=text/number", "fail: text in 1 of 3 values [3]"},
		{r, MaxDuplicates, "3", "fail: 4 duplicates [0 4]"},
		{r, MaxDuplicates, "4", "ok: 4 duplicates"},
		{r, MaxEmptyPages, "0", "fail: 1 empty page of 3 pages [2]"},
		{r, MaxEmptyPages, "1", "ok: 1 empty page of 3"},
		{r, MaxRepeatedPages, "0", "ok: 0 repeated pages of 3"},
		{bare, MaxEmptyPages, "0", "not judged: cannot be judged: there are no pages"},
		{r, MaxDrift, "0.3", "ok: drift 0.25"},
		{r, MaxDrift, "0.2/0.3", "warn: drift 0.25"},
		{bare, MaxDrift, "1", "not judged: cannot be judged: the drift is unknown"},
		{bare, MaxDrift, "1/", "warn: cannot be judged: the drift is unknown"},
		{r, NoWarnings, "", `fail: 1 warning: page 3: \x1b[31mno price`},
		{empty, NoWarnings, "", "ok: 0 warnings"},
		{bare, NoWarnings, "", "not judged: cannot be judged: the warnings are unknown"},
	} {
		rule, err := ParseFlag(test.kind, test.flag)
		if err != nil {
			t.Fatalf("%s %s: %v", test.kind, test.flag, err)
		}
		verdicts, err := Judge(Set{rule}, test.on)
		if err != nil {
			t.Fatal(err)
		}
		v := verdicts[0]
		got := v.Level.String() + ": " + v.Found
		if len(v.Rows) > 0 {
			got += " " + fmt.Sprint(v.Rows)
		}
		if len(v.Pages) > 0 {
			got += " pages " + fmt.Sprint(v.Pages)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", rule, got, test.want)
		}
		if v.Level.IsBroken() != (v.Level == Broken || v.Level == NotJudged) {
			t.Errorf("%s: broken %t", v.Level, v.Level.IsBroken())
		}
	}
}

func TestInvalidFlags(t *testing.T) {
	for _, test := range []struct {
		kind Kind
		flag string
		says string
	}{
		{MinItems, "", `"" is not a number`},
		{MinItems, "many", `"many" is not a number`},
		{MinItems, "-1", "-1 is below 0"},
		{MinItems, "1.5", "1.5 is not a whole number"},
		{MinItems, "50%", `"50%" is not a number`},
		{MinItems, "NaN", `"NaN" is not a number`},
		{MinItems, "inf", `"inf" is not a number`},
		{MinItems, "/", "write a limit, as in 90/80"},
		{Coverage, "price=/", "write a limit, as in price=0.95/0.9"},
		{Type, "price=/", "write a limit"},
		{MinItems, "50/80", "the warn limit 50 has no effect, because the fail limit 80 is reached first"},
		{MaxItems, "80/50", "is reached first"},
		{Coverage, "0.9", "write a column and a limit, as in price=0.9"},
		{Coverage, "=0.9", "write a column and a limit"},
		{Coverage, "price=", `"" is not a number`},
		{Coverage, "price=9", "9 is more than 1 (1 means all items)"},
		{Type, "price=money", `"money" is not a type`},
		{Type, "price", "as in price=number"},
		{Unique, "", "column is missing"},
		{MaxDrift, "0.3/0.2", "is reached first"},
		{MaxDrift, "30", "30 is more than 1, the maximum drift"},
		{MaxDrift, "Infinity", `"Infinity" is not a number`},
	} {
		rule, err := ParseFlag(test.kind, test.flag)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s %q: %v, %v, want %q", test.kind, test.flag, rule, err, test.says)
		}
	}
}

func TestParseFile(t *testing.T) {
	file, problems := ParseFile([]byte(`
# for all
min-items = { warn = 1_000, fail = 50 }
unique = ["sku", "url"]
no-warnings = true
max-drift = 0.3

[coverage]
price = 0.9
"dims.w" = "50%"
name = 1
dims.h = { warn = 0.5 }
"with = / ?" = 0.1

[type]
price = "number"

[recipe.m3Yc2tFvN8q]
min-items = 10
no-warnings = false
unique = { warn = "id" }

[recipe.m3Yc2tFvN8q.coverage]
price = 0.5
warn = 0.1

["recipe"."a b"]
max-drift.warn = 0.1
max-drift.fail = 0.2
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, test := range []struct {
		recipe string
		want   string
	}{
		{"", "min-items 1000/50|coverage price 0.9|coverage dims.w 0.5|coverage name 1|coverage dims.h 0.5/|coverage with = / ? 0.1|type price number|unique sku|unique url|max-drift 0.3|no-warnings"},
		{"m3Yc2tFvN8q", "min-items 10|coverage price 0.5|coverage dims.w 0.5|coverage name 1|coverage dims.h 0.5/|coverage with = / ? 0.1|coverage warn 0.1|type price number|unique sku|unique url|unique id|max-drift 0.3"},
		{"a b", "min-items 1000/50|coverage price 0.9|coverage dims.w 0.5|coverage name 1|coverage dims.h 0.5/|coverage with = / ? 0.1|type price number|unique sku|unique url|max-drift 0.1/0.2|no-warnings"},
	} {
		if got := tell(file.For(text.NewText(test.recipe))); got != test.want {
			t.Errorf("for %q\n%s, want\n%s", test.recipe, got, test.want)
		}
	}
	flags := Set(nil)
	for _, given := range []struct {
		kind Kind
		text string
	}{{MinItems, "7"}, {Coverage, "price=1"}, {Coverage, "price=0.2"}} {
		rule, err := ParseFlag(given.kind, given.text)
		if err != nil {
			t.Fatal(err)
		}
		flags = flags.WithGiven(rule)
	}
	if got := tell(file.For(text.NewText("x")).With(flags)); !strings.HasPrefix(got, "min-items 7|coverage price 0.2|coverage dims.w") {
		t.Errorf("flags do not win: %s", got)
	}
}

// TestRulesRemovedForARecipe checks that rules for all recipes can be removed for one recipe, including rules that
// exist once per column.
func TestRulesRemovedForARecipe(t *testing.T) {
	file, problems := ParseFile([]byte("\ufeff" + `# saved with a byte order mark
min-items = 5
unique = ["sku", "url"]
coverage.price = 0.9
type.price = "number"
[recipe.a]
unique = []
coverage = false
type = false
[recipe.b]
unique = false
coverage.name = 1
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for recipe, want := range map[string]string{
		"":  "min-items 5|coverage price 0.9|type price number|unique sku|unique url",
		"a": "min-items 5",
		"b": "min-items 5|coverage price 0.9|coverage name 1|type price number",
	} {
		if got := tell(file.For(text.NewText(recipe))); got != want {
			t.Errorf("for %q\n%s, want\n%s", recipe, got, want)
		}
	}
}

func tell(set Set) string {
	var rules []string
	for _, rule := range set {
		rules = append(rules, rule.String())
	}
	return strings.Join(rules, "|")
}

func TestFileErrorsHaveLines(t *testing.T) {
	for _, test := range []struct{ text, says string }{
		{"min-items = \n", "line 1: "},
		{"\n\nmin-item = 1", `line 3: no rule "min-item": did you mean min-items?`},
		{"wholly-unknown-thing = 1", "no rule \"wholly-unknown-thing\": use one of min-items, max-items"},
		{"[covrage]\nprice = 1", `line 1: no rule "covrage": did you mean coverage?`},
		{"[recipe.x.covrage]\n", `line 1: no rule "covrage"`},
		{"min-items = 1\nmin-items = 2", "line 2: "},
		{"coverage = 0.9", "line 1: coverage needs a column, as in coverage.price"},
		{"coverage.price = \"most\"", `line 1: coverage: "most" is not a number`},
		{"\ncoverage.price = 1.5", "line 2: coverage: 1.5 is more than 1"},
		{"\ncoverage.price = { warn = 0.5, fail = 0.9 }", "line 2: coverage: the warn limit 0.5 has no effect"},
		{"min-items = { warm = 1 }", `min-items can have only the keys warn and fail, not "warm"`},
		{"\ncoverage.price = { warn = 0.5, oops = 1 }", `line 2: coverage price can have only the keys warn and fail, not "oops": write "price.oops" in quotes if it is a column`},
		{"[recipe.x.coverage.a.b]\nfail = 0.5\noops.fail = 1", `line 3: coverage a.b can have only the keys warn and fail, not "oops"`},
		{"type.price = { oops = \"number\", fail = \"number\" }", `type price can have only the keys warn and fail, not "oops"`},
		{"min-items = [1]", "min-items needs a number"},
		{"min-items = nan", `"nan" is not a number`},
		{"\nmax-drift = +inf", `line 2: max-drift: "+inf" is not a number`},
		{"max-drift = 30", "30 is more than 1"},
		{"type.price = 1", "type needs the name of a type in quotes"},
		{"type.price = \"money\"", `type: "money" is not a type`},
		{"unique = 3", "unique needs the names of columns in quotes"},
		{"unique = [\"\"]", "unique: the column is missing"},
		{"no-warnings = 1", "no-warnings must be true or false"},
		{"recipe = 1", "write the rules of a recipe below its id"},
		{"recipe.\"\".min-items = 1", "write the rules of a recipe below its id"},
		{"[[recipe]]\nmin-items = 1", "line 1: write a heading with one pair of brackets"},
		{"a\x1b[31m = 1", "line 1: "},
	} {
		_, problems := ParseFile([]byte(test.text))
		if len(problems) == 0 {
			t.Errorf("%q: no problem, want %q", test.text, test.says)
			continue
		}
		wrong := problems[0]
		wrong.File = "f"
		if !strings.Contains(wrong.String(), test.says) || wrong.Line < 1 || wrong.Reason != text.Printable(wrong.Reason) {
			t.Errorf("%q: %v, want %q", test.text, wrong, test.says)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add("min-items = { warn = 80, fail = 50 }\nunique = [\"sku\"]\ncoverage.price = 0.9\n[recipe.x]\nmin-items = 10\n")
	f.Add("[recipe.\"a b\".coverage]\n\"dims.w\" = \"50%\"\nno-warnings = false")
	f.Fuzz(func(t *testing.T, s string) {
		file, problems := ParseFile([]byte(s))
		for _, problem := range problems {
			if problem.Line < 1 || problem.String() != text.Printable(problem.String()) {
				t.Fatalf("problem %v", problem)
			}
		}
		for _, rule := range file.For(text.NewText("x")) {
			if !rule.Warn.Set && !rule.Fail.Set || rule.check() != "" {
				t.Fatalf("%+v is no rule: %s", rule, rule.check())
			}
		}
	})
}

func FuzzParseFlag(f *testing.F) {
	f.Add(int(Coverage), "price=0.9/0.8")
	f.Add(int(MinItems), "50")
	f.Add(int(MaxItems), "/")
	f.Add(int(MaxDrift), "inf")
	f.Fuzz(func(t *testing.T, kind int, s string) {
		if kind < 0 || kind >= int(kinds) {
			return
		}
		rule, err := ParseFlag(Kind(kind), s)
		if err == nil && (rule.check() != "" || !rule.Warn.Set && !rule.Fail.Set || rule.String() != text.Printable(rule.String())) {
			t.Fatalf("%q gives %+v", s, rule)
		}
	})
}

// TestKeysOfManyItemsAreSuggested checks that unique values are found even if the profile only estimates the number of
// different values.
func TestKeysOfManyItemsAreSuggested(t *testing.T) {
	var page strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&page, `{"sku":"S%d","url":"u%d","name":"n%d"}`+"\n", i, i/2*2, i)
	}
	on := subject(t, run.Run{}, "-"+page.String())
	if column, _ := on.column(Rule{Column: text.NewText("sku")}); !on.Profile.Columns[column].Distinct.Estimated {
		t.Fatal("the profile counts this many values exactly")
	}
	if text := Suggest(on); !strings.Contains(text, "\nunique = [\"sku\"]\n") {
		t.Errorf("no unique sku alone in\n%s", text)
	}
}

// TestSuggestionsAreShort checks that the suggested file is short and readable, even with very many columns or very
// long names.
func TestSuggestionsAreShort(t *testing.T) {
	page := ""
	for i := range 300 {
		page += fmt.Sprintf(`{"name":1,"column_%d":1}`+"\n", i)
	}
	page += `{"` + strings.Repeat("no end of words ", 500) + `":2}`
	text := Suggest(subject(t, run.Run{}, page))
	if lines := strings.Count(text, "\n"); lines > 40 {
		t.Errorf("%d lines:\n%s", lines, text)
	}
	for line := range strings.Lines(text) {
		if len(line) > 160 {
			t.Errorf("%d bytes in %.60s…", len(line), line)
		}
	}
	for _, want := range []string{"# column_0 has a value in 1 of 301 items\n", "# and 281 other columns with values in few items\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestSuggestionSaysWhyItHasNoType(t *testing.T) {
	page := ""
	for i := range 20 {
		price, size := fmt.Sprintf("$%d", i), fmt.Sprintf("%d foo", i)
		if i%5 == 0 {
			price, size = "ask us", fmt.Sprintf("%d bar", i)
		}
		page += fmt.Sprintf(`{"name":"lamp %c","brand":"b%c","price":%q,"size":%q,"sort":"$%d - $%d"`, 'a'+i, 'a'+i, price, size, i, i+5)
		if i < 8 {
			page += `,"stock":5`
		}
		page += "}\n"
	}
	text := Suggest(subject(t, run.Run{}, page))
	for _, want := range []string{
		"# no type for name, brand: ordinary text needs no type rule\n",
		"# no type for price: 20% of its values are not numbers (4 text, 16 number in text)\n",
		"# no type for size: its numbers have units that cannot be compared\n",
		"# no type for stock: fewer than 10 values\n",
		"sort = \"number\"\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestTypeOfMultipliersAndUnits(t *testing.T) {
	for _, test := range []struct {
		items string
		want  string
		level Level
	}{
		{`{"p":"₹1.25 Cr"} {"p":"₹95 Lac"}`, "all 2 values", Holds},
		{`{"p":"9800万円"} {"p":"1億円"} {"p":"5000円"}`, "all 3 values", Holds},
		{`{"p":"$1.40 to $5.62"} {"p":"$9.99"}`, "all 2 values", Holds},
		{`{"p":"5 foo"} {"p":"7 bar"}`, "text in 2 of 2 values", Broken},
		{`{"p":"113 000 DH"} {"p":"Prix non spécifié"}`, "text in 1 of 2 values", Broken},
	} {
		rule, err := ParseFlag(Type, "p=number")
		if err != nil {
			t.Fatal(err)
		}
		verdicts, err := Judge(Set{rule}, subject(t, run.Run{}, strings.ReplaceAll(test.items, "} {", "}\n{")))
		if err != nil || verdicts[0].Found != test.want || verdicts[0].Level != test.level {
			t.Errorf("%s: %v, %v, want %s", test.items, verdicts, err, test.want)
		}
	}
}

// TestSuggestionsHoldForTheirRun checks that the suggested file is valid, and that the run it was made from passes.
func TestSuggestionsHoldForTheirRun(t *testing.T) {
	keys := []string{"name", "dims", "dims.w", "a b", `q"uote\`, "\x1b[31m", "sku", "ünï", "", "warn", "fail", "_-", "😀"}
	values := []string{`1`, `"$2.00"`, `"x"`, `""`, `null`, `[]`, `{"w":1}`, `{"h":"2","w":null}`, `true`, `["a"]`}
	rapid.Check(t, func(rt *rapid.T) {
		pages := make([]string, rapid.IntRange(1, 4).Draw(rt, "pages"))
		for i := range pages {
			for range rapid.IntRange(0, 12).Draw(rt, "items") {
				var members []string
				for _, key := range keys {
					if rapid.IntRange(0, 3).Draw(rt, "has") > 0 {
						name, err := text.NewText(key).MarshalJSON()
						if err != nil {
							rt.Fatal(err)
						}
						members = append(members, string(name)+":"+rapid.SampledFrom(values).Draw(rt, "value"))
					}
				}
				pages[i] += "{" + strings.Join(members, ",") + "}\n"
			}
		}
		run := driftRun(rapid.Float64Range(0, 1).Draw(rt, "drift"))
		run.RecipeID = text.NewText(rapid.SampledFrom([]string{"", "m3Yc2tFvN8q", "a.b \""}).Draw(rt, "recipe"))
		on := subject(t, run, pages...)
		s := Suggest(on)
		for line := range strings.Lines(s) {
			if line = strings.TrimSuffix(line, "\n"); line != text.Printable(line) {
				rt.Fatalf("%q is not printable", line)
			}
		}
		file, problems := ParseFile([]byte(s))
		if len(problems) > 0 {
			rt.Fatalf("%v in\n%s", problems, s)
		}
		set := file.For(run.RecipeID)
		if len(set) == 0 {
			rt.Fatalf("no rules in\n%s", s)
		}
		verdicts, err := Judge(set, on)
		if err != nil {
			rt.Fatal(err)
		}
		for _, v := range verdicts {
			if v.Level != Holds {
				rt.Fatalf("%s: %s, %s, in\n%s", v.Rule, v.Level, v.Found, s)
			}
		}
	})
}

// TestSuggestionsForHostileKeys checks that the suggested file is valid with any keys, and that the items pass.
func TestSuggestionsForHostileKeys(t *testing.T) {
	hostile := []string{
		"\xff", "a\xff", "a\xfe", "a\ufffd", "\ufffd", "\xed\xa0\x80", "\x00", "a\x00b", "\n", "\r\n", "\t", "\x7f", "\u0085", "\u202e", "\ufeff",
		"", ".", "a.b", "a..b", "[]", "a[]", `"`, `\`, `'`, "#", "=", "{", "]", "id", "id\xff", "x.id", "recipe", "coverage", "warn", "fail", "1", "-", "é",
		strings.Repeat("k", 3000), strings.Repeat("k", 3000) + "2", strings.Repeat("\xff", 3000), "\U0010ffff", "\U000e0001",
	}
	rapid.Check(t, func(rt *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.OneOf(
			rapid.SampledFrom(hostile), rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		), 1, 12, rapid.ID).Draw(rt, "keys")
		var page strings.Builder
		for row := range 12 {
			var members []string
			for _, name := range names {
				quoted := strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(name)
				for c := range 0x20 { // characters that JSON does not allow unescaped
					quoted = strings.ReplaceAll(quoted, string(rune(c)), fmt.Sprintf(`\u%04x`, c))
				}
				members = append(members, `"`+quoted+`":`+strconv.Itoa(row))
			}
			page.WriteString("{" + strings.Join(members, ",") + "}\n")
		}
		run := driftRun(0)
		run.RecipeID = text.NewText(rapid.SampledFrom(hostile).Draw(rt, "recipe"))
		on := subject(t, run, page.String())
		text := Suggest(on)
		file, problems := ParseFile([]byte(text))
		if len(problems) > 0 {
			rt.Fatalf("%v in\n%q", problems, text)
		}
		set := file.For(run.RecipeID)
		verdicts, err := Judge(set, on)
		if err != nil || len(set) == 0 {
			rt.Fatalf("%d rules, %v, in\n%s", len(set), err, text)
		}
		for _, v := range verdicts {
			if v.Level != Holds {
				rt.Fatalf("%s: %s, %s, in\n%s", v.Rule, v.Level, v.Found, text)
			}
		}
	})
}

func TestAskedIsForReading(t *testing.T) {
	for flag, want := range map[string]string{"1300": "at least 1,300", "1300/90": "at least 90, warns below 1,300", "1300/": "at least 1,300, else warns"} {
		rule, err := ParseFlag(MinItems, flag)
		if err != nil || rule.Asked() != want {
			t.Errorf("%s asks for %q, want %q (%v)", flag, rule.Asked(), want, err)
		}
	}
}
