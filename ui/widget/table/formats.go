package table

import (
	"maps"

	"sbwatch/model/item"
	"sbwatch/model/numeral"
	"sbwatch/model/parse"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// FormatFit is the suitable width and alignment for the values of a column in a number format.
type FormatFit struct {
	// Format is the format for which the width was computed.
	Format numeral.Format
	// Width is the width of the widest value, without the header, in terminal cells.
	Width int
	// tail is the maximum width of the end of a value, such as ".50", in terminal cells.
	tail int
	// numbers tells how numbers are written in texts of the column, such as with a decimal comma.
	numbers parse.Numbers
}

// FitFormats computes the widths and alignments of columns with number formats from a sample of the items.
func FitFormats(p draw.Painter, items item.Table, formats map[item.Path]numeral.Format) map[item.Path]FormatFit {
	fits := make(map[item.Path]FormatFit, len(formats))
	for path, format := range formats {
		fits[path] = fitFormat(p, items, path, format)
	}
	return fits
}

// maxTail is the maximum width of the end of a number from its decimal point, such as ".50 kg", in terminal cells. A
// number with a longer end is not aligned at the decimal point.
const maxTail = 12

func fitFormat(p draw.Painter, items item.Table, path item.Path, format numeral.Format) FormatFit {
	reader := items.Reader(path)
	var learner parse.Learner
	var values []item.Cell
	read := 0
	for row := range reader.Sample(parse.Sample(items.Len())) {
		value := reader.Cell(row)
		if read += len(value.Raw()); read > fitBytes {
			break
		}
		if values = append(values, value); value.Kind() == item.CellString {
			learner.Add([]byte(value.Preview(cell.PreviewSize).Raw()))
		}
	}
	fit := FormatFit{Format: format, Width: minColumn, numbers: learner.Numbers()}
	head, others := 0, 0 // widths of the parts before the decimal point, and of values that are no numbers
	for _, value := range values {
		text, whole, ok := cell.Number(value, format, fit.numbers)
		tail := p.Width(text[whole:])
		if !ok || tail > maxTail {
			others = max(others, p.Width(cell.Text(value)))
			continue
		}
		head, fit.tail = max(head, p.Width(text[:whole])), max(fit.tail, tail)
	}
	fit.Width = min(max(fit.Width, head+fit.tail, others), maxFit)
	return fit
}

// formatFit returns the width and alignment of column i in its number format. It returns false if the column has no
// number format or if the width has not been computed yet.
func (g grid) formatFit(i int) (FormatFit, bool) {
	column := g.columns.nth(i)
	fit, known := g.formats[column.path]
	return fit, known && !column.format.IsZero() && fit.Format == column.format
}

// text returns the text of a value of column i. If the column has a number format and the value is a number,
// isFormatted is true and the text ends in spaces that align its decimal point.
func (g grid) text(i int, value item.Cell) (text string, isFormatted bool) {
	format := g.columns.nth(i).format
	if format.IsZero() {
		return cell.Text(value), false
	}
	fit, _ := g.formatFit(i)
	text, whole, ok := cell.Number(value, format, fit.numbers)
	if !ok {
		return cell.Text(value), false
	}
	return text + draw.Spaces(fit.tail-g.p.Width(text[whole:])), true
}

// Format returns the number format of the column at the cursor, or the zero value if the column has none.
func (c Cells) Format() numeral.Format {
	if c.table.columns.len() == 0 {
		return numeral.Format{}
	}
	return c.table.columns.nth(c.table.column).format
}

// SetFormat sets the number format of the column at the cursor. Call [Cells.AddFits] to adjust the width of the column.
func (c Cells) SetFormat(format numeral.Format) {
	if c.table.columns.len() > 0 {
		c.table.columns.nth(c.table.column).format = format
	}
}

// HasNumbers reports whether most values of the column at the cursor are numbers.
func (c Cells) HasNumbers() bool { return c.table.fits[c.table.Path()].AlignRight }

// Formats returns the number formats of all columns that have one.
func (c Cells) Formats() map[item.Path]numeral.Format {
	formats := map[item.Path]numeral.Format{}
	for _, column := range c.table.columns.all {
		if !column.format.IsZero() && !column.absent {
			formats[column.path] = column.format
		}
	}
	return formats
}

// AddFits sets the widths and alignments of columns with number formats, as computed by [FitFormats].
func (c Cells) AddFits(fits map[item.Path]FormatFit) {
	if c.table.formats == nil {
		c.table.formats = map[item.Path]FormatFit{}
	}
	maps.Copy(c.table.formats, fits)
}

// Text returns the text of a value in the number format of its column, without padding. ok is false if the column has
// no number format or the value is not a number.
func (c Cells) Text(path item.Path, value item.Cell) (text string, ok bool) {
	return c.Texts()(path, value)
}

// Texts returns a function that does the same as [Cells.Text]. The function uses a copy of the number formats, so a
// tea.Cmd may call it in another goroutine.
func (c Cells) Texts() func(path item.Path, value item.Cell) (text string, ok bool) {
	formats, numbers := c.Formats(), map[item.Path]parse.Numbers{}
	for path := range formats {
		numbers[path] = c.table.formats[path].numbers
	}
	return func(path item.Path, value item.Cell) (string, bool) {
		text, _, ok := cell.Number(value, formats[path], numbers[path])
		return text, ok
	}
}
