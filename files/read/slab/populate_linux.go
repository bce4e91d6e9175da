package slab

import "golang.org/x/sys/unix"

// populate makes the operating system provide the memory of a part of a slab.
func populate(part []byte) {
	_ = unix.Madvise(part, unix.MADV_POPULATE_WRITE) // otherwise the memory is provided when it is first used
}
