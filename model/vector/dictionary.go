package vector

import (
	"bytes"
	"hash/maphash"
)

// dictionary gives each different value a code: 0, 1, 2 and so on. The zero value is empty.
type dictionary struct {
	values [][]byte
	// first holds, for each code, the number of the first item with this value.
	first []uint32
	// slots is a hash table of the codes, each plus 1. It is nil until the first value is added.
	slots *[4 * MaxValues]uint16
	seed  maphash.Seed
}

// maxValue is the maximum size of a value in bytes. Longer values rarely repeat.
const maxValue = 256

// code returns the code of a value. If the value is new, code adds it; the parameter item is the number of its item. If
// there is no room for the value, code returns false.
func (d *dictionary) code(value []byte, item int) (uint8, bool) {
	if d.slots == nil {
		d.slots, d.seed = new([4 * MaxValues]uint16), maphash.MakeSeed()
	}
	for at := maphash.Bytes(d.seed, value); ; at++ {
		slot := &d.slots[at%uint64(len(d.slots))]
		if *slot == 0 {
			return d.add(slot, value, item)
		}
		if code := *slot - 1; bytes.Equal(d.values[code], value) {
			return uint8(code), true
		}
	}
}

func (d *dictionary) add(slot *uint16, value []byte, item int) (uint8, bool) {
	if len(d.values) == MaxValues || len(value) > maxValue {
		return 0, false
	}
	d.values, d.first = append(d.values, value), append(d.first, uint32(item))
	*slot = uint16(len(d.values))
	return uint8(len(d.values) - 1), true
}

func (d *dictionary) reset() {
	d.values, d.first = d.values[:0], d.first[:0]
	if d.slots != nil {
		clear(d.slots[:])
	}
}
