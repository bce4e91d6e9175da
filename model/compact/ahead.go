package compact

// Ahead loads the values of the rows in [from, to) into the processor cache, because the caller reads them next. Pass a
// few dozen rows at a time; see [item.Reader.Ahead].
func (r *Reader) Ahead(from, to int) {
	if r.column.values == nil {
		r.finder.Ahead(from, to)
	}
}
