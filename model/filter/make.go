package filter

import "sbwatch/model/item"

// ForValue is the filter for the items that have the value of a cell at a place: "brand = Acme", "price = null",
// "tags[] = red". Its text can be edited and read again.
func ForValue(place item.Place, cell item.Cell) Expr {
	what := value{text: string(cell.Raw())}
	switch cell.Kind() {
	case item.CellMissing:
		what.text = "missing"
	case item.CellString:
		what.text = cell.Text().Raw()
		what.quoted = !isPlainWord(what.text)
	case item.CellArray, item.CellObject:
		what.quoted = true
	case item.CellNull, item.CellBool, item.CellNumber:
	}
	named := column{text: place.Name().Raw(), place: place, bound: true}
	e := Expr{root: &node{condition: condition{column: named, op: opEqual, value: what}}}
	e.text = e.String()
	return e
}

// isPlainWord tells whether a text means the same without quotes.
func isPlainWord(text string) bool {
	if !isBareValue(text) {
		return false
	}
	for _, c := range text { // a number or a date to some column, or nearly
		if c >= '0' && c <= '9' {
			return false
		}
	}
	v := value{text: text}
	return !v.isWord("true") && !v.isWord("false") && !v.isWord("null") && !v.isWord("missing")
}
