package items

import (
	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/ui/widget/pager"
	"sbwatch/ui/widget/prompt"
)

// What can be seen of the tab from outside.

// Filters returns the filters that choose which items show, the newest last.
func (t *Tab) Filters() []item.Filter { return t.filter.filters }

// Search returns what is searched for, and whether all matches are known.
func (t *Tab) Search() (q search.Query, isDone bool) { return t.filter.query, t.filter.isDone }

// OpenItem returns the row of the open item and its text; false where none is open.
func (t *Tab) OpenItem() (row int, text *pager.Pager, isOpen bool) {
	return t.item.row, &t.item.pager, t.item.open
}

// Prompt returns the prompt; false where none is open.
func (t *Tab) Prompt() (*prompt.Prompt, bool) { return &t.prompts.line.Prompt, t.prompts.line.isOpen() }

// ExportProblem returns what keeps the export from being written; false where the dialog is not open.
func (t *Tab) ExportProblem() (problem string, isOpen bool) {
	if t.exports.dialog == nil {
		return "", false
	}
	return t.exports.dialog.trouble, true
}
