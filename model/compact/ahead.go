package compact

// Ahead fetches the memory of the values of the rows from up to, but not including, to, which are read next. There should be a few dozen
// of them; see [item.Reader.Ahead].
func (r *Reader) Ahead(from, to int) {
	if r.column.places != nil {
		r.finder.Ahead(from, to)
	}
}
