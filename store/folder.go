package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/userfile"
)

// fileVersion is the version of the file formats. Files with a later version are not changed.
const fileVersion = 1

// Limits on a folder: the maximum number of files, beyond which the oldest are deleted, and the maximum size of a file
// in bytes.
const (
	maxFiles = 500
	maxSize  = 1 << 20
)

// folder contains one file of settings for each recipe. If path is "", nothing is saved.
type folder struct {
	path string
	what string // name of the settings in the files, for errors, such as "column layout"
}

// newFolder returns a folder inside parent. The folder is created when the first file is saved.
func newFolder(parent, name, what string) folder {
	if parent == "" {
		return folder{what: what}
	}
	return folder{filepath.Join(parent, name), what}
}

// load reads the file of a recipe into content, and returns false if the file does not exist. isValid reports whether
// content is valid. load renames a file whose content is not valid or cannot be parsed.
func (f folder) load(recipe string, content any, isValid func() bool) (found bool, err error) {
	if f.path == "" {
		return false, nil
	}
	name := f.file(recipe)
	text, err := userfile.Read(name, maxSize)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.Is(err, userfile.ErrTooLarge):
		return false, f.renameDamaged(recipe, name, err)
	case err != nil:
		return false, f.problem(recipe, "cannot be read", err)
	case isLater(text):
		return false, f.laterProblem(recipe)
	}
	if err := json.Unmarshal(text, content); err != nil {
		return false, f.renameDamaged(recipe, name, err)
	}
	if !isValid() {
		return false, f.renameDamaged(recipe, name, errors.New("the file belongs to another recipe or format"))
	}
	return true, nil
}

// save writes the file of a recipe, or deletes it if content is nil. It does not change a file of a later version.
func (f folder) save(recipe string, content any) error {
	if f.path == "" {
		return nil
	}
	name := f.file(recipe)
	if before, err := userfile.Read(name, maxSize); err == nil && isLater(before) {
		return f.laterProblem(recipe)
	}
	if content == nil {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return f.problem(recipe, "cannot be deleted", err)
		}
		return nil
	}
	text, err := json.Marshal(content)
	if err == nil && len(text) > maxSize {
		err = errors.New("it exceeds 1 MiB")
	}
	if err == nil {
		err = userfile.Write(name, true, text)
	}
	if err != nil {
		return f.problem(recipe, "cannot be saved", err)
	}
	f.deleteOldest()
	return nil
}

func (f folder) laterProblem(recipe string) error {
	return f.problem(recipe, "was saved by a later version of sbwatch", nil)
}

// isLater reports whether text has a later version than fileVersion. It works even if the rest of text cannot be
// parsed.
func isLater(text []byte) bool {
	var head struct {
		Version int `json:"version"`
	}
	return json.Unmarshal(text, &head) == nil && head.Version > fileVersion
}

// validUTF8 returns recipe with invalid UTF-8 replaced with U+FFFD, which is how JSON stores the id.
func validUTF8(recipe string) string { return strings.ToValidUTF8(recipe, "\ufffd") }

// file returns the name of the file for a recipe. The name is a hash of the recipe id, because the id comes from the
// service and may contain any text.
func (f folder) file(recipe string) string {
	sum := sha256.Sum256([]byte(recipe))
	return filepath.Join(f.path, hex.EncodeToString(sum[:16])+fileSuffix)
}

// File name extensions: of settings, of settings that are being written, and of settings that cannot be parsed.
const (
	fileSuffix    = ".json"
	writingSuffix = ".tmp"
	brokenSuffix  = ".broken"
)

// renameDamaged renames a file that cannot be parsed, and returns the error to show.
func (f folder) renameDamaged(recipe, name string, cause error) error {
	aside := strings.TrimSuffix(name, fileSuffix) + brokenSuffix
	p := f.problem(recipe, "was damaged and has been reset", cause)
	if err := os.Rename(name, aside); err != nil {
		p.NextStep = text.NewText("remove " + name)
	} else {
		p.NextStep = text.NewText("the damaged file is kept as " + aside)
	}
	return p
}

// deleteOldest deletes the oldest files if there are too many, including temporary files of failed attempts to save. It
// ignores errors, because the next Save tries again.
func (f folder) deleteOldest() {
	entries, err := os.ReadDir(f.path)
	if err != nil || len(entries) <= maxFiles {
		return
	}
	var files []fs.FileInfo
	for _, entry := range entries {
		suffix := filepath.Ext(entry.Name())
		if suffix != fileSuffix && suffix != writingSuffix && suffix != brokenSuffix {
			continue
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, file := range files[:max(0, len(files)-maxFiles)] {
		_ = os.Remove(filepath.Join(f.path, file.Name()))
	}
}

// problem returns an error for the user about the settings of a recipe. The parameter what is the failure, such as
// "cannot be read". The parameter cause is the reason for the failure, or nil.
func (f folder) problem(recipe, what string, cause error) *run.Problem {
	p := &run.Problem{
		Kind: run.ProblemInput, What: text.NewText(f.what + " of recipe " + recipe), Summary: text.NewText("it " + what), Cause: cause,
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
