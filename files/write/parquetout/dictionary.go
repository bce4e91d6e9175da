package parquetout

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
)

// dictionary assigns an index to each distinct value of a column.
type dictionary struct {
	// plain holds the values in plain encoding, and offsets holds the offset of each value in plain. kind is the type
	// of the values.
	plain   []byte
	offsets []uint32
	kind    Kind
	// slots is a hash table of the values. Its size is a power of two. shift is the number of bits of a hash that do not
	// select a slot.
	slots []slot
	shift uint
	seed  maphash.Seed
	// masks make the hashes of values of eight bytes unpredictable for attackers.
	masks [2]uint64
	added int // number of values that were found or added
	// hashes holds the hashes of the texts that are being added.
	hashes  []uint64
	touched byte // combines the bytes that prepare reads, so that the compiler keeps the reads
	// small holds, for each small integer, its index plus 1, or 0 if the dictionary does not have the integer.
	small []uint16
	// maxSmall is the first integer that is not small: the integers from 0 to maxSmall-1 are small. If maxSmall is 0,
	// no integer is small.
	maxSmall uint64
}

// slot is an entry of the hash table. It refers to a value, or is free.
type slot struct {
	from uint32 // offset of the value in plain
	hash uint16 // the lower bits of the hash of the value
	next uint16 // the index of the value plus 1; 0 if the slot is free
}

// Limits on a dictionary. A column stops using its dictionary if the dictionary becomes large, if a value is long, or
// if most of the first values are distinct.
const (
	maxDictionarySize = 1 << 20
	maxIndexes        = 1<<16 - 1
	firstValues       = 1 << 15
	firstSlots        = 64
	maxSmall          = 16 << 10 // limit of the small integers; a table for all of them fits into the cache of a core
	maxSmallColumns   = 256      // maximum number of columns of a file with such tables
	maxIndexed        = 2 << 10  // maximum size of a value in bytes
)

func (d *dictionary) reset() {
	d.plain, d.offsets, d.added = d.plain[:0], d.offsets[:0], 0
	clear(d.slots)
	clear(d.small)
}

// count returns the number of distinct values.
func (d *dictionary) count() int { return len(d.offsets) }

// appendPlain appends the value with index i in plain encoding.
func (d *dictionary) appendPlain(dst []byte, i uint32) []byte {
	from := d.offsets[i]
	if d.kind.isBytes() {
		return append(dst, d.plain[from:][:lengthSize+binary.LittleEndian.Uint32(d.plain[from:])]...)
	}
	return append(dst, d.plain[from:][:fixedSize]...)
}

// start creates the hash table if it does not exist yet.
func (d *dictionary) start() {
	if d.slots == nil {
		d.resize(firstSlots)
		d.seed = maphash.MakeSeed()
		d.masks = [2]uint64{maphash.String(d.seed, "value"), maphash.String(d.seed, "factor") | 1}
	}
}

// prepare computes the hashes of texts that will be passed to [dictionary.index]. It also reads one byte of each text
// in the dictionary that has one of these hashes, so that the processor loads these texts from memory at the same time.
func (d *dictionary) prepare(values [][]byte) {
	d.start()
	d.hashes = d.hashes[:0]
	for _, v := range values {
		hash := uint64(0)
		if v != nil && len(v) <= maxIndexed {
			hash = maphash.Bytes(d.seed, v)
		}
		d.hashes = append(d.hashes, hash)
	}
	if len(d.plain) == 0 {
		return
	}
	for _, hash := range d.hashes {
		d.touched ^= d.plain[d.slots[hash>>d.shift].from]
	}
}

// index returns the index of a text, and adds the text to the dictionary if it is new. It returns false if the
// dictionary would make the file larger. The parameter i is the index of the text in the values given to
// [dictionary.prepare].
func (d *dictionary) index(v []byte, i int) (uint32, bool) {
	if len(v) > maxIndexed {
		return 0, false
	}
	d.added++
	hash := d.hashes[i]
	mask := uint64(len(d.slots) - 1)
	at := hash >> d.shift
	for ; d.slots[at].next > 0; at = (at + 1) & mask {
		if s := d.slots[at]; s.hash == uint16(hash) && d.equals(s.from, v) {
			return uint32(s.next - 1), true
		}
	}
	if !d.hasRoom(len(v) + lengthSize) {
		return 0, false
	}
	from := len(d.plain)
	if need := from + lengthSize + len(v); need > cap(d.plain) { // append would copy large slices more often
		d.plain = slices.Grow(d.plain, max(need, 2*from)-from)
	}
	d.plain = append(binary.LittleEndian.AppendUint32(d.plain, uint32(len(v))), v...)
	return d.add(at, hash, from), true
}

