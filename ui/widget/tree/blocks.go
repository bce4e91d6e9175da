package tree

import (
	"strconv"

	"sbwatch/model/item"
)

// MarkerWidth is the width of the marker of the cursor, in cells. The lines of blocks have this much less room.
const MarkerWidth = markerWidth

// Blocks returns a layout of blocks of lines, for a list whose entries may need several lines. Each block is a field
// without a name and a value. A block must have at least one line.
func Blocks(blocks [][]string) Layout {
	var l Layout
	for i, block := range blocks {
		l.fields = append(l.fields, Field{Path: item.PathOf(strconv.Itoa(i)), from: len(l.lines)})
		l.appendLines(block)
	}
	return l
}
