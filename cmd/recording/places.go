// Package recording connects the commands with the history. It finds the location of the history, and records runs
// while a command watches them.
package recording

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sbwatch/config"
	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/history/postgres"
	"sbwatch/history/sqlite"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Places holds the location of the user's history.
type Places struct {
	Config config.History
	// Folder is the folder in which the program stores data. It is empty if there is no such folder.
	Folder string
}

// ErrNone is the error for a history that does not exist yet.
var ErrNone = errors.New("nothing is recorded yet: sbwatch run and sbwatch watch record runs")

// ErrNoFolder is the error for a system without a folder for the database.
var ErrNoFolder = errors.New("there is no home directory to keep the history in: set XDG_DATA_HOME, or " + config.HistoryURLVariable + " to use a PostgreSQL database")

// ErrWrongAddress is the error for an invalid address of a shared history. The local history must not replace the
// shared one: sbwatch history forget would remove the wrong runs, and new runs would be recorded where nobody looks for
// them.
var ErrWrongAddress = errors.New("the history is not used because its address is invalid: correct history.url in the config file or " + config.HistoryURLVariable)

// Problem converts an error about a file to a [run.Problem] about "the history", so that the user knows what the file
// is. It returns other errors unchanged.
func Problem(err error) error {
	_, isProblem := errors.AsType[*run.Problem](err)
	_, isFile := errors.AsType[*fs.PathError](err)
	if isProblem || !isFile {
		return err
	}
	return &run.Problem{Kind: run.ProblemInput, What: text.NewText("the history"), Summary: text.NewText(err.Error()), Cause: err}
}

// Known reports whether the history has a location.
func (p Places) Known() bool { return p.IsShared() || p.Folder != "" }

// IsShared reports whether the history is on a database server, which several people can use.
func (p Places) IsShared() bool { return !p.Config.URL.IsEmpty() }

// Database returns the address of the database without its password. For a local history, it returns the path of the
// database file.
func (p Places) Database() string {
	if p.IsShared() {
		return p.Config.URL.String()
	}
	return p.file("history.db")
}

// Archive returns the location of the archived items: a folder, or "s3://bucket/prefix".
func (p Places) Archive() string {
	location := p.Config.Archive
	if location == "" {
		return p.file("archive")
	}
	if below, isHome := strings.CutPrefix(location, "~/"); isHome {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, below)
		}
	}
	return location
}

// OpenArchive returns the archive of the items. It neither connects to a server nor creates a folder yet.
func (p Places) OpenArchive(context.Context) (history.Archiver, error) {
	location := p.Archive()
	if location == "" {
		return nil, ErrNoFolder
	}
	archiver, err := archive.Open(archive.Config{Location: location, Spool: p.file("spool"), Endpoint: p.Config.Endpoint})
	if err != nil {
		return nil, err
	}
	return archiver, nil
}

// needsSpool reports whether the database or the archive is on another machine, which may be temporarily unreachable.
func (p Places) needsSpool() bool {
	return p.Folder != "" && (p.IsShared() || strings.HasPrefix(p.Archive(), "s3://"))
}

// SpoolFile returns the path of the spool. The spool is a local database for records that have not reached a shared
// history yet. It is used only if the history or the archive is on another machine.
func (p Places) SpoolFile() string { return p.file("spool.db") }

func (p Places) file(name string) string {
	if p.Folder == "" {
		return ""
	}
	return filepath.Join(p.Folder, name)
}

// Open opens the database of the history. If it is a local file that does not exist, Open creates the file.
func (p Places) Open(ctx context.Context) (history.Store, error) {
	switch {
	case p.Config.IsURLWrong:
		return nil, ErrWrongAddress
	case p.IsShared():
		return asStore(postgres.Open(ctx, p.Config.URL.Raw()))
	case p.Folder == "":
		return nil, ErrNoFolder
	default:
		return asStore(sqlite.Open(ctx, p.Database()))
	}
}

// OpenTasks opens the database of the history to store the tasks of collectors. A task is a run to watch or a recipe to
// run.
func (p Places) OpenTasks(ctx context.Context) (history.Tasks, error) {
	store, err := p.Open(ctx)
	if err != nil {
		return nil, err
	}
	tasks, ok := store.(history.Tasks)
	if !ok {
		return nil, errors.Join(errors.New("this history cannot store the tasks of collectors"), store.Close())
	}
	return tasks, nil
}

// OpenExisting opens the database of the history, but never creates a file. If there is no database, the error is
// [ErrNone].
func (p Places) OpenExisting(ctx context.Context) (history.Store, error) {
	if !p.Config.IsURLWrong && !p.IsShared() && p.Folder != "" && !exists(p.Database()) {
		return nil, ErrNone
	}
	return p.Open(ctx)
}

// OpenSpool opens the spool, the local database for records that have not reached a shared history yet.
func (p Places) OpenSpool(ctx context.Context) (history.Store, error) {
	switch {
	case p.Config.IsURLWrong:
		return nil, ErrWrongAddress
	case p.Folder == "":
		return nil, ErrNoFolder
	}
	return asStore(sqlite.Open(ctx, p.SpoolFile()))
}

// OpenExistingSpool opens the spool, but never creates it. If there is no spool, the error is [ErrNone].
func (p Places) OpenExistingSpool(ctx context.Context) (history.Store, error) {
	if !p.needsSpool() || !exists(p.SpoolFile()) {
		return nil, ErrNone
	}
	return p.OpenSpool(ctx)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// asStore returns store as a history.Store. If err is not nil, it returns a nil interface instead of an interface that
// contains a nil pointer.
func asStore[S history.Store](store S, err error) (history.Store, error) {
	if err != nil {
		return nil, err
	}
	return store, nil
}
