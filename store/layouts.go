// Package store keeps on this machine what sbwatch is to remember from one run to the next. For now that is how the columns
// of a recipe's items were laid out. It keeps that in small files below a folder that it is given, so that several sbwatch
// may use it at once.
package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sbwatch/atomicfile"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Bounds of what is kept: layouts, the oldest of which are forgotten, and bytes of each.
const (
	maxLayouts    = 500
	maxLayoutSize = 1 << 20
)

// layoutVersion is that of the files. One of a later version is left alone.
const layoutVersion = 1

// Layouts remembers how the columns of each recipe's items are laid out. It may be used by several goroutines, and by several
// processes: of two that save for the same recipe the later counts.
type Layouts struct {
	folder string
}

// NewLayouts keeps layouts below a folder, which is made with the first of them. Where the folder is "" nothing is remembered.
func NewLayouts(folder string) Layouts {
	if folder == "" {
		return Layouts{}
	}
	return Layouts{filepath.Join(folder, "layouts")}
}

// layoutFile is what a file holds.
type layoutFile struct {
	Version int         `json:"version"`
	Recipe  string      `json:"recipe"`
	Layout  item.Layout `json:"layout"`
}

// Load gives the layout that was saved for a recipe; false where there is none. A file that cannot be understood is moved
// aside, so that the error, a [*model.Problem] which says where to, comes once.
func (l Layouts) Load(recipe string) (item.Layout, bool, error) {
	if l.folder == "" {
		return item.Layout{}, false, nil
	}
	name := l.file(recipe)
	text, err := readBounded(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return item.Layout{}, false, nil
	case err != nil:
		return item.Layout{}, false, problem(recipe, "cannot be read", err)
	}
	var file layoutFile
	if err := json.Unmarshal(text, &file); err != nil && !isLater(text) {
		return item.Layout{}, false, l.putAside(recipe, name, err)
	}
	switch {
	case isLater(text):
		return item.Layout{}, false, laterProblem(recipe)
	case file.Version != layoutVersion || file.Recipe != valid(recipe):
		return item.Layout{}, false, l.putAside(recipe, name, errors.New("it is of something else"))
	}
	return file.Layout, true, nil
}

func laterProblem(recipe string) error { return problem(recipe, "was saved by a later sbwatch", nil) }

// isLater tells whether a text is of a later version, whatever else is in it.
func isLater(text []byte) bool {
	var head struct {
		Version int `json:"version"`
	}
	return json.Unmarshal(text, &head) == nil && head.Version > layoutVersion
}

// Save remembers a layout for a recipe; one that says nothing forgets what was remembered. What was saved before stays
// whole until the new file is, and what a later version saved stays. The error is a [*model.Problem].
func (l Layouts) Save(recipe string, layout item.Layout) error {
	if l.folder == "" {
		return nil
	}
	name := l.file(recipe)
	if before, err := readBounded(name); err == nil && isLater(before) {
		return laterProblem(recipe)
	}
	if layout.IsZero() {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return problem(recipe, "cannot be forgotten", err)
		}
		return nil
	}
	text, err := json.Marshal(layoutFile{layoutVersion, valid(recipe), layout})
	if err == nil && len(text) > maxLayoutSize {
		err = errors.New("it is larger than 1 MiB")
	}
	if err == nil {
		err = l.replace(name, text)
	}
	if err != nil {
		return problem(recipe, "cannot be saved", err)
	}
	l.forgetOldest()
	return nil
}

// valid is a recipe as JSON can carry it.
func valid(recipe string) string { return strings.ToValidUTF8(recipe, "\ufffd") }

// file is the name of a recipe's file. Recipes come from outside and may be any text, which is no name for a file.
func (l Layouts) file(recipe string) string {
	sum := sha256.Sum256([]byte(recipe))
	return filepath.Join(l.folder, hex.EncodeToString(sum[:16])+layoutSuffix)
}

// How names end: of a layout, of one that is being written, of one that was put aside.
const (
	layoutSuffix  = ".json"
	writingSuffix = ".tmp"
	brokenSuffix  = ".broken"
)

// readBounded reads a file that is no larger than a layout may be.
func readBounded(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxLayoutSize+1))
	if err == nil && len(text) > maxLayoutSize {
		text = bytes.TrimSpace(text[:1]) // too little to be understood
	}
	return text, err
}

// replace writes a file beside its name and gives it the name when it is whole.
func (l Layouts) replace(name string, text []byte) error {
	if err := os.MkdirAll(l.folder, 0o700); err != nil {
		return err
	}
	const ownerOnly = 0o600
	return atomicfile.Write(name, true, ownerOnly, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// putAside moves a file that cannot be understood out of the way, and makes the error that says so.
func (l Layouts) putAside(recipe, name string, cause error) error {
	aside := strings.TrimSuffix(name, layoutSuffix) + brokenSuffix
	p := problem(recipe, "is broken and begins anew", cause)
	if err := os.Rename(name, aside); err != nil {
		p.NextStep = text.NewText("remove " + name)
	} else {
		p.NextStep = text.NewText("what was there is kept as " + aside)
	}
	return p
}

// forgetOldest removes the oldest files where there are too many, those of attempts that came to nothing too. Nobody needs to
// know if it cannot: the next time it can.
func (l Layouts) forgetOldest() {
	entries, err := os.ReadDir(l.folder)
	if err != nil || len(entries) <= maxLayouts {
		return
	}
	var files []fs.FileInfo
	for _, entry := range entries {
		suffix := filepath.Ext(entry.Name())
		if suffix != layoutSuffix && suffix != writingSuffix && suffix != brokenSuffix {
			continue
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, file := range files[:max(0, len(files)-maxLayouts)] {
		_ = os.Remove(filepath.Join(l.folder, file.Name()))
	}
}

// problem is what the user is told.
func problem(recipe, what string, cause error) *run.Problem {
	p := &run.Problem{
		Kind: run.ProblemInput, What: text.NewText("the columns of recipe " + recipe), Summary: text.NewText("their layout " + what), Cause: cause,
	}
	var path *fs.PathError
	switch {
	case errors.As(cause, &path):
		p.Message = text.NewText(fmt.Sprintf("%s: %v", path.Path, path.Err))
	case cause != nil:
		p.Message = text.NewText(cause.Error())
	}
	return p
}
