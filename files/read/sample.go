package read

import (
	"bytes"
	"errors"
	"time"

	"sbwatch/api/wire"
)

// The format of a text is guessed from a sample, its first lines. The sample does not depend on how fast the text
// arrives, so a file and a slow pipe give the same items. There is one exception: if a source pauses, such as a program
// that prints an item now and then, the text so far is the sample. In this way, the first items appear soon.
const (
	// sampleSize is the maximum size of a sample, in bytes.
	sampleSize = 64 << 10
	// sampleLines is the number of lines of the first sample. If they are not enough, a larger sample is taken.
	sampleLines = 20
	// samplePause is the time without data after which a source is considered to pause.
	samplePause = time.Second
)

// sampleState is the reason why a sample ends.
type sampleState int

const (
	// sampleFull means that the sample has the requested number of lines.
	sampleFull sampleState = iota
	// sampleEnded means that the text has ended, or that the sample has reached its maximum size.
	sampleEnded
	// sampleWaiting means that the source pauses.
	sampleWaiting
)

// sample returns the given number of lines from the start of the text, or fewer, and the reason why the sample ends.
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
		return f.Grow() // a file never blocks for long
	}
	return f.GrowWithin(samplePause)
}
