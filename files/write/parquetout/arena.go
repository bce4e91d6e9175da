package parquetout

// arena is memory for slices of bytes that are released together.
type arena struct {
	blocks [][]byte
	used   int // number of blocks that are full
}

// arenaBlock is the size of a block in bytes.
const arenaBlock = 1 << 20

// take returns an empty slice with the given capacity. A slice longer than a block does not come from the arena.
func (a *arena) take(size int) []byte {
	if size > arenaBlock {
		return make([]byte, 0, size)
	}
	for ; a.used < len(a.blocks); a.used++ {
		if from := len(a.blocks[a.used]); from+size <= arenaBlock {
			a.blocks[a.used] = a.blocks[a.used][:from+size]
			return a.blocks[a.used][from : from : from+size]
		}
	}
	block := make([]byte, size, arenaBlock)
	a.blocks = append(a.blocks, block)
	return block[:0:size]
}

// reset releases all slices.
func (a *arena) reset() {
	for i, block := range a.blocks {
		a.blocks[i] = block[:0]
	}
	a.used = 0
}
