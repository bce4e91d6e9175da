package read

import (
	"bytes"
	"errors"
	"time"

	"sbwatch/api/wire"
)

// What a text is, is guessed from a sample: its first lines. The sample does not depend on how the text arrives, so that a file and a
// slow pipe give the same items. Only a source that pauses, such as a program that prints an item now and then, is judged by what it
// has sent so far, so that its first items show.
const (
	// sampleSize is the maximum size of a sample, in bytes.
	sampleSize = 64 << 10
	// sampleLines is the number of lines of a sample, unless they are not enough.
	sampleLines = 20
	// samplePause is how long a source must have sent nothing to be judged by what it has sent.
	samplePause = time.Second
)

// sampleState says why a sample is not longer.
type sampleState int

const (
	// sampleFull: it has enough lines.
	sampleFull sampleState = iota
	// sampleEnded: the text has ended, or the sample has its maximum size.
	sampleEnded
	// sampleWaiting: the source pauses.
	sampleWaiting
)

// sample returns the beginning of the text, with a number of lines.
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

// growForSample reads more of the text. The error is [wire.ErrPause] if the source pauses.
func (f *reader) growForSample() error {
	if f.isFile {
		return f.Grow() // which never waits for long
	}
	return f.GrowWithin(samplePause)
}
