package ui

import (
	"fmt"
	"testing"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/rules"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/widget/table"
)

// broken returns the pages of a run. From some page on, the price is missing. One page repeats the previous one, and
// texts are hostile.
func broken() [][]string {
	var pages [][]string
	for page := range 8 {
		var rows []string
		for i := range 9 {
			n := 9*page + i
			price := fmt.Sprintf(`,"price":"$%d.99"`, 19+37*n%900)
			if page >= 2 {
				price = ""
			}
			rating := fmt.Sprint(1+n%4) + ".5"
			if n%6 == 0 {
				rating = "null"
			}
			rows = append(rows, fmt.Sprintf(`{"name":"Rugged Kettle %04d"%s,"rating":%s,"brand":"Acme","in_stock":%v,"dims":{"w":%d,"h":2.5},"note":"\u001b[31m<b>red</b> %d"}`,
				n, price, rating, n%3 == 0, n, n))
		}
		pages = append(pages, rows)
	}
	pages[5] = pages[4]
	return pages
}

// browseScenes returns scenes of browsing items: search, filter, sort, profile and export.
func browseScenes() []scene {
	play := func(keys ...string) func(t *testing.T, w, h int) *stage {
		return func(t *testing.T, w, h int) *stage {
			t.Helper()
			return browses(t, w, h, broken()...).does(keys...)
		}
	}
	typing := func(key, text string, then ...string) func(t *testing.T, w, h int) *stage {
		return func(t *testing.T, w, h int) *stage {
			t.Helper()
			return browses(t, w, h, broken()...).does(key).types(text).does(then...)
		}
	}
	return []scene{
		{"formatted", formatted},
		{"computed", func(t *testing.T, w, h int) *stage { t.Helper(); return computes(t, w, h) }},
		{"computing", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return computes(t, w, h).does("+").types("round(price / si")
		}},
		{"formula-wrong", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return computes(t, w, h).does("+").types("prise / size").does("enter")
		}},
		{"found", typing("/", "kettle 00", "enter", "j", "n")},
		{"searching", typing("/", "red")},
		{"search-wrong", typing("/", "re:(")},
		{"nothing-found", typing("/", "nowhere")},
		{"filtering", typing("f", "ra")},
		{"filter-wrong", typing("f", "rating > 2 and prise ~ 3", "enter")},
		{"filtered", typing("f", "rating > 2 and not price?", "enter", "/", "4", "enter", "&")},
		{"filtered-to-nothing", typing("f", "rating > 200", "enter")},
		{"sorted", play("l", "l", "s", "s", "l", "S")},
		{"frozen", play("z", "$")},
		{"wrapped", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return browsesItems(w, h, descriptions(t)).does("w", "w", "j").does("/").types("lid").does("enter")
		}},
		{"marked", play("V", "j", "V", "G", "E", "C")},
		{"marked-rows", play("V", "j", "V")},
		{"pinned", func(t *testing.T, w, h int) *stage {
			t.Helper()
			filters := fakeFilters{"catalogue01": {{Name: "bad", Filters: []string{"not price?"}}, {Name: "top rated", Filters: []string{"rating > 4", "brand = Acme"}}}}
			return browsesWithFilters(t, w, h, filters).does("P", "down")
		}},
		{"grouped", play("l", "l", "#", "j", "l", "s")},
		{"opened-nested", play("$", "h", "(")},
		{"choose-column", typing("c", "n")},
		{"choose-columns", play("=", "ctrl+a", "space", "j")},
		{"columns", play("2")},
		{"column", play("2", "l")},
		{"column-end", play("2", "l", "G")},
		{"duplicates", play("2", "j", "j", "j", "enter")},
		{"pages", play("3", "j", "j")},
		{"checks", func(t *testing.T, w, h int) *stage { t.Helper(); return checks(t, w, h, testRules).does("4", "j") }},
		{"checks-items", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return checks(t, w, h, testRules).does("4", "j", "enter")
		}},
		{"checks-suggested", func(t *testing.T, w, h int) *stage { t.Helper(); return checks(t, w, h, nil).does("4") }},
		{"export", play("e", "tab")},
		{"columns-hostile", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return browsesItems(w, h, hostile(t)).does("2", "l")
		}},
		{"columns-empty", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return browsesItems(w, h, itemsOf(t, nil)).does("2")
		}},
		{"pages-none", func(t *testing.T, w, h int) *stage {
			t.Helper()
			var b item.Builder
			if _, err := b.Append([]byte(`{"a":1} `)); err != nil {
				t.Fatal(err)
			}
			return browsesItems(w, h, b.Items()).does("3")
		}},
	}
}

// descriptions returns items with long texts of several lines and prices in several notations.
func descriptions(t *testing.T) item.Table {
	t.Helper()
	return itemsOf(t, []string{
		`{"name":"Rugged Kettle","price":"$1,299.5","size":12,"about":"A kettle for every kitchen: boils a liter in two minutes, keeps it warm for an hour, and its lid stays cool.\nFor indoor use only."}`,
		`{"name":"検索結果の表示","price":"$7","size":3,"about":"広い画面でも狭い画面でも、すべての文字が読めるように折り返します。広い画面でも狭い画面でも。"}`,
		`{"name":"Lamp","price":"-$0.25","size":0,"about":"https://shop.example/a/very/long/address/without/any/space/that/no/column/has/the/room/for"}`,
		`{"name":"Torch","price":"€ 20,00","size":4,"about":"\u001b[31mred\u001b[0m \u202egnol si taht eman"}`,
		`{"name":"Bowl","price":null,"size":2500000,"about":""}`,
	})
}

// formatted is a scene of a table whose numbers are formatted in several ways.
func formatted(t *testing.T, w, h int) *stage {
	t.Helper()
	s := browsesItems(w, h, descriptions(t))
	for column, presses := range []int{0, 4, 6, 0} {
		s.table().SelectColumn(column)
		for range presses {
			s.does("%")
		}
	}
	return s.does("0", "l")
}

// testRules returns rules that a run meets, that only warn, that are broken, and that cannot be judged.
func testRules(text.Text) rules.Set {
	var set rules.Set
	for _, rule := range []struct {
		kind rules.Kind
		flag string
	}{
		{rules.MinItems, "50"},
		{rules.Coverage, "price=0.95/0.8"},
		{rules.Coverage, "rating=0.9/"},
		{rules.Type, "prise=number"},
		{rules.Unique, "name"},
		{rules.MaxRepeatedPages, "0"},
		{rules.NoWarnings, "true"},
	} {
		parsed, err := rules.ParseFlag(rule.kind, rule.flag)
		if err != nil {
			panic(err)
		}
		set = append(set, parsed)
	}
	return set
}

// checks returns a dashboard that shows a run with broken items, and checks it.
func checks(t *testing.T, w, h int, given func(text.Text) rules.Set) *stage {
	t.Helper()
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Rules: given,
	}, w, h).at(time.Minute)
	items := itemsOf(t, broken()...)
	return s.follow(s.update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)}))
}
