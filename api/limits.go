package api

import (
	"errors"
	"io"

	"github.com/dustin/go-humanize"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Limits bounds what reading one answer or one file may take, whatever is in it. A field that is 0 has its default, that of
// [DefaultLimits].
type Limits struct {
	// Body is how many bytes are read of an answer or a file, counted after decompression. What comes behind is not read.
	Body int64
	// Memory is how many bytes the program may use for items and what it makes of them. The table may take half of it; items
	// beyond are checked and counted, but not kept.
	Memory int64
	// Columns is how many fields a record of CSV, and columns a Parquet file may have.
	Columns int
	// CountOnly checks and counts the items and keeps only the first, for those who need no others.
	CountOnly bool
}

// DefaultLimits are for a machine that nothing is known of: 4 GB of body, 2 GB of memory, 16,384 columns.
func DefaultLimits() Limits {
	return Limits{Body: 4_000_000_000, Memory: 2_000_000_000, Columns: 16_384}
}

// withDefaults fills in what is not given.
func (l Limits) withDefaults() Limits {
	defaults := DefaultLimits()
	if l.Body <= 0 {
		l.Body = defaults.Body
	}
	if l.Memory <= 0 {
		l.Memory = defaults.Memory
	}
	if l.Columns <= 0 {
		l.Columns = defaults.Columns
	}
	return l
}

// table is how much memory the items may take, in bytes.
func (l Limits) table() int64 { return l.Memory / 2 }

// leastItem is how large an item may always be, in bytes.
const leastItem = 1 << 20

// item is how large one item may be, in bytes: reading it takes several times as much.
func (l Limits) item() int { return int(min(item.MaxItem, max(leastItem, l.Memory/16))) }

// Of a text that is compressed so often are only so many bytes read for each byte of the compressed one, once there are more
// than freeExpansion. Files of equal items come to a thousand.
const (
	maxExpansion  = 10_000
	freeExpansion = 256 << 20
)

var (
	errBody      = errors.New("larger than --max-body allows")
	errExpansion = errors.New("it unpacks to more than 10,000 times its size")
)

// limitedSource reads a source up to a limit, and gives errBody past it.
type limitedSource struct {
	source io.Reader
	left   int64
	// packed is how many bytes were read of the compressed text around; nil where there is none.
	packed func() int64
	given  int64
}

// Read reads what is left.
func (l *limitedSource) Read(p []byte) (int, error) {
	if l.left <= 0 {
		// The text may end just here.
		var one [1]byte
		n, err := l.source.Read(one[:])
		if n > 0 {
			err = errBody
		}
		return 0, err
	}
	n, err := l.source.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	l.given += int64(n)
	if l.packed != nil && l.given > freeExpansion && l.given/maxExpansion > l.packed() {
		return n, errExpansion
	}
	return n, err
}

// incomplete tells which limit kept items or other parts of the text from being read or kept; nil where none did. err is how
// the reading ended.
func (d *decoder) incomplete(err error) *run.Problem {
	limited := func(words, next string) *run.Problem {
		return &run.Problem{
			Kind: run.ProblemTooLarge, Summary: text.NewText(words), NextStep: text.NewText(next), Cause: err,
		}
	}
	kept, total := int64(d.builder.Len()), int64(d.builder.Total())
	switch {
	case errors.Is(err, errBody):
		return limited("larger than "+size(d.limits.Body)+": reading ended after "+text.Counted(total, "item"), "raise --max-body to read more")
	case errors.Is(err, errExpansion):
		return limited(errExpansion.Error()+": reading ended after "+text.Counted(total, "item"), "unpack it first")
	case err != nil || d.limits.CountOnly:
	case d.builder.Full() && kept < total:
		return limited("the items need more than half of "+size(d.limits.Memory)+" of memory: the first "+
			text.Count(kept)+" of "+text.Count(total)+" are here", "raise --max-memory to keep more")
	case kept < total:
		return limited(text.Counted(total-kept, "item")+" larger than "+size(int64(d.limits.item()))+" left out", "raise --max-memory to keep more")
	}
	if err == nil && d.skeleton.cut {
		return limited("it holds more than "+size(int64(d.skeleton.most))+" beside the items: some of that was left out", "")
	}
	return nil
}

// size is a number of bytes in words: 2.0 GB.
func size(bytes int64) string { return humanize.Bytes(uint64(max(0, bytes))) }
