package vector

// Place says where in its item a value is. The upper half is the offset of the value. The lower half is the size of the
// value in bytes, which is 0 for a missing value.
type Place uint32

const (
	placeBits = 16
	// Far marks a value whose offset or size does not fit into a Place.
	Far Place = 1<<(2*placeBits) - 1
)

// PlaceOf returns the place of a value with the given offset and size. The result may be [Far].
func PlaceOf(from, size int) Place {
	if from >= 1<<placeBits-1 || size >= 1<<placeBits {
		return Far
	}
	return Place(from<<placeBits | size)
}

// Bounds returns the offset of the value and the offset after the value. For a missing value, they are equal. For [Far],
// they have no meaning.
func (p Place) Bounds() (from, to int) {
	from = int(p >> placeBits)
	return from, from + int(p&(1<<placeBits-1))
}
