package filter

import "sbwatch/model"

// ForValue is the filter for the items that have the value of a cell at a path: "brand = Acme", "price = null". Its text
// can be edited and read again.
func ForValue(path model.Path, cell model.Cell) Expr {
	what := value{text: string(cell.Raw())}
	switch cell.Kind() {
	case model.CellMissing:
		what.text = "missing"
	case model.CellString:
		what.text = cell.Text().Raw()
		what.quoted = !isPlainWord(what.text)
	case model.CellArray, model.CellObject:
		what.quoted = true
	case model.CellNull, model.CellBool, model.CellNumber:
	}
	return ofCondition(condition{op: opEqual, value: what}, path, false)
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

// Covered is the filter for the items that have something at a path: "rating?".
func Covered(path model.Path) Expr { return ofCondition(condition{op: opPresent}, path, false) }

// NotCovered is the filter for the items that have nothing at a path, or nothing to speak of: "not rating?".
func NotCovered(path model.Path) Expr { return ofCondition(condition{op: opPresent}, path, true) }

// ofCondition makes a filter of one condition on a path.
func ofCondition(c condition, path model.Path, negated bool) Expr {
	c.column = column{text: path.Name().Raw(), path: path, bound: true}
	root := &node{condition: c}
	if negated {
		root = &node{kind: noneOf, nodes: []*node{root}}
	}
	e := Expr{root: root}
	e.text = e.String()
	return e
}
