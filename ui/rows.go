package ui

import "sbwatch/model"

// sortKey is one thing that rows are sorted by.
type sortKey struct {
	Path       model.Path
	Descending bool
}
