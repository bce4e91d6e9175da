// Package userfile reads and writes the small files that sbwatch keeps for its user, such as settings, layouts and
// keys. Only the user can read the files and their folders.
package userfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sbwatch/atomicfile"
	"sbwatch/waitfile"
)

// ErrTooLarge is the error for a file that is larger than the limit.
var ErrTooLarge = errors.New("it is too large")

// Read returns the content of a regular file that has at most limit bytes.
func Read(name string, limit int64) ([]byte, error) {
	file, err := waitfile.OpenRegular(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(content)) > limit {
		return nil, &os.PathError{Op: "read", Path: name, Err: fmt.Errorf("%w: the limit is %d KiB", ErrTooLarge, limit>>10)}
	}
	return content, err
}

// Write writes a file atomically and creates its folder if necessary. If the file exists, it is replaced only if
// overwrite is set; otherwise the error is [io/fs.ErrExist].
func Write(name string, overwrite bool, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(name, overwrite, 0o600, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