// equals reports whether the text that starts at the given offset in plain equals v.
func (d *dictionary) equals(from uint32, v []byte) bool {
	known := d.plain[from:]
	return binary.LittleEndian.Uint32(known) == uint32(len(v)) && string(known[lengthSize:lengthSize+len(v)]) == string(v)
}

// indexFixed returns the index of a value of eight bytes, and adds the value to the dictionary if it is new. It returns
// false if the dictionary has no room for a new value.
func (d *dictionary) indexFixed(v uint64) (uint32, bool) {
	d.added++
	if v < d.maxSmall {
		return d.indexSmall(v)
	}
	if d.slots == nil {
		d.start()
	}
	hash := d.hashOf(v)
	mask := uint64(len(d.slots) - 1)
	at := hash >> d.shift
	for ; d.slots[at].next > 0; at = (at + 1) & mask {
		if s := d.slots[at]; binary.LittleEndian.Uint64(d.plain[s.from:]) == v {
			return uint32(s.next - 1), true
		}
	}
	if !d.hasRoom(fixedSize) {
		return 0, false
	}
	from := len(d.plain)
	d.plain = binary.LittleEndian.AppendUint64(d.plain, v)
	return d.add(at, hash, from), true
}

// indexSmall is like indexFixed, for a value that is less than d.maxSmall. These values are not in the hash table.
func (d *dictionary) indexSmall(v uint64) (uint32, bool) {
	if d.small == nil {
		d.small = make([]uint16, d.maxSmall)
	}
	if next := d.small[v]; next > 0 {
		return uint32(next - 1), true
	}
	if !d.hasRoom(fixedSize) {
		return 0, false
	}
	d.offsets = append(d.offsets, uint32(len(d.plain)))
	d.plain = binary.LittleEndian.AppendUint64(d.plain, v)
	d.small[v] = uint16(d.count())
	return uint32(d.count() - 1), true
}

// hashOf returns the hash of a value of eight bytes.
func (d *dictionary) hashOf(v uint64) uint64 {
	high, low := bits.Mul64(v^d.masks[0], d.masks[1])
	return high ^ low
}

// hasRoom reports whether another value of the given size, in bytes, may be added.
func (d *dictionary) hasRoom(size int) bool {
	isDistinct := d.added > firstValues && d.count() > d.added/4*3
	return !isDistinct && len(d.plain)+size <= maxDictionarySize && d.count() < maxIndexes
}

// add adds the last value in plain to the dictionary, and returns the index of the value. The parameter at is the index
// of a free slot, and from is the offset of the value in plain.
func (d *dictionary) add(at, hash uint64, from int) uint32 {
	d.offsets = append(d.offsets, uint32(from))
	d.slots[at] = slot{uint32(from), uint16(hash), uint16(d.count())}
	if d.count() > len(d.slots)/8*5 {
		d.grow()
	}
	return uint32(d.count() - 1)
}

// grow doubles the size of the hash table.
func (d *dictionary) grow() {
	d.resize(2 * len(d.slots))
	mask := uint64(len(d.slots) - 1)
	for i, from := range d.offsets {
		var hash uint64
		if value := d.plain[from:]; d.kind.isBytes() {
			hash = maphash.Bytes(d.seed, value[lengthSize:][:binary.LittleEndian.Uint32(value)])
		} else {
			v := binary.LittleEndian.Uint64(value)
			if v < d.maxSmall {
				continue
			}
			hash = d.hashOf(v)
		}
		at := hash >> d.shift
		for d.slots[at].next > 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = slot{from, uint16(hash), uint16(i + 1)}
	}
}

// resize replaces the hash table with an empty one. size must be a power of two.
func (d *dictionary) resize(size int) {
	d.slots, d.shift = make([]slot, size), uint(64-bits.TrailingZeros(uint(size)))
}
