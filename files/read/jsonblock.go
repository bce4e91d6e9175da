package read

import (
	"bytes"
	"context"
	"runtime"
	"sync"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/work"
)

// jsonBlocks scans objects of the text on all cores. It splits the text into blocks that probably begin with an item,
// and scans each block independently. If a block does not end where the next one begins, the results of the
// later blocks are discarded, and their text is scanned again in order. Damaged text therefore has the same result as
// if it were always scanned in order.
type jsonBlocks struct {
	// span is the number of bytes that are split into blocks and scanned in one step. It shrinks when a block ends
	// early, because the work on the blocks after it is lost.
	span int
	// resume is an offset in the text. Text before this offset is not split into blocks.
	resume int64
	// pause is the number of bytes to read without blocks after a block has ended early. It doubles each time a block
	// ends early. It becomes 0 when all blocks end as expected.
	pause int
	// isFull is true once a limit was reached while a block was added. The rest of the text is then read without
	// blocks.
	isFull bool

	newScanner func() *item.Scanner

	mutex    sync.Mutex // for the fields below
	scanners []*item.Scanner
	busy     int // number of scanners in use: scanners[:busy]
}

// minJSONBlock and maxJSONBlock are the limits on the size of a block, in bytes. maxPause is the maximum number of
// bytes that are read without blocks after a block has ended early.
const (
	minJSONBlock, maxJSONBlock = 16 << 10, 128 << 10
	maxPause                   = 64 << 20
)

// jsonBlock is a part of the text that is scanned by itself.
type jsonBlock struct {
	from, to int
	found    item.Block
}

// scanner returns an unused scanner for the calling goroutine.
func (b *jsonBlocks) scanner() *item.Scanner {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.busy == len(b.scanners) {
		b.scanners = append(b.scanners, b.newScanner())
	}
	b.busy++
	return b.scanners[b.busy-1]
}

// scanBlocks adds the objects that follow an item, as far as they are in memory. It does nothing if too few of them are
// in memory.
func (j *jsonReader) scanBlocks() {
	f, b := j.in, &j.blocks
	if len(f.Bytes()) < minSpan || f.Offset() < b.resume || b.isFull || f.Full() || f.Limits().CountOnly || runtime.GOMAXPROCS(0) == 1 {
		return
	}
	b.span = min(max(b.span, minSpan), maxSpan)
	text := f.Bytes()
	from := j.afterItem(text, 0)
	if from < 0 || from >= len(text) {
		return
	}
	blocks := splitItems(text, from, max(from, min(len(text), b.span)))
	b.busy = 0
	_ = work.Each(context.Background(), len(blocks), b.scanner, func(s *item.Scanner, i int) {
		block := &blocks[i]
		block.found = s.Scan(text[block.from:block.to], j.afterItem)
	})
	if j.joinBlocks(text, blocks) {
		b.span, b.pause = 2*b.span, 0
		return
	}
	b.span /= 2
	b.pause = min(max(2*b.pause, b.span), maxPause)
	b.resume = f.Offset() + int64(b.pause)
	b.scanners = nil // they hold keys of ignored blocks, which are not part of the table
}

// afterItem returns the offset of the object that follows an item. The parameter end is the offset after that item. If
// the text ends before the object, afterItem returns len(text). If something other than an object follows, afterItem
// returns -1.
func (j *jsonReader) afterItem(text []byte, end int) int {
	at := jsonscan.Space(text, end)
	if j.inList && at < len(text) {
		if text[at] != ',' {
			return -1
		}
		at = jsonscan.Space(text, at+1)
	}
	if at < len(text) && text[at] != '{' {
		return -1
	}
	return at
}

// joinBlocks adds the items of the blocks in order. It stops after a block that does not end where the next block
// begins. It returns true if it has added all blocks and at least one item, and otherwise false.
func (j *jsonReader) joinBlocks(text []byte, blocks []jsonBlock) bool {
	end, isWhole := 0, true
	for i := range blocks {
		block := &blocks[i]
		if isWhole = j.in.JoinBlock(block.from, &block.found); !isWhole {
			j.blocks.isFull = true
			break
		}
		if block.found.End > 0 {
			end = block.from + block.found.End
		}
		isWhole = block.found.End > 0 && j.afterItem(text[:block.to], end) == block.to
		if !isWhole {
			isWhole = i == len(blocks)-1
			break
		}
	}
	j.in.Advance(end)
	return isWhole && end > 0
}

// splitItems splits text[start:end] into blocks that probably begin with an item. The first block begins with the
// object at text[start]. Every later block begins with an object that has the same first key as the first object, and
// the same white space before it.
func splitItems(text []byte, start, end int) []jsonBlock {
	const maxBegin = 64 // number of bytes at the beginning of an object that are compared
	begin := start      // offset of the separator before the object
	for begin > 0 && text[begin-1] <= ' ' {
		begin--
	}
	begin = max(0, begin-1) // the comma, or the last byte of the item before
	key := max(1, bytes.IndexByte(text[start:min(end, start+maxBegin)], ':'))
	pattern := text[begin : start+key]
	offset := start - begin
	size := min(max((end-start)/spanBlocks, minJSONBlock), maxJSONBlock)
	var blocks []jsonBlock
	for start < end {
		end := end
		if near := start + size; near < end {
			if next := bytes.Index(text[near:end], pattern); next >= 0 {
				end = near + next + offset
			}
		}
		blocks = append(blocks, jsonBlock{from: start, to: end})
		start = end
	}
	return blocks
}
