package cmd

import (
	"errors"
	"math"
	"os"
	"runtime/debug"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"sbwatch/api/wire"
)

// limitFlags bound what an answer or a file may take. A limit of 0 is the default for this machine.
type limitFlags struct{ body, memory int64 }

// The least that the flags may ask for, in bytes: with less nothing can be read or shown.
const (
	minBody   = 1 << 10
	minMemory = 16 << 20
)

func (f *limitFlags) addTo(c *cobra.Command) {
	c.Flags().Var(&sizeValue{&f.body, minBody}, "max-body",
		"read at most this much of an answer or a file, after decompression (default: the machine's memory, at most 4GB)")
	c.Flags().Var(&sizeValue{&f.memory, minMemory}, "max-memory",
		"use at most about this much memory for items; further items are counted, not kept (default: half of the machine's memory)")
}

// maxDefaultBody bounds --max-body where it is not given: unpacking more takes many seconds.
const maxDefaultBody = 4_000_000_000

// of gives the limits on a machine with so much memory.
func (f limitFlags) of(machine int64, countOnly bool) wire.Limits {
	limits := wire.Limits{Body: f.body, Memory: f.memory, CountOnly: countOnly}
	if limits.Body == 0 {
		limits.Body = min(machine, maxDefaultBody)
	}
	if limits.Memory == 0 {
		limits.Memory = max(minMemory, machine/2)
	}
	return limits
}

// limits gives the limits of a command, and makes the garbage collector keep to them as far as it can. countOnly is for a
// command that needs no items.
func (p *program) limits(f limitFlags, countOnly bool) wire.Limits {
	limits := f.of(machineMemory(os.DirFS("/")), countOnly)
	if p.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limits.Memory)
	}
	return limits
}

// sizeValue is the value of a flag that gives a number of bytes, such as 500MB or 1GiB.
type sizeValue struct {
	bytes *int64
	min   int64
}

// errSize is never shown: flagError words it by the kind.
var errSize = errors.New("no size")

// Set reads a size.
func (v *sizeValue) Set(text string) error {
	bytes, err := humanize.ParseBytes(text)
	if err != nil || bytes > math.MaxInt64 || int64(bytes) < v.min {
		return errSize
	}
	*v.bytes = int64(bytes)
	return nil
}

// String is the size; empty where none was given.
func (v *sizeValue) String() string {
	if v.bytes == nil || *v.bytes == 0 {
		return ""
	}
	return humanize.Bytes(uint64(*v.bytes)) //nolint:gosec // positive
}

// Type is the kind of the value.
func (v *sizeValue) Type() string { return kindSize }
