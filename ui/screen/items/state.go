package items

import (
	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/ui/widget/prompt"
	"sbwatch/ui/widget/tree"
)

// Filters returns the active filters, the newest last.
func (t *Tab) Filters() []item.Filter { return t.filter.filters }

// Search returns the active search. isDone reports whether all its matches are known.
func (t *Tab) Search() (q search.Query, isDone bool) { return t.filter.query, t.filter.isDone }

// OpenItem returns the row and the fields of the open item. isOpen is false if no item is open.
func (t *Tab) OpenItem() (row int, fields *tree.Tree, isOpen bool) {
	return t.item.row, &t.item.tree, t.item.open
}

// Prompt returns the open prompt. It returns false if no prompt is open.
func (t *Tab) Prompt() (*prompt.Prompt, bool) { return &t.prompts.line.Prompt, t.prompts.line.isOpen() }

// ExportProblem returns the error that the export dialog shows. isOpen is false if the dialog is closed.
func (t *Tab) ExportProblem() (problem string, isOpen bool) {
	if t.exports.dialog == nil {
		return "", false
	}
	return t.exports.dialog.problem, true
}
