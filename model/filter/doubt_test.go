package filter

import "testing"

func TestDoubt(t *testing.T) {
	items := itemsOf(t,
		`{"price":"$12.00","day":"2024-05-01","name":"a","n":3}`,
		`{"price":"$1,299.00","day":"2024-06-01","name":"b","n":4}`)
	for text, want := range map[string]string{
		"price > abc":             "abc is not a number, but price has numbers",
		"price > 20":              "",
		"price > $20":             "",
		"n <= x and price > 1":    "x is not a number, but n has numbers",
		"not (name = b or n > -)": "- is not a number, but n has numbers",
		"day > 2024-05-10":        "",
		"day > 5":                 "5 is not a date, but day has dates",
		"price > 2024-05-10":      "2024-05-10 is not a number, but price has numbers",
		"name > abc":              "",
		"price = abc":             "",
		"price ~ abc":             "",
		"page > abc":              "abc is not a number, but page has numbers",
		"nowhere > abc":           "",
	} {
		expr, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got := ""
		if doubt := expr.Doubt(items); doubt != nil {
			got = doubt.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
