package item

// Ahead fetches the memory of the rows from up to, but not including, to, for a caller that reads their values next. There should be a
// few dozen of them. The processor fetches the memory of many rows at the same time, which takes a fraction of the time that it takes to
// fetch each row when it is read.
func (r *Reader) Ahead(from, to int) {
	const (
		line    = 64   // bytes that the processor fetches at once
		longRow = 2048 // bytes of a row of which only a part is needed
	)
	if r.finder == nil {
		return
	}
	for i := from; i < to; i++ {
		place := r.items.place(i)
		row := r.items.table.chunks[place.chunk()][place.from:place.to:place.to]
		if len(row) > longRow {
			continue
		}
		for at := 0; at < len(row); at += line {
			r.sum += row[at]
		}
	}
}
