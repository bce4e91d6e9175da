package parquetfile

import "encoding/binary"

// packSize is the number of integers in a pack. A pack of integers of n bits has n bytes.
const packSize = 8

// maxWidth is the maximum width of a packed integer, in bits.
const maxWidth = 64

// pack holds the unpacked integers of one pack.
type pack struct {
	values [packSize]uint64
	used   int // number of integers that were already returned
	length int // number of integers
}

// unpack unpacks data. Each integer in data has width bits, and its least significant bit comes first.
func (p *pack) unpack(data []byte, width int) {
	var padded [maxWidth + 16]byte
	copy(padded[:], data)
	p.used, p.length = 0, packSize
	if len(data) < width { // some writers leave out the last bytes of the last pack
		p.length = len(data) * 8 / width
	}
	mask := uint64(1)<<width - 1
	for i := range p.values {
		at, shift := i*width/8, i*width%8
		v := binary.LittleEndian.Uint64(padded[at:]) >> shift
		if shift > 0 {
			v |= uint64(padded[at+8]) << (64 - shift)
		}
		p.values[i] = v & mask
	}
}

// hybrid decodes levels, dictionary indexes and booleans, which are stored in sequences. A sequence consists of packed
// integers, or of one integer that is repeated. (The format calls it a run.)
type hybrid struct {
	source *source
	width  int
	// left is the number of remaining integers in the current sequence. If packed is false, all of them are equal to
	// the field same.
	left   uint64
	packed bool
	same   uint64
	pack   pack
}

const maxHybridWidth = 32

func (h *hybrid) reset(source *source, width int) { *h = hybrid{source: source, width: width} }

// next returns the next integer.
func (h *hybrid) next() (uint64, error) {
	for h.left == 0 {
		if err := h.startSequence(); err != nil {
			return 0, err
		}
	}
	h.left--
	if !h.packed {
		return h.same, nil
	}
	if h.pack.used == h.pack.length {
		data, err := h.source.upTo(h.width)
		if err != nil {
			return 0, err
		}
		if h.pack.unpack(data, h.width); h.pack.length == 0 {
			return 0, errShort
		}
	}
	h.pack.used++
	return h.pack.values[h.pack.used-1], nil
}

// fill reads integers into dst until dst is full, and returns the number of integers. If there is an error, the
// integers before it are valid. The width must be at most maxHybridWidth.
func (h *hybrid) fill(dst []uint32) (n int, err error) {
	for n < len(dst) {
		for h.left == 0 {
			if err := h.startSequence(); err != nil {
				return n, err
			}
		}
		if !h.packed {
			count := int(min(h.left, uint64(len(dst)-n)))
			same := uint32(h.same)
			for i := range dst[n : n+count] {
				dst[n+i] = same
			}
			n, h.left = n+count, h.left-uint64(count)
			continue
		}
		if h.pack.used == h.pack.length {
			if count := h.unpack(dst[n:]); count > 0 {
				n, h.left = n+count, h.left-uint64(count)
				continue
			}
		}
		next, err := h.next()
		if err != nil {
			return n, err
		}
		dst[n] = uint32(next)
		n++
	}
	return n, nil
}

// unpack unpacks whole packs into dst and returns the number of integers. It stops when dst has no room for another
// pack, or when source.unread contains no other complete pack.
func (h *hybrid) unpack(dst []uint32) int {
	const slack = 8 // an integer may begin inside a byte, and eight bytes are loaded at once
	if h.source.copying {
		return 0
	}
	packs := min(min(len(dst), int(h.left))/packSize, (len(h.source.unread)-slack)/max(1, h.width))
	if packs <= 0 {
		return 0
	}
	data, width, mask, at := h.source.unread, uint(h.width), uint32(1<<h.width-1), uint(0)
	dst = dst[:packs*packSize]
	for i := range dst {
		dst[i] = uint32(binary.LittleEndian.Uint64(data[at/8:])>>(at%8)) & mask
		at += width
	}
	h.source.unread = data[packs*h.width:]
	return packs * packSize
}

// startSequence reads the header of the next sequence.
func (h *hybrid) startSequence() error {
	head, err := h.source.uvarint()
	if err != nil {
		return err
	}
	h.left, h.packed, h.pack = head>>1, head&1 != 0 && h.width > 0, pack{}
	if head&1 != 0 {
		h.left = min(h.left, 1<<32) * packSize
	}
	if h.packed {
		return nil
	}
	data, err := h.source.next((h.width + 7) / 8)
	if err != nil {
		return err
	}
	h.same = 0
	for i, b := range data {
		h.same |= uint64(b) << (8 * i)
	}
	return nil
}

// delta decodes integers that are stored as packed differences.
type delta struct {
	source *source
	total  uint64 // number of integers
	read   uint64
	last   uint64
	min    uint64 // minimum difference in the current block
	widths []byte // bit widths of the remaining miniblocks
	minis  int    // number of miniblocks in a block
	size   int    // number of integers in a miniblock
	left   int    // number of integers left in the current miniblock
	width  int    // width of an integer in the current miniblock, in bits
	pack   pack
}

// maxMinis is the maximum number of miniblocks of a block. Writers use 4.
const maxMinis = 1 << 12

// reset reads the header of a sequence of integers. It returns an error if the sequence has more than maxCount
// integers.
func (d *delta) reset(source *source, maxCount int64) error {
	*d = delta{source: source, widths: d.widths[:0]}
	var head [4]uint64
	for i := range head {
		var err error
		if head[i], err = source.uvarint(); err != nil {
			return err
		}
	}
	block, minis, total, first := head[0], head[1], head[2], head[3]
	if total > uint64(maxCount) || minis == 0 || minis > maxMinis || block > 1<<31 || block%(minis*packSize) != 0 || block == 0 {
		return errEncoding
	}
	d.total, d.minis, d.size = total, int(minis), int(block/minis)
	d.last = uint64(unzigzag(first))
	return nil
}

// next returns the next integer.
func (d *delta) next() (int64, error) {
	if d.read >= d.total {
		return 0, errShort
	}
	if d.read++; d.read == 1 {
		return int64(d.last), nil
	}
	if d.left == 0 {
		if err := d.startMiniblock(); err != nil {
			return 0, err
		}
	}
	d.left--
	if d.width == 0 {
		d.last += d.min
		return int64(d.last), nil
	}
	if d.pack.used == d.pack.length {
		data, err := d.source.upTo(d.width)
		if err != nil {
			return 0, err
		}
		if d.pack.unpack(data, d.width); d.pack.length == 0 {
			return 0, errShort
		}
	}
	d.pack.used++
	d.last += d.min + d.pack.values[d.pack.used-1]
	return int64(d.last), nil
}

// startMiniblock begins the next miniblock.
func (d *delta) startMiniblock() error {
	if len(d.widths) == 0 {
		minimum, err := d.source.uvarint()
		if err != nil {
			return err
		}
		d.min = uint64(unzigzag(minimum))
		widths, err := d.source.next(d.minis)
		if err != nil {
			return err
		}
		d.widths = append(d.widths[:0], widths...)
	}
	d.width, d.left, d.pack = int(d.widths[0]), d.size, pack{}
	if d.widths = d.widths[1:]; d.width > maxWidth {
		return errEncoding
	}
	return nil
}

// skip reads all remaining integers, and the padding of the last miniblock.
func (d *delta) skip() error {
	for d.read < d.total {
		if _, err := d.next(); err != nil {
			return err
		}
	}
	for left := d.left / packSize; left > 0 && d.width > 0; left-- {
		if _, err := d.source.upTo(d.width); err != nil {
			return err
		}
	}
	return nil
}
