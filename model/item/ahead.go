package item

// Ahead fetches the memory of the rows in [from, to). The caller reads the values of these rows next. There should be a
// few dozen rows. The processor fetches the memory of many rows at the same time. Fetching each row only when it is
// read would take much longer.
func (r *Reader) Ahead(from, to int) {
	const (
		line    = 64   // bytes that the processor fetches at once
		longRow = 2048 // bytes of a row to fetch if only a part of the row is needed
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
