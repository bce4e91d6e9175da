package store

import "sbwatch/model/filter"

// Filters loads and saves the pinned filters of each recipe. It is safe for concurrent use by several goroutines and
// processes. If two of them save filters for the same recipe, the last one wins.
type Filters struct{ folder folder }

// NewFilters returns a Filters that saves to a subfolder of folder. The first Save creates the subfolder. If folder is
// "", nothing is saved.
func NewFilters(folder string) Filters {
	return Filters{newFolder(folder, "filters", "pinned filters")}
}

// filtersFile is the content of the file with the pinned filters of one recipe.
type filtersFile struct {
	Version int             `json:"version"`
	Recipe  string          `json:"recipe"`
	Filters []filter.Pinned `json:"filters"`
}

// Load returns the pinned filters of a recipe. If the file cannot be parsed, Load renames it and returns a
// [*run.Problem] with the new name.
func (f Filters) Load(recipe string) ([]filter.Pinned, error) {
	var file filtersFile
	_, err := f.folder.load(recipe, &file, func() bool {
		return file.Version == fileVersion && file.Recipe == validUTF8(recipe)
	})
	if err != nil {
		return nil, err
	}
	return file.Filters, nil
}

// Save replaces the pinned filters of a recipe. The error is a [*run.Problem].
func (f Filters) Save(recipe string, filters []filter.Pinned) error {
	if len(filters) == 0 {
		return f.folder.save(recipe, nil)
	}
	return f.folder.save(recipe, filtersFile{fileVersion, validUTF8(recipe), filters})
}
