// Package recording connects the commands with the history: where it is, and the recording of runs while a command watches them.
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

// Places says where the history of this user is.
type Places struct {
	Config config.History
	// Folder is the folder for data kept between runs; empty if there is none.
	Folder string
}

// ErrNone is the error if there is no history yet.
var ErrNone = errors.New("nothing is recorded yet: sbwatch run and sbwatch watch record runs")

// ErrNoFolder is the error without a folder for the database.
var ErrNoFolder = errors.New("there is no home directory to keep the history in: set XDG_DATA_HOME, or " + config.HistoryURLVariable + " to use a PostgreSQL database")

// ErrWrongAddress is the error if the address of a shared history cannot be read. The one on this machine does not replace it: items
// would be removed that are not meant, and runs recorded where nobody looks for them.
var ErrWrongAddress = errors.New("the history is not used, since its address is wrong: correct history.url in the config file or " + config.HistoryURLVariable)

// Problem returns an error of the history as one that names it, unless it already says enough.
func Problem(err error) error {
	_, isProblem := errors.AsType[*run.Problem](err)
	_, isFile := errors.AsType[*fs.PathError](err)
	if isProblem || !isFile {
		return err
	}
	return &run.Problem{Kind: run.ProblemInput, What: text.NewText("the history"), Summary: text.NewText(err.Error()), Cause: err}
}

// Known reports whether there is a place for the history.
func (p Places) Known() bool { return p.IsShared() || p.Folder != "" }

// IsShared reports whether the history is in a database server, which others may use, too.
func (p Places) IsShared() bool { return !p.Config.URL.IsEmpty() }

// Database returns the address of the database, without its password, or the path of its file.
func (p Places) Database() string {
	if p.IsShared() {
		return p.Config.URL.String()
	}
	return p.file("history.db")
}

// Archive returns where the items are: a folder, or "s3://bucket/prefix".
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

// OpenArchive returns the archive of the items. It neither connects nor creates anything.
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

// needsSpool reports whether records or items go to another machine, which may be out of reach.
func (p Places) needsSpool() bool {
	return p.Folder != "" && (p.IsShared() || strings.HasPrefix(p.Archive(), "s3://"))
}

// SpoolFile returns the path of the file with the records that could not be delivered yet. It is only used if the
// history or the archive is on another machine.
func (p Places) SpoolFile() string { return p.file("spool.db") }

func (p Places) file(name string) string {
	if p.Folder == "" {
		return ""
	}
	return filepath.Join(p.Folder, name)
}

// Open opens the database. It creates the file of a database on this machine.
func (p Places) Open(ctx context.Context) (history.Store, error) {
	switch {
	case p.Config.IsURLWrong:
		return nil, ErrWrongAddress
	case p.IsShared():
		return opened(postgres.Open(ctx, p.Config.URL.Raw()))
	case p.Folder == "":
		return nil, ErrNoFolder
	default:
		return opened(sqlite.Open(ctx, p.Database()))
	}
}

// OpenTasks opens the database for the tasks of collectors, like [Places.Open].
func (p Places) OpenTasks(ctx context.Context) (history.Tasks, error) {
	store, err := p.Open(ctx)
	if err != nil {
		return nil, err
	}
	tasks, ok := store.(history.Tasks)
	if !ok {
		return nil, errors.Join(errors.New("this history keeps no tasks of collectors"), store.Close())
	}
	return tasks, nil
}

// OpenExisting is like [Places.Open], but does not create a file: the error is [ErrNone] if there is none.
func (p Places) OpenExisting(ctx context.Context) (history.Store, error) {
	if !p.Config.IsURLWrong && !p.IsShared() && p.Folder != "" && !exists(p.Database()) {
		return nil, ErrNone
	}
	return p.Open(ctx)
}

// OpenSpool opens the database on this machine that keeps what cannot be delivered to a shared history.
func (p Places) OpenSpool(ctx context.Context) (history.Store, error) {
	switch {
	case p.Config.IsURLWrong:
		return nil, ErrWrongAddress
	case p.Folder == "":
		return nil, ErrNoFolder
	}
	return opened(sqlite.Open(ctx, p.SpoolFile()))
}

// OpenExistingSpool is like [Places.OpenSpool], but the error is [ErrNone] if nothing has ever been kept there.
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

// opened returns a store, or a nil interface with an error.
func opened[S history.Store](store S, err error) (history.Store, error) {
	if err != nil {
		return nil, err
	}
	return store, nil
}
