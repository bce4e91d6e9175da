package waitfile

import (
	"errors"
	"os"
)

var (
	// ErrFolder is the error for a path that is a folder.
	ErrFolder = errors.New("it is a folder")
	// ErrNotRegular is the error for a named pipe or a device. Reading a pipe might block forever.
	ErrNotRegular = errors.New("it is not a regular file")
)

// OpenRegular opens an existing regular file like [os.OpenFile]. For any other file, the error is [ErrFolder] or
// [ErrNotRegular], without waiting for the other end of a named pipe. It checks the file that it has opened, so it
// makes no difference whether the file is replaced at the same time.
func OpenRegular(name string, flag int) (*os.File, error) {
	file, err := os.OpenFile(name, flag|nonBlocking, 0)
	return regular(file, err)
}

// OpenRegularIn is like [OpenRegular], but opens a file in a folder for reading, and follows no links out of the
// folder.
func OpenRegularIn(folder *os.Root, name string) (*os.File, error) {
	file, err := folder.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	return regular(file, err)
}

// regular returns the file if it is a regular file. Otherwise it closes the file and returns an error.
func regular(file *os.File, err error) (*os.File, error) {
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = ErrFolder
	case !info.Mode().IsRegular():
		err = ErrNotRegular
	default:
		return file, nil
	}
	_ = file.Close()
	return nil, &os.PathError{Op: "open", Path: file.Name(), Err: err}
}
