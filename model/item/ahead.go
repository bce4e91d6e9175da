package item

// Ahead loads the rows in [from, to) into the processor cache, because the caller reads their values next. Loading many
// rows at once is faster than loading each row when it is read. Pass a few dozen rows at a time. If a row is long,
// Ahead loads only the part in which it expects the value.
func (r *Reader) Ahead(from, to int) {
	const (
		line    = 64 // bytes that the processor fetches at once
		longRow = 2048
	)
	if r.finder == nil {
		return
	}
	for i := from; i < to; i++ {
		place := r.items.place(i)
		row := r.items.table.chunks[place.chunk()][place.from:place.to:place.to]
		switch {
		case r.knowsPlace(i):
			begin, end := r.places[i].Bounds()
			row = row[begin:end]
		case len(row) > longRow:
			begin, end := r.finder.Expected(len(row))
			row = row[begin:end]
		}
		for at := 0; at < len(row); at += line {
			r.sum += row[at]
		}
	}
}
