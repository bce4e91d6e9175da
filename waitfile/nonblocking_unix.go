//go:build unix

package waitfile

import "syscall"

// nonBlocking is a flag for opening a file. Opening a named pipe then does not wait for its other end.
const nonBlocking = syscall.O_NONBLOCK
