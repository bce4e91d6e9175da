package order

import (
	"cmp"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// This file contains a simple comparison of values, which is the reference for sorting.

// compare compares two values.
func (s style) compare(a, b item.Cell) int {
	first, second := s.read(a), s.read(b)
	if order := cmp.Compare(first.class, second.class); order != 0 {
		return order
	}
	switch first.class {
	case classNumber:
		return s.decimal(a.Raw()).Compare(s.decimal(b.Raw()))
	case classDate:
		return first.date.Compare(second.date)
	case classBool:
		return cmp.Compare(first.number, second.number)
	case classText, classList, classObject:
		return parse.CompareNatural(first.text, second.text)
	case classBlank, classNull, classMissing:
	}
	return 0
}

// read reads a cell.
func (s style) read(cell item.Cell) value {
	if cell.Kind() != item.CellString {
		return valueOf(cell)
	}
	var decoded []byte
	return s.readText(textOf(cell.Raw(), &decoded))
}
