package compact

// Ahead fetches the memory of the values of the rows in [from, to), which the caller reads next. There should be a few
// dozen rows; see [item.Reader.Ahead].
func (r *Reader) Ahead(from, to int) {
	if r.column.places != nil {
		r.finder.Ahead(from, to)
	}
}
