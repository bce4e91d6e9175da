//go:build !unix

package waitfile

// nonBlocking is a flag for opening a file. Systems without named pipes among the files need none.
const nonBlocking = 0
