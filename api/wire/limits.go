package wire

import (
	"errors"
	"io"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Limits holds the limits for reading one answer or one file. A field that is 0 stands for its value in
// [DefaultLimits].
type Limits struct {
	// Body is the maximum size of an answer or a file in bytes, counted after decompression.
	Body int64
	// Memory is the maximum memory, in bytes, for items and for data computed from them. The table of items may use
	// half of it. Items that do not fit in this half are validated and counted, but not kept.
	Memory int64
	// Total is the memory limit for all files, in bytes, of which Memory is the part for one file. It is 0 if there is
	// only one file. It is used only in messages.
	Total int64
	// Columns is the maximum number of columns of a CSV or Parquet file.
	Columns int
	// CountOnly means that items are validated and counted, but only the first is kept.
	CountOnly bool
}

// DefaultLimits returns the limits for a machine whose memory size is unknown: 4 GB for a body, 2 GB of memory, and
// 16,384 columns.
func DefaultLimits() Limits {
	return Limits{Body: 4_000_000_000, Memory: 2_000_000_000, Columns: 16_384}
}

// OfSeveral returns the limits for reading one of several files. It halves Memory. The other half of Memory is for the
// files that were read before.
func (l Limits) OfSeveral() Limits {
	l.Total = l.Memory
	l.Memory /= 2
	return l
}

// withDefaults replaces zero fields by their defaults.
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

// TableSize returns the maximum memory for the table of items, in bytes.
func (l Limits) TableSize() int64 { return l.Memory / 2 }

// minItem is the lower bound of [Limits.ItemSize], in bytes.
const minItem = 1 << 20

// ItemSize returns the maximum size of one item, in bytes. This size is a small fraction of Memory, because reading an
// item needs several times the size of the item.
func (l Limits) ItemSize() int { return int(min(item.MaxItem, max(minItem, l.Memory/16))) }

// maxExpansion is the maximum ratio of the decompressed size of a text to its compressed size. A file of equal items
// can have a ratio of 1,000. The ratio is not checked for the first freeExpansion bytes of the decompressed text.
const (
	maxExpansion  = 10_000
	freeExpansion = 256 << 20
)

var (
	// ErrBody is the error for a text that is larger than Limits.Body.
	ErrBody      = errors.New("larger than --max-body allows")
	errExpansion = errors.New("larger than 10,000 times its compressed size")
)

// limitedSource is a reader that returns ErrBody if the source is larger than a limit.
type limitedSource struct {
	source io.Reader
	left   int64
	// packed returns the number of compressed bytes that were read. packed is nil if the source is not compressed.
	packed func() int64
	given  int64
}

// Read implements [io.Reader].
func (l *limitedSource) Read(p []byte) (int, error) {
	if l.left <= 0 {
		// Read one more byte to find out whether the text ends exactly at the limit.
		var one [1]byte
		n, err := l.source.Read(one[:])
		if n > 0 {
			err = ErrBody
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

// raiseMemory returns the advice for the user if the items do not fit into the memory.
func (l Limits) raiseMemory() string {
	if l.Total > 0 {
		return "raise --max-memory, which is " + text.Bytes(l.Total) + "; the items of one file may use " + text.Bytes(l.TableSize()) + " of it"
	}
	return "raise --max-memory, which is " + text.Bytes(l.Memory) + "; items may use half of it"
}

// Incomplete returns the problem if a limit prevented the decoder from reading or keeping the whole text. It returns
// nil if no limit was reached. err is the error at which the decoder stopped.
func (d *Decoder) Incomplete(err error) *run.Problem {
	limited := func(words, next string) *run.Problem {
		return &run.Problem{
			Kind: run.ProblemTooLarge, Summary: text.NewText(words), NextStep: text.NewText(next), Cause: err,
		}
	}
	kept, total := int64(d.builder.Len()), int64(d.builder.Total())
	switch {
	case errors.Is(err, ErrBody):
		return limited("larger than "+text.Bytes(d.limits.Body)+": reading ended after "+text.Counted(total, "item"), "raise --max-body to read more")
	case errors.Is(err, errExpansion):
		return limited(errExpansion.Error()+": reading ended after "+text.Counted(total, "item"), "unpack it first")
	case err != nil || d.limits.CountOnly:
	case d.builder.Full() && kept < total:
		return limited("only the first "+text.Count(kept)+" of "+text.Counted(total, "item")+" fit into "+
			text.Bytes(d.limits.TableSize())+" of memory", d.limits.raiseMemory())
	case kept < total:
		return limited(text.Counted(total-kept, "item")+" larger than "+text.Bytes(int64(d.limits.ItemSize()))+" left out", "raise --max-memory to keep more")
	}
	if err == nil && d.skeleton.cut {
		return limited("the data other than items is larger than "+text.Bytes(int64(d.skeleton.limit))+": some of it was left out", "")
	}
	return nil
}
