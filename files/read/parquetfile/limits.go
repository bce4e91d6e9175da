package parquetfile

import (
	"sync"

	"sbwatch/model/text"
)

// Limits are the limits on the resources for reading a file.
type Limits struct {
	// Columns is the maximum number of leaf columns.
	Columns int
	// Memory is the maximum number of bytes in memory at one time, for the footer and for the pages and dictionaries of
	// a row group.
	Memory int64
	// Row is the maximum length of the text of a row, in bytes.
	Row int
}

// The memory for a file is limited to minFileMemory plus maxExpansion times the size of the file, even if Limits allow
// more. Ordinary files need little more memory than their size. A malicious file can request much more: 4 KB of Brotli
// can expand to 1 GB.
const (
	minFileMemory = 64 << 20
	maxExpansion  = 64
)

// budget keeps track of the memory in use.
type budget struct {
	mutex sync.Mutex // guards used

	used, limit int64
	// fileSize is the size of the file if the memory limit depends on it, and otherwise 0.
	fileSize int64
	// maxValue is the maximum length of a value or a row in bytes.
	maxValue int
}

func newBudget(limits Limits, size int64) *budget {
	b := &budget{limit: limits.Memory, maxValue: limits.Row}
	if ofFile := minFileMemory + maxExpansion*min(size, limits.Memory); ofFile < b.limit {
		b.limit, b.fileSize = ofFile, size
	}
	if ofFile := b.limit; b.fileSize > 0 && ofFile < int64(b.maxValue) {
		b.maxValue = int(ofFile)
	}
	return b
}

// reserve reserves memory in the budget, before the caller allocates it. It returns an error if the budget would be
// exceeded.
func (b *budget) reserve(bytes int64) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if bytes > b.limit-b.used {
		return tooLarge("reading it needs "+text.Bytes(b.used+bytes)+" of memory or more", b.limit, b.fileSize)
	}
	b.used += bytes
	return nil
}

// release gives reserved memory back to the budget.
func (b *budget) release(bytes int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.used -= bytes
}

// reserveSpare is like reserve, but for memory that is not necessary and only saves time. It returns false if more than
// a quarter of the budget would be in use.
func (b *budget) reserveSpare(bytes int64) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if bytes > b.limit/4-b.used {
		return false
	}
	b.used += bytes
	return true
}

// grow enlarges the capacity of a buffer to at least n bytes. It reserves the memory in the budget.
func (b *budget) grow(buffer []byte, n int) ([]byte, error) {
	if n <= cap(buffer) {
		return buffer, nil
	}
	if err := b.reserve(int64(n - cap(buffer))); err != nil {
		return buffer, err
	}
	return append(make([]byte, 0, n), buffer...), nil
}

// append appends bytes to a buffer. If the capacity is too small, append doubles it. If the budget is too small for
// doubling, append enlarges the buffer only to the new length.
func (b *budget) append(buffer, more []byte) ([]byte, error) {
	n := len(buffer) + len(more)
	if n > cap(buffer) {
		grown, err := b.grow(buffer, max(n, 2*cap(buffer)))
		if err != nil {
			grown, err = b.grow(buffer, n)
		}
		if err != nil {
			return buffer, err
		}
		buffer = grown
	}
	return append(buffer, more...), nil
}

// checkValue returns an error if a value is too long.
func (b *budget) checkValue(length int64) error {
	if length <= int64(b.maxValue) {
		return nil
	}
	return tooLarge("a value has "+text.Bytes(length), int64(b.maxValue), b.fileSize)
}

// checkRow returns an error if the text of a row is too long.
func (b *budget) checkRow(length int) error {
	if length <= b.maxValue {
		return nil
	}
	return tooLarge("a row has "+text.Bytes(int64(length))+" or more", int64(b.maxValue), b.fileSize)
}
