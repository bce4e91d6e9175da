package read

import (
	"bytes"
	"errors"
	"time"

	"sbwatch/api/wire"
)

// The format of a text is guessed from a sample, its first lines. The sample does not depend on how the text arrives,
// so a file and a slow pipe give the same items. There is one exception: a source that pauses, such as a program that
// prints an item now and then. There, the guess is based on the text so far, so that the first items are shown soon.
const (
	// sampleSize is the maximum size of a sample, in bytes.
	sampleSize = 64 << 10
	// sampleLines is the usual number of lines of a sample. More are read if these are not enough.
	sampleLines = 20
	// samplePause is the time after which a source that sends nothing counts as pausing.
	samplePause = time.Second
)

// sampleState says why a sample ends where it does.
type sampleState int

const (
	// sampleFull: the sample has the requested number of lines.
	sampleFull sampleState = iota
	// sampleEnded: the text has ended, or the sample has reached its maximum size.
	sampleEnded
	// sampleWaiting: the source is pausing.
	sampleWaiting
)

// sample returns the first lines of the text. lines is their number.
func (f *reader) sample(lines int) ([]byte, sampleState) {
	for counted, at := 0, 0; ; {
		text := f.Bytes()[:min(len(f.Bytes()), sampleSize)]
		for counted < lines {
			length := bytes.IndexByte(text[at:], '\n')
			if length < 0 {
				break
			}
			at += length + 1
			counted++
		}
		if counted >= lines {
			return text[:at], sampleFull
		}
		if len(text) == sampleSize || f.Err() != nil {
			return text, sampleEnded
		}
		if err := f.growForSample(); errors.Is(err, wire.ErrPause) {
			return f.Bytes()[:min(len(f.Bytes()), sampleSize)], sampleWaiting
		}
	}
}

// growForSample reads more of the text. If the source pauses, it returns [wire.ErrPause].
func (f *reader) growForSample() error {
	if f.isFile {
		return f.Grow() // never blocks for long
	}
	return f.GrowWithin(samplePause)
}
