package ui

import (
	"maps"

	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// Bounds of fitting columns: how wide a column is ever fitted, how many items are looked at, and how many bytes of them.
const (
	widestFit   = 120
	fitItems    = 2000
	fitFirst    = 40 // items of the first frame, which is not to wait
	fitBytes    = 8 << 20
	previewSize = 4 * widestFit
)

// columnFit is how a column should be shown, judged by what it holds.
type columnFit struct {
	width int  // of the widest value, in cells, the header not counted
	right bool // numbers stand at the right
}

// columnFits are the fits of columns and of nested values that were opened.
type columnFits map[item.Path]columnFit

func (f columnFits) of(path item.Path) columnFit { return f[path] }

// add takes in other fits, which win over those that there are.
func (f *columnFits) add(others columnFits) {
	if *f == nil {
		*f = columnFits{}
	}
	maps.Copy(*f, others)
}

// fitColumns looks at so many items from all over the table and fits the columns to what they hold. It takes a while for large
// tables, so it runs in a command.
func fitColumns(l look, items item.Table, most int) columnFits {
	columns := items.Columns()
	f := fitter{l: l, stats: make([]columnStats, len(columns)), index: make(map[text.Text]int, len(columns))}
	for i, column := range columns {
		f.stats[i].width = columnAtLeast
		if column.Whole {
			f.whole = i
		} else {
			f.index[column.Name] = i
		}
	}
	step := max(1, items.Len()/most)
	for row := 0; row < items.Len() && f.read < fitBytes; row += step {
		f.look(items.Item(row))
	}
	fits := make(columnFits, len(columns))
	for i, stats := range f.stats {
		fits[columns[i].Path()] = stats.fit()
	}
	return fits
}

// fitPaths fits columns of nested values to what they hold.
func fitPaths(l look, items item.Table, paths []item.Path) columnFits {
	fits := make(columnFits, len(paths))
	for _, path := range paths {
		f := fitter{l: l, stats: []columnStats{{width: columnAtLeast}}}
		reader := items.Reader(path)
		step := max(1, items.Len()/fitItems)
		for row := 0; row < items.Len() && f.read < fitBytes; row += step {
			cell := reader.Cell(row)
			f.read += len(cell.Raw())
			f.add(0, cell)
		}
		fits[path] = f.stats[0].fit()
	}
	return fits
}

// fitter collects what the columns hold.
type fitter struct {
	l     look
	index map[text.Text]int // of the columns
	whole int               // the column of items that are not objects
	stats []columnStats
	read  int // bytes
}

type columnStats struct{ width, values, numbers int }

func (s columnStats) fit() columnFit {
	return columnFit{width: s.width, right: s.values > 0 && 10*s.numbers >= 9*s.values}
}

// look takes in one item, or the beginning of one that is too large.
func (f *fitter) look(object item.Cell) {
	if object.Kind() != item.CellObject {
		f.add(f.whole, object)
		return
	}
	for key, value := range object.Members() {
		if i, ok := f.index[key]; ok {
			f.add(i, value)
		}
		if f.read += len(value.Raw()); f.read >= fitBytes {
			return
		}
	}
}

func (f *fitter) add(i int, cell item.Cell) {
	stats := &f.stats[i]
	stats.width = max(stats.width, min(f.l.width(cellText(cell)), widestFit))
	switch cell.Kind() {
	case item.CellMissing, item.CellNull:
		return
	case item.CellNumber:
		stats.numbers++
	case item.CellString:
		if profile.PresenceOf(cell) != profile.Present {
			return // what is empty is of no kind
		}
		if _, ok := (parse.Numbers{}).Number([]byte(cell.Preview(previewSize).Raw())); ok {
			stats.numbers++
		}
	case item.CellBool, item.CellArray, item.CellObject:
	}
	stats.values++
}

// cellText is what a cell shows in the table. What is not there, null and "" can be told apart, and from text that
// reads the same.
func cellText(cell item.Cell) string {
	switch cell.Kind() {
	case item.CellMissing:
		return "·"
	case item.CellNull:
		return "null"
	case item.CellString:
		switch text := cell.Preview(previewSize).String(); text {
		case "", "null", "·", `""`:
			return `"` + text + `"`
		default:
			return text
		}
	case item.CellBool, item.CellNumber, item.CellArray, item.CellObject:
	}
	return cell.Preview(previewSize).String()
}
