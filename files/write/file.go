package write

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/charmbracelet/x/term"

	"sbwatch/atomicfile"
	"sbwatch/files"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/waitfile"
)

// Reasons why a file is not written. Use errors.Is to recognize them.
var (
	// ErrExists is the error for a file that already exists. It occurs only if Force is false.
	ErrExists = errors.New("the file already exists")
	// ErrIsSource is the error for writing to the file from which the items were read.
	ErrIsSource = errors.New("it is the file the items were read from")
	// ErrTerminal is the error for writing binary data to a terminal.
	ErrTerminal = errors.New("a terminal cannot show Parquet")
)

// Target is a file to write.
type Target struct {
	Name string
	// Force allows replacing an existing file.
	Force bool
	// Source is the name of the file from which the items were read. It is empty if they are not from a file.
	Source string
}

// Check returns the reason why the file cannot be written, or nil. It does not change anything. The error is a
// [*run.Problem] that wraps the cause, such as [ErrExists] or [ErrIsSource].
func (t Target) Check() error {
	if _, err := t.find(); err != nil {
		return t.problem(err)
	}
	return nil
}

// Write writes items to the file. The file gets its name only after it is complete and synced to disk. If writing fails
// or ctx ends, an existing file stays unchanged, and no temporary file is left. The new file has the permissions, owner
// and hard links of the file that it replaces; see [atomicfile.Write]. A symbolic link stays a link.
//
// If the file is not a regular file but, for example, a device or a named pipe, Write writes to it directly. On a
// terminal, it shows control characters as text.
//
// The error is a [*run.Problem] or, if ctx ended first, the cause of ctx.
func (t Target) Write(ctx context.Context, items item.Table, o Options) error {
	p, err := t.find()
	if err != nil {
		return t.problem(err)
	}
	if p.old != nil && !p.old.Mode().IsRegular() {
		err = p.writeThrough(ctx, items, o)
	} else {
		err = p.replace(ctx, items, o)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	default:
		return t.problem(err)
	}
}

// destination is the file that an export writes.
type destination struct {
	name  string      // name after following all links
	old   fs.FileInfo // existing file, or nil
	force bool
}

// find determines which file to write. It returns an error if that file must not be written.
func (t Target) find() (destination, error) {
	p := destination{name: t.Name, force: t.Force}
	if t.Name == "" {
		return p, errors.New("the file name is empty")
	}
	if name, err := filepath.EvalSymlinks(t.Name); err == nil {
		p.name = name
	} else if isDangling(t.Name) {
		return p, errors.New("it is a link to a file that does not exist")
	}
	old, err := os.Stat(p.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, checkFolder(filepath.Dir(p.name))
	case err != nil:
		return p, err
	case old.IsDir():
		return p, syscall.EISDIR
	}
	p.old = old
	switch source, err := os.Stat(t.Source); {
	case t.Source != "" && err == nil && os.SameFile(old, source):
		return p, ErrIsSource
	case old.Mode().IsRegular() && !t.Force:
		return p, ErrExists
	default:
		return p, nil
	}
}

// isDangling reports whether name is a symbolic link to a file that does not exist. A link to something without a name,
// such as the pipe that a shell passes as /dev/fd/63, is not dangling.
func isDangling(name string) bool {
	info, err := os.Lstat(name)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return false
	}
	_, err = os.Stat(name)
	return err != nil
}

// checkFolder returns the reason why no file can be created in a folder, or nil.
func checkFolder(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("its folder does not exist")
	case err != nil:
		return err
	case !info.IsDir():
		return syscall.ENOTDIR
	default:
		return nil
	}
}

// writeThrough writes directly to something that cannot be replaced, such as a device. On a terminal, it makes control
// characters visible.
func (p destination) writeThrough(ctx context.Context, items item.Table, o Options) error {
	file, err := waitfile.Open(ctx, p.name, os.O_WRONLY)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = file.Close() })() // the reader at the other end may never read
	if !isTerminal(file) {
		return errors.Join(writeBuffered(ctx, file, items, o), file.Close())
	}
	if o.Format == files.Parquet {
		return errors.Join(ErrTerminal, file.Close())
	}
	screen := NewScreenWriter(file)
	return errors.Join(writeBuffered(ctx, screen, items, o), screen.Close(), file.Close())
}

// isTerminal reports whether a file is a terminal. It does not call Fd, because Close would then wait for writes that
// are in progress.
func isTerminal(file *os.File) bool {
	is := false
	if conn, err := file.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { is = term.IsTerminal(fd) })
	}
	return is
}

// replace writes a new file in the folder of the old file, and then gives it the name of the old file.
func (p destination) replace(ctx context.Context, items item.Table, o Options) error {
	const newFile = 0o666 // its permissions, before the umask is applied
	err := atomicfile.Write(p.name, p.force, newFile, func(w io.Writer) error {
		if file, isFile := w.(*os.File); isFile {
			return ToFile(ctx, file, items, o)
		}
		return writeBuffered(ctx, w, items, o)
	})
	if !p.force && errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	return err
}

func writeBuffered(ctx context.Context, w io.Writer, items item.Table, o Options) error {
	out := bufio.NewWriterSize(w, bufferSize)
	if err := Write(ctx, out, items, o); err != nil {
		return err
	}
	return out.Flush()
}

// problem returns the problem for an error, with advice for the user such as "give another name".
func (t Target) problem(err error) *run.Problem {
	problem := &run.Problem{
		Kind: run.ProblemInput, What: text.NewText(t.Name), Summary: text.NewText(reason(err)), Cause: err,
	}
	switch {
	case errors.Is(err, ErrExists):
		problem.NextStep = text.NewText("give another name, or use --force to replace the file")
	case errors.Is(err, ErrIsSource):
		problem.NextStep = text.NewText("give another name")
	case errors.Is(err, syscall.ENOSPC):
		problem.NextStep = text.NewText("free some disk space, or choose another disk")
	}
	return problem
}

// reason returns the reason why a file could not be written, in a few words.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "no permission to write it"
	case errors.Is(err, syscall.EISDIR):
		return "it is a directory"
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	default:
		return err.Error()
	}
}
