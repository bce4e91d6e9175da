package export

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
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/waitfile"
)

// Reasons why a file is not written, to be found by errors.Is.
var (
	// ErrExists is the error for a file that is there already, and that nobody allowed to be replaced.
	ErrExists = errors.New("there is such a file already")
	// ErrIsSource is the error for writing over the file that the items come from.
	ErrIsSource = errors.New("it is the file that the items come from")
	// ErrTerminal is the error for bytes that a terminal cannot show.
	ErrTerminal = errors.New("a terminal cannot show Parquet")
)

// Target is a file to be written.
type Target struct {
	Name string
	// Force lets a file that is there already be replaced.
	Force bool
	// Source is the name of the file that the items come from; empty where they come from somewhere else.
	Source string
}

// Check tells, without touching anything, why the file could not be written: [ErrExists], [ErrIsSource], a directory that
// is not there. The error is a [*model.Problem] with that as its cause.
func (t Target) Check() error {
	if _, err := t.find(); err != nil {
		return t.problem(err)
	}
	return nil
}

// Write writes items to the file. It appears under its name only when all of it is written and safe on the disk; until
// then, and where that fails or ctx ends, an older file stays as it was, and nothing is left beside it. A file that is
// replaced hands its permissions, owner and other names on, see [atomicfile.Write]; a link to it stays a link.
//
// What is no file of a disk, such as a device or a named pipe, is written to directly. On a terminal, what it would obey
// is shown as text.
//
// The error is a [*model.Problem], or the cause of ctx where that ended first.
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

// place is where a file is to be written.
type place struct {
	name  string      // behind all links
	old   fs.FileInfo // nil: there is none yet
	force bool
}

// find finds out where the file is to be written, and whether it may be.
func (t Target) find() (place, error) {
	p := place{name: t.Name, force: t.Force}
	if t.Name == "" {
		return p, errors.New("it has no name")
	}
	if name, err := filepath.EvalSymlinks(t.Name); err == nil {
		p.name = name
	} else if isDangling(t.Name) {
		return p, errors.New("it is a link to a file that is not there")
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

// isDangling tells a link to nothing from one that leads somewhere, if to no other name: so it is with the pipes that a shell
// hands over as /dev/fd/63.
func isDangling(name string) bool {
	info, err := os.Lstat(name)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return false
	}
	_, err = os.Stat(name)
	return err != nil
}

// checkFolder tells why no file can be in a folder.
func checkFolder(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no folder for it")
	case err != nil:
		return err
	case !info.IsDir():
		return syscall.ENOTDIR
	default:
		return nil
	}
}

// writeThrough writes to what cannot be replaced. A terminal is given nothing that it would obey.
func (p place) writeThrough(ctx context.Context, items item.Table, o Options) error {
	file, err := waitfile.Open(ctx, p.name, os.O_WRONLY)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = file.Close() })() // nobody may read what is written
	if !isTerminal(file) {
		return errors.Join(writeBuffered(ctx, file, items, o), file.Close())
	}
	if o.Format == Parquet {
		return errors.Join(ErrTerminal, file.Close())
	}
	screen := NewScreenWriter(file)
	return errors.Join(writeBuffered(ctx, screen, items, o), screen.Close(), file.Close())
}

// isTerminal reports whether a file is a terminal. It does without Fd, after which Close would wait for a write.
func isTerminal(file *os.File) bool {
	is := false
	if conn, err := file.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { is = term.IsTerminal(fd) })
	}
	return is
}

// replace writes a new file beside the old one and puts it in the other's place.
func (p place) replace(ctx context.Context, items item.Table, o Options) error {
	const newFile = 0o666 // less the umask
	err := atomicfile.Write(p.name, p.force, newFile, func(w io.Writer) error { return writeBuffered(ctx, w, items, o) })
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

// problem tells what is wrong with the file, and what to do.
func (t Target) problem(err error) *run.Problem {
	problem := &run.Problem{
		Kind: run.ProblemInput, What: text.NewText(t.Name), Summary: text.NewText(reason(err)), Cause: err,
	}
	switch {
	case errors.Is(err, ErrExists):
		problem.NextStep = text.NewText("give another name, or --force to replace it")
	case errors.Is(err, ErrIsSource):
		problem.NextStep = text.NewText("give another name")
	case errors.Is(err, syscall.ENOSPC):
		problem.NextStep = text.NewText("make room, or give a name on another disk")
	}
	return problem
}

// reason says in short words why a file could not be written.
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
