package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"sbwatch/atomicfile"
	"sbwatch/model/text"
	"sbwatch/waitfile"
)

const (
	filePermissions   fs.FileMode = 0o600
	folderPermissions fs.FileMode = 0o700
)

// directory stores files in a directory of this machine.
type directory string

// NewDirectory returns an archive in a directory. The directory is created when the first file is written, and only the
// user can read it.
func NewDirectory(path string) *Archiver { return &Archiver{directory(path)} }

func (d directory) String() string { return string(d) }

func (d directory) path(name string) string {
	return filepath.Join(string(d), filepath.FromSlash(name))
}

// root opens the directory. If it is another kind of file, such as a named pipe, root returns an error without waiting for
// the other end of the pipe.
func (d directory) root() (*os.Root, error) {
	// With a separator at the end, the system opens only directories.
	root, err := os.OpenRoot(cmp.Or(string(d), ".") + string(filepath.Separator))
	return root, d.explained(err)
}

// explained returns err or, if the reason for err is that the archive is another kind of file than a directory, an error
// that says so.
func (d directory) explained(err error) error {
	if err == nil {
		return nil
	}
	if info, statErr := os.Stat(string(d)); statErr == nil && !info.IsDir() {
		return fmt.Errorf("the archive %s is not a folder: remove it, or use another folder as the archive", text.Printable(string(d)))
	}
	return err
}

func (d directory) write(_ context.Context, name string, write func(io.Writer) error) error {
	for attempt := 0; ; attempt++ {
		file, isWriting := d.path(name), false
		if err := os.MkdirAll(filepath.Dir(file), folderPermissions); err != nil {
			return d.explained(err)
		}
		err := atomicfile.Write(file, true, filePermissions, func(w io.Writer) error {
			isWriting = true
			return write(w)
		})
		// Another process may have removed the last run in the folder, and then the folder.
		if isWriting || attempt == 3 || !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
}

func (d directory) export(ctx context.Context, name string, write func(io.Writer) error) error {
	return d.write(ctx, name, write)
}

// open opens a file. It does not follow links out of the directory.
func (d directory) open(_ context.Context, name string) (io.ReadCloser, error) {
	root, err := d.root()
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	return waitfile.OpenRegularIn(root, name)
}

// remove removes a file. If this leaves the folder of the recipe empty, it removes the folder, too.
func (d directory) remove(_ context.Context, name string) error {
	root, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_ = root.Remove(path.Dir(name)) // fails if the folder has other files
	return nil
}

// deliver does nothing, because a directory needs no spool.
func (directory) deliver(context.Context, string) error { return nil }
