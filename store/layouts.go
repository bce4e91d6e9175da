// Package store saves settings on this machine: the column layouts of recipes ([Layouts]) and their pinned filters
// ([Filters]). Each recipe has a small file for its settings. Several processes may use the same folder.
package store

import "sbwatch/model/item"

// Layouts loads and saves the column layout of each recipe. It is safe for concurrent use by several goroutines and
// processes. If two of them save a layout for the same recipe, the last one wins.
type Layouts struct{ folder folder }

// NewLayouts returns a Layouts that saves to a subfolder of folder. The first Save creates the subfolder. If folder is
// "", nothing is saved.
func NewLayouts(folder string) Layouts {
	return Layouts{newFolder(folder, "layouts", "column layout")}
}

// layoutFile is the content of the file with the column layout of one recipe.
type layoutFile struct {
	Version int         `json:"version"`
	Recipe  string      `json:"recipe"`
	Layout  item.Layout `json:"layout"`
}

// Load returns the saved layout of a recipe. It returns false if there is no saved layout. If the file cannot be
// parsed, Load renames it and returns a [*run.Problem] with the new name. The next call finds no file, so the user sees
// the error only once.
func (l Layouts) Load(recipe string) (item.Layout, bool, error) {
	var file layoutFile
	found, err := l.folder.load(recipe, &file, func() bool {
		return file.Version == fileVersion && file.Recipe == validUTF8(recipe)
	})
	if !found || err != nil {
		return item.Layout{}, false, err
	}
	return file.Layout, true, nil
}

// Save saves the layout of a recipe. A zero layout deletes the saved layout. The old file stays intact until the new
// file is complete. Save does not overwrite a file of a later version. The error is a [*run.Problem].
func (l Layouts) Save(recipe string, layout item.Layout) error {
	if layout.IsZero() {
		return l.folder.save(recipe, nil)
	}
	return l.folder.save(recipe, layoutFile{fileVersion, validUTF8(recipe), layout})
}
