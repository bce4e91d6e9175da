package filter

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/parse"
	"sbwatch/model/text"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"price > 20 and brand ~ acme and not rating?", `not ("a b" = 'x' or c !~ re:(a|b)+)`, "a = \"\\x1b\\u00e9\\\\\"", "!a?||b==`x`", "a<=1,299.00 €", "a = f(x)", "é≥5", "a ~ re:[", "((a?))",
	} {
		f.Add(text)
	}
	items := itemsOf(f, `{"a":"x","b":1,"c":null,"é":[1]}`, `{"a":5,"a b":"x"}`)
	f.Fuzz(func(t *testing.T, s string) {
		expr, err := Parse(s)
		if err != nil {
			wrong := err.(*lang.Error) //nolint:errcheck,errorlint // the contract
			if wrong.From < 0 || wrong.To < wrong.From || wrong.To > len(s) || wrong.Reason == "" {
				t.Fatalf("%q: %+v", s, wrong)
			}
			if text.Printable(err.Error()) != err.Error() {
				t.Fatalf("%q: the error is not printable: %q", s, err)
			}
			return
		}
		again, err := Parse(expr.String())
		if err != nil || again.String() != expr.String() {
			t.Fatalf("%q has the canonical form %q, which parses as %q: %v", s, expr.String(), again.String(), err)
		}
		if got, want := picked(again, items), picked(expr, items); !slices.Equal(got, want) {
			t.Fatalf("%q matches %v, its canonical form %v", s, want, got)
		}
		if title := expr.Title(); text.Printable(title) != title {
			t.Fatalf("%q: title %q", s, title)
		}
		if err := expr.Check(items); err != nil && text.Printable(err.Error()) != err.Error() {
			t.Fatalf("%q: the error is not printable: %q", s, err)
		}
	})
}

// simple is a filter with a reference implementation.
type simple struct {
	text    string
	matches func(item item.Cell) bool
}

// conditions generates conditions with a reference implementation.
func conditions() *rapid.Generator[simple] {
	return rapid.Custom(func(t *rapid.T) simple {
		name := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "column")
		cell := func(item item.Cell) item.Cell { return item.Child(name) }
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			return simple{name + "?", func(entry item.Cell) bool {
				raw := string(cell(entry).Raw())
				blank := cell(entry).Kind() == item.CellString && strings.TrimSpace(cell(entry).Text().Raw()) == ""
				return raw != "" && raw != "null" && !blank && !regexp.MustCompile(`^(\[\s*\]|\{\s*\})$`).MatchString(raw)
			}}
		case 1:
			word := rapid.SampledFrom([]string{"null", "missing"}).Draw(t, "word")
			return simple{name + " = " + word, func(entry item.Cell) bool {
				return cell(entry).Kind() == map[string]item.CellKind{"null": item.CellNull, "missing": item.CellMissing}[word]
			}}
		case 2:
			op := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "=", "!="}).Draw(t, "op")
			limit := rapid.IntRange(-3, 12).Draw(t, "limit")
			return simple{name + op + strconv.Itoa(limit), func(item item.Cell) bool {
				n, isNumber := asNumber(cell(item))
				order := cmp.Compare(n, float64(limit))
				return isNumber && strings.Contains(op, "=") && order == 0 && op != "!=" || isNumber && op[0] == '<' && order < 0 ||
					isNumber && op[0] == '>' && order > 0 || op == "!=" && (!isNumber || order != 0)
			}}
		case 3:
			text := rapid.SampledFrom([]string{"x", "é", "", "3", "x y"}).Draw(t, "text")
			op := rapid.SampledFrom([]string{"=", "!="}).Draw(t, "op")
			return simple{name + " " + op + " " + quote(text), func(entry item.Cell) bool {
				kind := cell(entry).Kind()
				equal := kind != item.CellMissing && kind != item.CellNull && cell(entry).Text().Raw() == text
				return equal == (op == "=")
			}}
		default:
			text := rapid.SampledFrom([]string{"x", "É", "X", "3", "y"}).Draw(t, "text")
			op := rapid.SampledFrom([]string{"~", "!~"}).Draw(t, "op")
			return simple{name + op + text, func(item item.Cell) bool { return contains(cell(item), text) == (op == "~") }}
		}
	})
}

func contains(cell item.Cell, text string) bool {
	switch cell.Kind() {
	case item.CellMissing, item.CellNull:
		return false
	case item.CellArray:
		for element := range cell.Elements() {
			if element.Kind() == item.CellNull && strings.Contains("null", text) || contains(element, text) {
				return true
			}
		}
		return false
	default:
		says := cell.Text().Raw()
		if !strings.ContainsFunc(text, unicode.IsUpper) {
			says = strings.ToLower(says)
		}
		return strings.Contains(says, text)
	}
}

func asNumber(cell item.Cell) (float64, bool) {
	switch cell.Kind() {
	case item.CellNumber:
		return parse.JSON(cell.Raw()), true
	case item.CellString:
		return parse.Numbers{}.Number([]byte(cell.Text().Raw()))
	default:
		return 0, false
	}
}

// filters generates combinations of conditions.
func filters(depth int) *rapid.Generator[simple] {
	if depth == 0 {
		return conditions()
	}
	return rapid.Custom(func(t *rapid.T) simple {
		inner := filters(depth - 1)
		switch a := inner.Draw(t, "a"); rapid.IntRange(0, 3).Draw(t, "join") {
		case 0:
			b := inner.Draw(t, "b")
			return simple{"(" + a.text + " and " + b.text + ")", func(item item.Cell) bool { return a.matches(item) && b.matches(item) }}
		case 1:
			b := inner.Draw(t, "b")
			return simple{"(" + a.text + " OR " + b.text + ")", func(item item.Cell) bool { return a.matches(item) || b.matches(item) }}
		case 2:
			return simple{"not " + a.text, func(item item.Cell) bool { return !a.matches(item) }}
		default:
			return a
		}
	})
}

func TestFiltersMatchReference(t *testing.T) {
	values := []string{
		`"x"`, `"X"`, `"x y"`, `"\u0078"`, `""`, `" \t"`, `"É"`, `"é"`, `"3"`, `"$3"`, `"3.0"`, `"10 €"`, `3`, `3.5`, `-1`, `1e1`, `null`, `true`, `[]`, `[ ]`, `{}`, `["x",[3,"Y"]]`, `[null]`,
	}
	rapid.Check(t, func(t *rapid.T) {
		var rows []string
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			var members []string
			for _, name := range []string{"a", "b", "c"} {
				if rapid.IntRange(0, 3).Draw(t, "has") > 0 {
					members = append(members, strconv.Quote(name)+":"+rapid.SampledFrom(values).Draw(t, name))
				}
			}
			rows = append(rows, "{"+strings.Join(members, ",")+"}")
		}
		var b item.Builder
		b.StartPage()
		for _, row := range rows {
			if _, err := b.Append(append([]byte(row), ',')); err != nil {
				t.Fatal(err)
			}
		}
		items := b.Items()
		drawn := filters(rapid.IntRange(0, 3).Draw(t, "depth")).Draw(t, "filter")
		expr, err := Parse(drawn.text)
		if err != nil {
			t.Fatalf("%s: %v", drawn.text, err)
		}
		var want []int
		for row := range items.Len() {
			if drawn.matches(items.Item(row)) {
				want = append(want, row+1)
			}
		}
		if got := picked(expr, items); !slices.Equal(got, want) {
			t.Fatalf("%s matches %v of %s, want %v", drawn.text, got, strings.Join(rows, " "), want)
		}
	})
}
