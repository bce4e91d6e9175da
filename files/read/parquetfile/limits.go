package parquetfile

import (
	"sync"

	"sbwatch/model/text"
)

// Limits bounds the resources that reading a file may use.
type Limits struct {
	// Columns is the maximum number of leaf columns.
	Columns int
	// Memory is the maximum number of bytes in memory at the same time: the footer, and the pages and dictionaries of a row
	// group.
	Memory int64
	// Row is the maximum length of the text of a row in bytes.
	Row int
}

// A small file can ask for much memory: 4 KB of Brotli unpack to 1 GB. What a file really needs is little more than
// its size, so a file gets at most minFileMemory plus maxExpansion times its size, even if the limits allow more.
const (
	minFileMemory = 64 << 20
	maxExpansion  = 64
)

// budget counts the memory in use. It is safe for concurrent use.
type budget struct {
	mutex sync.Mutex // for used

	used, limit int64
	// fileSize is the size of the file if it determines the limit, otherwise 0.
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

// take counts memory before it is allocated.
func (b *budget) take(bytes int64) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if bytes > b.limit-b.used {
		return tooLarge("reading it needs "+text.Bytes(b.used+bytes)+" of memory or more", b.limit, b.fileSize)
	}
	b.used += bytes
	return nil
}

// release returns memory that is no longer in use.
func (b *budget) release(bytes int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.used -= bytes
}

// takeSpare is like take for memory that only saves time. It returns false if it would use more than a quarter of
// the budget.
func (b *budget) takeSpare(bytes int64) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if bytes > b.limit/4-b.used {
		return false
	}
	b.used += bytes
	return true
}

// grow returns a buffer with the contents of the given one and room for at least n bytes. It allocates no more than
// that.
func (b *budget) grow(buffer []byte, n int) ([]byte, error) {
	if n <= cap(buffer) {
		return buffer, nil
	}
	if err := b.take(int64(n - cap(buffer))); err != nil {
		return buffer, err
	}
	return append(make([]byte, 0, n), buffer...), nil
}

// append appends more to a buffer. It doubles the capacity of a full one if the budget allows that.
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
