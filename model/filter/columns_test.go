package filter

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sbwatch/model/compact"
	"sbwatch/model/item"
)

// columnValue returns the value of a column in a row, or "" for none. The columns have few or many different values, of
// one or of several kinds.
func columnValue(t *rapid.T, name string, row int) string {
	odd := []string{"", "null", `""`, `"x"`, "[1]", `"\u0034"`, "true", `"2024-05-01"`, "4", "-0", "1e400", "12345678901234567891", "12345678901234567891.0", "4.00000000000000000001", `"3.99999999999999999999"`, "1e-400"}
	if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
		return rapid.SampledFrom(odd).Draw(t, name)
	}
	switch n := rapid.IntRange(0, 1000).Draw(t, name); name {
	case "few":
		return rapid.SampledFrom([]string{`"x"`, `"y z"`, "4", "5.0", `"$4"`, "null"}).Draw(t, name)
	case "number":
		return fmt.Sprintf("%d.%d", n-500, row)
	case "price":
		return fmt.Sprintf(`"$%d.%02d"`, n+row, n%100)
	case "day":
		return fmt.Sprintf(`"2024-%02d-%02d"`, 1+n%12, 1+(n+row)%28)
	case "time":
		return fmt.Sprintf(`"2024-%02d-%02dT%02d:%02d:%02d.%dZ"`, 1+n%12, 1+n%28, n%24, row%60, n%60, n)
	default:
		return fmt.Sprintf(`"%s %d"`, strings.Repeat("long ", n%20), row)
	}
}

func columnNames() []string { return []string{"few", "number", "price", "day", "time", "text"} }

func TestFiltersMatchTheSameOnColumns(t *testing.T) {
	values := []string{"4", "0", "-3.5", "500", "$500.00", "2024-05-01", "2024-05-01T12:00", "2023", "x", `"4"`, "null", "missing", "long", "true", "2024-06-03T10:00:00.000001Z", "12345678901234567890", "4.00000000000000000001", "1e-400"}
	rapid.Check(t, func(t *rapid.T) {
		var b item.Builder
		for row := range rapid.IntRange(1, 40).Draw(t, "rows") {
			var members []string
			for _, name := range columnNames() {
				if value := columnValue(t, name, row); value != "" {
					members = append(members, `"`+name+`":`+value)
				}
			}
			if _, err := b.Append([]byte("{" + strings.Join(members, ",") + "}")); err != nil {
				t.Fatal(err)
			}
		}
		var text string
		for i := range rapid.IntRange(1, 4).Draw(t, "conditions") {
			if i > 0 {
				text += rapid.SampledFrom([]string{" and ", " or ", " and not ", " or not "}).Draw(t, "join")
			}
			name, op := rapid.SampledFrom(columnNames()).Draw(t, "column"), rapid.SampledFrom([]string{"<", "<=", ">", ">=", "=", "!=", "~", "!~", "?"}).Draw(t, "op")
			text += name + " " + op + " "
			if op != "?" {
				text += rapid.SampledFrom(values).Draw(t, "value")
			}
		}
		expr, err := Parse(text)
		if err != nil {
			t.Skip(text)
		}
		checkOnColumns(t, expr, b.Items())
	})
}

func checkOnColumns(t *rapid.T, expr Expr, items item.Table) {
	var rows []uint32
	for row := range items.Len() {
		if rapid.IntRange(0, 5).Draw(t, "row") > 0 {
			rows = append(rows, uint32(row))
		}
	}
	columns := map[item.Path]*compact.Column{}
	for _, path := range expr.Paths(items) {
		if rapid.IntRange(0, 5).Draw(t, "known") > 0 {
			b := compact.NewBuilder(items, path)
			b.Loader().Load(0, items.Len())
			columns[path] = b.Column()
		}
	}
	want := expr.Picker(items).Pick(nil, rows)
	if got := expr.PickerOn(items, columns).Pick(nil, rows); !slices.Equal(got, want) {
		t.Fatalf("%s matches %v on columns, want %v", expr, got, want)
	}
}
