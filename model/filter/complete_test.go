package filter

import (
	"strings"
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// TestComplete marks the cursor in each text by |, and the text that candidates replace by « and ».
func TestComplete(t *testing.T) {
	items := itemsOf(t,
		`{"name":"Walnut","price":"$19.99","brand":"Acme","rating":4.5,"when":"2024-05-01","dims":{"w":10,"my h":{"x":1}},"in stock":true,"prices":[1,{"k":"x"},1]}`,
		`{"name":"Oak","price":"$1,299.00","brand":"Acme","rating":null,"when":"2024-05-02","dims":{"w":200},"in stock":false}`,
		`{"name":"Elm","price":"n/a","brand":"two words","rating":5,"when":"2024-05-02","in stock":true}`,
	)
	const ordered, texts = "> < >= <= = != ~ !~ ?", "= != ~ !~ ? > < >= <="
	for _, test := range []struct{ text, want string }{
		{"«|»", `name|price|brand|rating|when|dims|dims.w|"dims.my h"|"dims.my h.x"|"in stock"|prices|prices[]|prices[].k`},
		{"«pri|»", "price|prices|prices[]|prices[].k"},
		{"«PRI|»", "price|prices|prices[]|prices[].k"},
		{"«pr|ice» > 5", "price|prices|prices[]|prices[].k"},
		{"«dims.|»", `dims.w|"dims.my h"|"dims.my h.x"`},
		{"«\"in s|»", `"in stock"`},
		{"«\"in s|tock\"» = true", `"in stock"`},
		{"«stock|»", `"in stock"`},
		{"«pa|»", "page"},
		{"«no|»", "not"},
		{"not «pri|»", "price|prices|prices[]|prices[].k"},
		{"not «no|»", ""},
		{"(«bra|»", "brand"},
		{"price > 5 and «bra|»", "brand"},
		{"price > 5 and not («bra|»", "brand"},
		{"price «|»", strings.ReplaceAll(ordered, " ", "|")},
		{"rating «|»", strings.ReplaceAll(ordered, " ", "|")},
		{"when «|»", strings.ReplaceAll(ordered, " ", "|")},
		{"page «|»", strings.ReplaceAll(ordered, " ", "|")},
		{"name «|»", strings.ReplaceAll(texts, " ", "|")},
		{"nowhere «|»", strings.ReplaceAll(texts, " ", "|")},
		{"name «!|»", "!=|!~"},
		{"name «!|=» x", "!=|!~"},
		{"name «>|»", ">|>="},
		{"brand = «|»", `Acme|"two words"`},
		{"brand = «a|»", "Acme"},
		{"brand = «\"tw|»", `"two words"`},
		{"brand != «T|»", `"two words"`},
		{"rating=«|»", "4.5|5|null"},
		{`"in stock" = «|»`, "true|false"},
		{"dims.w = «|»", "10|200|missing"},
		{"prices[] = «|»", "1"},
		{"prices[].k = «|»", "x"},
		{"prices[].k «|»", strings.ReplaceAll(texts, " ", "|")},
		{"brand ~ «|»", `Acme|"two words"`},
		{"not brand !~ «ac|»", "Acme"},
		{"price ~ «n|»", "n/a"},
		{"price > «|»", ""},
		{"rating? «|»", "and|or"},
		{"rating? «a|»", "and"},
		{"price > 5 «o|»", "or"},
		{"(price > 5) «|»", "and|or"},
		{"brand = Acme «|»", "and|or"},
		{"brand = «Acme|»", "Acme"},
		{"brand = «Ac|me» and rating?", "Acme"},
		{"brand Acme «|»", ""},
	} {
		from := strings.Index(test.text, "«")
		unmarked := strings.ReplaceAll(strings.ReplaceAll(test.text, "«", ""), "»", "")
		cursor := strings.Index(unmarked, "|")
		to := strings.Index(strings.ReplaceAll(strings.ReplaceAll(test.text, "«", ""), "|", ""), "»")
		text := strings.Replace(unmarked, "|", "", 1)
		gotFrom, gotTo, candidates := Complete(text, cursor, items)
		var texts []string
		for _, c := range candidates {
			texts = append(texts, c.Text)
		}
		if got := strings.Join(texts, "|"); got != test.want {
			t.Errorf("%s: %s, want %s", test.text, got, test.want)
		}
		if test.want != "" && (gotFrom != from || gotTo != to) {
			t.Errorf("%s: replaces %d to %d, want %d to %d", test.text, gotFrom, gotTo, from, to)
		}
	}
	if _, _, candidates := Complete("brand = ", 8, items); candidates[0].Note != "×2 (sample of 3)" {
		t.Errorf("note of a value = %q", candidates[0].Note)
	}
	if _, _, candidates := Complete("", 0, items); candidates[1].Note != "number" || candidates[0].Note != "text" || candidates[4].Note != "date" {
		t.Errorf("notes of columns = %v", candidates)
	}
	if _, _, candidates := Complete("x", 99, item.Table{}); len(candidates) != 0 {
		t.Errorf("candidates without items: %v", candidates)
	}
}

func TestNoValuesForColumnsWithMany(t *testing.T) {
	var rows []string
	for range 100 {
		rows = append(rows, `{"id":"`+strings.Repeat("x", len(rows))+`"}`)
	}
	if _, _, candidates := Complete("id = ", 5, itemsOf(t, rows...)); len(candidates) != 0 {
		t.Errorf("%v", candidates)
	}
}

func FuzzComplete(f *testing.F) {
	for _, text := range []string{"price > 20 and br", "not (\"in st", "a = \"x\\", "a?b", "((", "é = é"} {
		f.Add(text, len(text)/2)
	}
	items := itemsOf(f, `{"a":"x","é":"é","in stock":true,"b":{"c":1}}`, `{"a":"y \u001b[31m","é":null}`)
	f.Fuzz(func(t *testing.T, s string, cursor int) {
		from, to, candidates := Complete(s, cursor, items)
		if from < 0 || to < from || to > len(s) {
			t.Fatalf("%q at %d: from %d to %d", s, cursor, from, to)
		}
		for _, c := range candidates {
			if text.Printable(c.Text) != c.Text || text.Printable(c.Note) != c.Note || c.Text == "" {
				t.Fatalf("%q at %d: candidate %+v", s, cursor, c)
			}
		}
	})
}

// TestCompletionOffersEachNameOnce completes a name that may be a column or a nested value. It must be offered once, as
// the column.
func TestCompletionOffersEachNameOnce(t *testing.T) {
	for _, row := range []string{`{"a":{"b":1,"c":2},"a.b":"x","l":[1],"l[]":2}`, `{"a.b":"x","a":{"b":1,"c":2},"l[]":2,"l":[1]}`} {
		_, _, candidates := Complete("", 0, itemsOf(t, row))
		notes := map[string]string{}
		for _, c := range candidates {
			if _, twice := notes[c.Text]; twice {
				t.Errorf("%s: %s is offered twice", row, c.Text)
			}
			notes[c.Text] = c.Note
		}
		if len(notes) != 5 || notes["a.b"] != "text" || notes["l[]"] != "number" || notes["a.c"] != "number" {
			t.Errorf("%s: %v", row, notes)
		}
	}
}

// TestCompletionsCanBeTyped checks that candidates escape characters that an input line drops: U+FFFD and control
// characters.
func TestCompletionsCanBeTyped(t *testing.T) {
	items := itemsOf(t, `{"k\ufffd":"a\ufffdb","c\u0085":"d\u0007"}`, `{"k\ufffd":"a\ufffdb","c\u0085":"d\u0007"}`)
	for _, text := range []string{"", `"k\ufffd" = `, `"c\u0085" = `} {
		_, _, candidates := Complete(text, len(text), items)
		if len(candidates) == 0 {
			t.Errorf("%s: no candidates", text)
		}
		for _, c := range candidates {
			if strings.ContainsFunc(c.Text, func(r rune) bool { return r == '\ufffd' || r < ' ' || r >= 0x7f && r < 0xa0 }) {
				t.Errorf("%s: %q cannot be typed", text, c.Text)
			}
			if whole := text + c.Text; text != "" {
				if expr, err := Parse(whole); err != nil {
					t.Errorf("%s: %v", whole, err)
				} else if err := expr.Check(items); err != nil {
					t.Errorf("%s: %v", whole, err)
				}
			}
		}
	}
}
