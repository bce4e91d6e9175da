package parquetfile

import "encoding/binary"

// maxShort is the maximum number of bytes that appendShort copies without a loop.
const maxShort = 64

// appendShort appends the first n bytes of text. It is faster than append for short texts: if dst and text have room, it
// copies half of maxShort bytes or all of them, whatever n is, because the bytes after the n-th do not matter.
func appendShort(dst, text []byte, n int) []byte {
	const word = 8
	end := len(dst)
	if n > maxShort || len(text) < maxShort || cap(dst)-end < maxShort {
		return append(dst, text[:n]...)
	}
	from, to := text[:maxShort], dst[end:end+maxShort]
	copyHalf := func(from, to []byte) {
		a, b := binary.LittleEndian.Uint64(from), binary.LittleEndian.Uint64(from[word:])
		c, d := binary.LittleEndian.Uint64(from[2*word:]), binary.LittleEndian.Uint64(from[3*word:])
		binary.LittleEndian.PutUint64(to, a)
		binary.LittleEndian.PutUint64(to[word:], b)
		binary.LittleEndian.PutUint64(to[2*word:], c)
		binary.LittleEndian.PutUint64(to[3*word:], d)
	}
	copyHalf(from, to)
	if n > maxShort/2 {
		copyHalf(from[maxShort/2:], to[maxShort/2:])
	}
	return dst[:end+n]
}
