package filter

import "sbwatch/model/item"

// ForValue returns the filter for items that have a certain value at a place, such as "brand = Acme", "price = null" or
// "tags[] = red". The text of the filter can be edited and parsed again.
func ForValue(place item.Place, cell item.Cell) Expr { return compareValue(place, opEqual, cell) }

// NotValue returns the filter for items that do not have a certain value at a place, such as "brand != Acme".
func NotValue(place item.Place, cell item.Cell) Expr { return compareValue(place, opNotEqual, cell) }

func compareValue(place item.Place, op operator, cell item.Cell) Expr {
	operand := value{text: string(cell.Raw())}
	switch cell.Kind() {
	case item.CellMissing:
		operand.text = "missing"
	case item.CellString:
		operand.text = cell.Text().Raw()
		operand.quoted = !isBareWord(operand.text)
	case item.CellArray, item.CellObject:
		operand.quoted = true
	case item.CellNull, item.CellBool, item.CellNumber:
	}
	named := column{text: place.Name().Raw(), place: place, bound: true}
	e := Expr{root: &node{condition: condition{column: named, op: op, value: operand}}}
	e.text = e.String()
	return e
}

// isBareWord reports whether text can be a value in a filter without quotes and still be compared as text. It returns
// false if text contains a digit or is a keyword such as null.
func isBareWord(text string) bool {
	if !isBareValue(text) {
		return false
	}
	for _, c := range text { // could be a number or a date in some column
		if c >= '0' && c <= '9' {
			return false
		}
	}
	v := value{text: text}
	return !v.isWord("true") && !v.isWord("false") && !v.isWord("null") && !v.isWord("missing")
}
