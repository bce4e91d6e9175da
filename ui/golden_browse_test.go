package ui

import (
	"fmt"
	"testing"

	"sbwatch/model/item"
)

// broken returns a run in which price stops, one page repeats the previous one, and texts are hostile.
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
		{"opened-nested", play("$", "h", "(")},
		{"choose-column", typing("c", "n")},
		{"choose-columns", play("=", "ctrl+a", "space", "j")},
		{"columns", play("2")},
		{"column", play("2", "l")},
		{"column-end", play("2", "l", "G")},
		{"duplicates", play("2", "j", "j", "j", "enter")},
		{"pages", play("3", "j", "j")},
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
