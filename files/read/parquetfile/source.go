package parquetfile

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// maxUvarint is the maximum length of a varint in bytes.
const maxUvarint = binary.MaxVarintLen64

// source is the content of a page. It is in memory, or is decompressed step by step.
type source struct {
	unread []byte // unread bytes: part of store or, after reset, of the buffer passed to reset
	store  []byte
	in     io.Reader // reader of the remaining bytes; nil if there are none
	budget *budget
	// copied receives the bytes that are read while copying is true.
	copied  []byte
	copying bool
}

// reset sets the content to a buffer.
func (s *source) reset(content []byte) { s.unread, s.in, s.copying = content, nil, false }

// stream sets the content to the bytes of a reader.
func (s *source) stream(in io.Reader) { s.unread, s.in, s.copying = nil, in, false }

// streamBuffer is the minimum size, in bytes, of the buffer of a source that reads from a reader.
const streamBuffer = 16 << 10

// fill reads until s.unread has n bytes, or until the content ends. It enlarges the buffer only when bytes arrive,
// because n comes from the file and may be far too large.
func (s *source) fill(n int) error {
	for len(s.unread) < n && s.in != nil {
		if have := len(s.unread); have == cap(s.store) || cap(s.store) == 0 {
			grown, err := s.budget.grow(s.store[:0], min(max(n, streamBuffer), max(2*have, streamBuffer)))
			if err != nil {
				return err
			}
			grown = append(grown[:0], s.unread...)
			s.store, s.unread = grown, grown
		} else {
			s.unread = append(s.store[:0], s.unread...)
		}
		room := s.store[len(s.unread):cap(s.store)]
		got, err := s.in.Read(room)
		s.unread = s.store[:len(s.unread)+got]
		if errors.Is(err, io.EOF) {
			s.in = nil
		} else if err != nil {
			return brokenBy(err)
		}
	}
	return nil
}

// upTo consumes and returns n bytes, or fewer at the end of the content. The bytes are valid until the next read.
func (s *source) upTo(n int) ([]byte, error) {
	if len(s.unread) < n {
		if err := s.fill(n); err != nil {
			return nil, err
		}
		n = min(n, len(s.unread))
	}
	read := s.unread[:n:n]
	s.unread = s.unread[n:]
	if s.copying {
		var err error
		s.copied, err = s.budget.append(s.copied, read)
		return read, err
	}
	return read, nil
}

// next consumes and returns n bytes. The bytes are valid until the next read.
func (s *source) next(n int) ([]byte, error) {
	read, err := s.upTo(n)
	if err == nil && len(read) < n {
		err = errShort
	}
	return read, err
}

// length reads a length that is stored in four bytes.
func (s *source) length() (int, error) {
	read, err := s.next(4)
	if err != nil {
		return 0, err
	}
	n := binary.LittleEndian.Uint32(read)
	if n > math.MaxInt32 {
		return 0, errShort
	}
	return int(n), nil
}

// uvarint reads a varint.
func (s *source) uvarint() (uint64, error) {
	if len(s.unread) < maxUvarint {
		if err := s.fill(maxUvarint); err != nil {
			return 0, err
		}
	}
	n, length := binary.Uvarint(s.unread)
	if length <= 0 {
		return 0, errShort
	}
	_, err := s.upTo(length)
	return n, err
}

// rest returns all remaining bytes. It enlarges the buffer only when bytes arrive.
func (s *source) rest() ([]byte, error) {
	for want := streamBuffer; s.in != nil; want *= 2 {
		if err := s.fill(want); err != nil {
			return nil, err
		}
	}
	return s.upTo(len(s.unread))
}
