package table

import (
	"maps"

	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// Values for the parameter maxItems of [FitColumns].
const (
	FitItems = 2000
	FitFirst = 40 // for the first frame, which must appear quickly
)

const (
	maxFit   = 120       // maximum width of a Fit, in cells
	fitBytes = 8 << 20   // maximum bytes of items to read
	fitWork  = 512 << 20 // maximum work of FitPaths, in bytes that are scanned; it takes less than a second
)

// Fit is the width and the alignment that suit the values of a column.
type Fit struct {
	// Width is the width of the widest value, without the header, in terminal cells.
	Width int
	// AlignRight reports whether the column has numbers, which are aligned to the right.
	AlignRight bool
	// tail is the maximum width of the end of a number, such as ".50 kg", in terminal cells.
	tail int
}

// Fits holds the width and alignment of each column, including nested columns, by path.
type Fits map[item.Path]Fit

// Add copies the elements of source to f. An element of source replaces the element of f with the same path.
func (f *Fits) Add(source Fits) {
	if *f == nil {
		*f = Fits{}
	}
	maps.Copy(*f, source)
}

// FitColumns computes the widths and alignments of all columns of items. It reads at most maxItems items, which are
// evenly spaced. For a large table this takes longer than a frame.
func FitColumns(p draw.Painter, items item.Table, maxItems int) Fits {
	columns := items.Columns()
	f := fitter{p: p, stats: make([]columnStats, len(columns)), index: make(map[text.Text]int, len(columns))}
	for i, column := range columns {
		f.stats[i].width = minColumn
		if column.Whole {
			f.whole = i
		} else {
			f.index[column.Name] = i
		}
	}
	step := max(1, items.Len()/maxItems)
	for row := 0; row < items.Len() && f.read < fitBytes; row += step {
		f.addItem(items.Item(row))
	}
	fits := make(Fits, len(columns))
	for i, stats := range f.stats {
		fits[columns[i].Path()] = stats.fit()
	}
	return fits
}

// FitPaths computes the widths and alignments of the columns with the given paths, such as nested columns. If the values
// take long to read or to compute, it reads fewer items.
func FitPaths(p draw.Painter, items item.Table, paths []item.Path) Fits {
	work := 0
	evaluation := item.Evaluation{Next: func(bytes int) bool {
		work += bytes
		return work <= fitWork
	}}
	readers, fitters := make([]*item.Reader, len(paths)), make([]fitter, len(paths))
	for i, path := range paths {
		readers[i] = evaluation.Reader(items, path)
		fitters[i] = fitter{p: p, stats: []columnStats{{width: minColumn}}}
	}
	step := max(1, items.Len()/FitItems)
	for row := 0; row < items.Len() && !evaluation.Stopped(); row += step {
		for i := range fitters {
			fitters[i].addFrom(readers[i], row, &evaluation)
		}
	}
	fits := make(Fits, len(paths))
	for i, path := range paths {
		fits[path] = fitters[i].stats[0].fit()
	}
	return fits
}

// addFrom adds the value that a reader reads from an item, unless enough values were read.
func (f *fitter) addFrom(reader *item.Reader, row int, evaluation *item.Evaluation) {
	if f.read >= fitBytes || !evaluation.Step(reader.Cost(row)) {
		return
	}
	value := reader.Cell(row)
	if evaluation.Stopped() {
		return
	}
	f.read += len(value.Raw())
	f.add(0, value)
}

// fitter collects the widths and kinds of values.
type fitter struct {
	p     draw.Painter
	index map[text.Text]int // index of each column by name
	whole int               // column for items that are not objects
	stats []columnStats
	read  int // bytes read so far
}

type columnStats struct {
	width, values, numbers int
	// head and tail are the maximum widths of the two parts of a number. In "1.50 kg", the head is "1" and the tail is
	// ".50 kg".
	head, tail int
}

func (s columnStats) fit() Fit {
	if s.values == 0 || 10*s.numbers < 9*s.values {
		return Fit{Width: s.width}
	}
	return Fit{Width: min(max(s.width, s.head+s.tail), maxFit), AlignRight: true, tail: s.tail}
}

// addItem adds the values of one item. It reads only the start of a large item.
func (f *fitter) addItem(entry item.Cell) {
	if entry.Kind() != item.CellObject {
		f.add(f.whole, entry)
		return
	}
	for key, value := range entry.Members() {
		if i, ok := f.index[key]; ok {
			f.add(i, value)
		}
		if f.read += len(value.Raw()); f.read >= fitBytes {
			return
		}
	}
}

func (f *fitter) add(i int, value item.Cell) {
	stats, shown := &f.stats[i], cell.Text(value)
	width := f.p.Width(shown)
	stats.width = max(stats.width, min(width, maxFit))
	if tail, ok := tailOf(f.p, value, shown); ok {
		stats.head, stats.tail = max(stats.head, width-tail), max(stats.tail, tail)
	}
	switch value.Kind() {
	case item.CellMissing, item.CellNull:
		return
	case item.CellNumber:
		stats.numbers++
	case item.CellString:
		if value.Presence() != item.Present {
			return // an empty value has no type
		}
		if _, ok := (parse.Numbers{}).Number([]byte(value.Preview(cell.PreviewSize).Raw())); ok {
			stats.numbers++
		}
	case item.CellBool, item.CellArray, item.CellObject:
	}
	stats.values++
}
