package compact

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sbwatch/model/item"
)

// TestColumnsHaveTheValuesOfTheTable builds columns of each form and compares them with the table.
func TestColumnsHaveTheValuesOfTheTable(t *testing.T) {
	forms := map[string]func(row int) string{
		"few values":   func(row int) string { return fmt.Sprintf(`{"a":"x%d","b":1}`, row%7) },
		"some values":  func(row int) string { return fmt.Sprintf(`{"b":[],"a":%d}`, row%700) },
		"many numbers": func(row int) string { return fmt.Sprintf(`{"c":{},"a":%d.5}`, row) },
		"many dates": func(row int) string {
			return fmt.Sprintf(`{"a":"2024-05-01T%02d:%02d:%02dZ"}`, row/3600, row/60%60, row%60)
		},
		"missing": func(row int) string { return []string{`{"a":null}`, `{"b":1}`, `[]`, `{"a":{"a":1}}`}[row%4] },
		"far":     func(row int) string { return fmt.Sprintf(`{"b":"%s","a":%d}`, strings.Repeat("x", 1<<16*(row%2)), row) },
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			items := tableOf(t, 2000, form)
			path := item.PathOf("a")
			b := NewBuilder(items, path)
			for loader, from := b.Loader(), 0; from < items.Len(); from += 100 {
				loader.Load(from, from+100)
			}
			column := b.Column()
			reader := column.Reader()
			for row := range items.Len() {
				got, want := reader.Cell(row), items.At(row, path)
				if !bytes.Equal(got.Raw(), want.Raw()) || got.Kind() != want.Kind() {
					t.Fatalf("row %d has %q, want %q", row, got.Raw(), want.Raw())
				}
			}
			isDictionary := name == "few values" || name == "some values" || name == "missing"
			if (column.Values() != nil) != isDictionary || (column.Floats() != nil) != (name == "many numbers" || name == "far") || (column.Times() != nil) != (name == "many dates") {
				t.Errorf("%d values, %d numbers, %d dates", len(column.Values()), len(column.Floats()), len(column.Times()))
			}
		})
	}
}

// TestADictionaryThatIsFullBecomesPlaces has a table whose sample suggests a dictionary, wrongly.
func TestADictionaryThatIsFullBecomesPlaces(t *testing.T) {
	items := tableOf(t, 70_000, func(row int) string {
		if row%70 == 0 { // the rows of the sample, among others
			return `{"a":"same"}`
		}
		return fmt.Sprintf(`{"a":"value %d"}`, row)
	})
	b := NewBuilder(items, item.PathOf("a"))
	b.Loader().Load(0, items.Len())
	if b.Column() != nil {
		t.Fatal("the dictionary is not full")
	}
	b.Loader().Load(0, items.Len())
	column := b.Column()
	if column == nil || column.Values() != nil || string(column.Reader().Cell(5).Raw()) != `"value 5"` {
		t.Error("the column has not the values of the table")
	}
}

// TestCollectedColumns compares columns whose values were collected while the items were read with those that are built
// from the rows.
func TestCollectedColumns(t *testing.T) {
	rows := tableOf(t, 5000, func(row int) string {
		return fmt.Sprintf(`{"few":"x%d","number":%d.5,"date":"2024-05-01T%02d:%02d:%02dZ","text":"text %d","price":"$%d","some":"text %d"%s,"long":"%300d"}`,
			row%7, row*7919%5000, row/3600, row/60%60, row%60, row, row, row%400, []string{"", `,"gaps":5`, `,"gaps":null`}[row%3], row)
	})
	if Collected(rows, item.PathOf("none")) != nil {
		t.Error("a column is known, but has no values")
	}
	for _, name := range []string{"few", "gaps", "number", "date", "text", "price", "some"} {
		path := item.PathOf(name)
		b := NewBuilder(rows, path)
		b.Loader().Load(0, rows.Len())
		built := b.Column()
		checkColumn(t, rows, built)
		collected := Collected(rows, path)
		switch {
		case name == "price" && (collected != nil || len(built.Floats()) == 0), name == "some" && (collected != nil || len(built.Values()) == 0):
			t.Errorf("%s: only a builder finds numbers in text and dictionaries", name)
			continue
		case name == "price", name == "some":
			continue
		case collected == nil:
			t.Fatalf("%s was not collected", name)
		}
		isSlow := name == "number" || name == "date"
		if collected.HasSlowCells() != isSlow || built.HasSlowCells() {
			t.Errorf("%s: slow cells: collected %t, built %t", name, collected.HasSlowCells(), built.HasSlowCells())
		}
		checkColumn(t, rows, collected)
	}
}

func checkColumn(t *testing.T, rows item.Table, c *Column) {
	t.Helper()
	reader := c.Reader()
	reader.Ahead(0, 64)
	for row := range rows.Len() {
		want := rows.At(row, c.Path())
		if got := reader.Cell(row); !bytes.Equal(got.Raw(), want.Raw()) {
			t.Fatalf("%v: row %d has %q, want %q", c.Path(), row, got.Raw(), want.Raw())
		}
		if floats := c.Floats(); floats != nil && fmt.Sprint(floats[row]) != strings.Trim(string(want.Raw()), `"$`) {
			t.Fatalf("%v: row %d has the number %v, want %s", c.Path(), row, floats[row], want.Raw())
		}
		if times := c.Times(); times != nil && times[row] != times[0]+int64(row)*1e6 {
			t.Fatalf("%v: row %d has the time %d", c.Path(), row, times[row])
		}
	}
}

func tableOf(t *testing.T, rows int, form func(row int) string) item.Table {
	t.Helper()
	var b item.Builder
	for row := range rows {
		if _, err := b.Append([]byte(form(row) + " ")); err != nil {
			t.Fatal(err)
		}
	}
	return b.Items()
}
