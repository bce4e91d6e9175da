// Package store saves settings on this machine. So far these are the column layouts of recipes. [Layouts] saves each
// layout in a small file in a folder. Several processes may use the same folder.
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

// Limits: the maximum number of layouts, after which the oldest are deleted, and the maximum size of a file in bytes.
const (
	maxLayouts    = 500
	maxLayoutSize = 1 << 20
)

// layoutVersion is the version of the file format. Files with a later version are left unchanged.
const layoutVersion = 1

// Layouts loads and saves the column layout of each recipe. It is safe for concurrent use by several goroutines and
// processes; if two of them save a layout for the same recipe, the last one wins.
type Layouts struct {
	folder string
}

// NewLayouts returns a Layouts that uses a subfolder of folder, which is created on the first Save. If folder is "",
// nothing is saved.
func NewLayouts(folder string) Layouts {
	if folder == "" {
		return Layouts{}
	}
	return Layouts{filepath.Join(folder, "layouts")}
}

// layoutFile is the content of a file.
type layoutFile struct {
	Version int         `json:"version"`
	Recipe  string      `json:"recipe"`
	Layout  item.Layout `json:"layout"`
}

// Load returns the saved layout of a recipe. It returns false if there is none. If the file cannot be parsed, Load
// renames it and returns a [*run.Problem] with the new name. The next call then finds no file, so the error occurs only
// once.
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
		return item.Layout{}, false, l.putAside(recipe, name, errors.New("the file belongs to another recipe or format"))
	}
	return file.Layout, true, nil
}

func laterProblem(recipe string) error {
	return problem(recipe, "was saved by a later version of sbwatch", nil)
}

// isLater reports whether text has a later version than layoutVersion. It works even if the rest of text cannot be
// parsed.
func isLater(text []byte) bool {
	var head struct {
		Version int `json:"version"`
	}
	return json.Unmarshal(text, &head) == nil && head.Version > layoutVersion
}

// Save saves the layout of a recipe. A zero layout deletes the saved one. The old file stays intact until the new one
// is complete. A file of a later version is not overwritten. The error is a [*run.Problem].
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
			return problem(recipe, "cannot be deleted", err)
		}
		return nil
	}
	text, err := json.Marshal(layoutFile{layoutVersion, valid(recipe), layout})
	if err == nil && len(text) > maxLayoutSize {
		err = errors.New("it exceeds 1 MiB")
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

// valid returns recipe with invalid UTF-8 replaced by U+FFFD, which is how JSON stores it.
func valid(recipe string) string { return strings.ToValidUTF8(recipe, "\ufffd") }

// file returns the name of the file for a recipe. The name is a hash, because recipe ids come from outside and may
// contain any text.
func (l Layouts) file(recipe string) string {
	sum := sha256.Sum256([]byte(recipe))
	return filepath.Join(l.folder, hex.EncodeToString(sum[:16])+layoutSuffix)
}

// File name suffixes of layouts, of layouts being written, and of broken layouts.
const (
	layoutSuffix  = ".json"
	writingSuffix = ".tmp"
	brokenSuffix  = ".broken"
)

// readBounded reads a file. If the file is larger than maxLayoutSize bytes, its content is cut so that it cannot be
// parsed.
func readBounded(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxLayoutSize+1))
	if err == nil && len(text) > maxLayoutSize {
		text = bytes.TrimSpace(text[:1]) // drops the content, so that parsing fails
	}
	return text, err
}

// replace writes a file atomically.
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

// putAside renames a file that cannot be parsed, and returns the error to show.
func (l Layouts) putAside(recipe, name string, cause error) error {
	aside := strings.TrimSuffix(name, layoutSuffix) + brokenSuffix
	p := problem(recipe, "was damaged and has been reset", cause)
	if err := os.Rename(name, aside); err != nil {
		p.NextStep = text.NewText("remove " + name)
	} else {
		p.NextStep = text.NewText("the damaged file is kept as " + aside)
	}
	return p
}

// forgetOldest deletes the oldest files if there are too many, including files that were left behind by failed
// attempts. It ignores errors, because the next Save tries again.
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

// problem returns the error to show to the user.
func problem(recipe, what string, cause error) *run.Problem {
	p := &run.Problem{
		Kind: run.ProblemInput, What: text.NewText("column layout of recipe " + recipe), Summary: text.NewText("it " + what), Cause: cause,
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
