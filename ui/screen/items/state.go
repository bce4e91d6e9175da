package items

import (
	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/ui/widget/pager"
	"sbwatch/ui/widget/prompt"
)

// What can be seen of the tab from outside.

// Filters returns the filters, the newest last.
func (t *Tab) Filters() []item.Filter { return t.filter.filters }

// Search returns the search, and reports whether all matches are known.
func (t *Tab) Search() (q search.Query, isDone bool) { return t.filter.query, t.filter.isDone }

// OpenItem returns the row and the text of the open item. It reports whether one is open.
func (t *Tab) OpenItem() (row int, text *pager.Pager, isOpen bool) {
	return t.item.row, &t.item.pager, t.item.open
}

// Prompt returns the prompt. It reports whether it is open.
func (t *Tab) Prompt() (*prompt.Prompt, bool) { return &t.prompts.line.Prompt, t.prompts.line.isOpen() }

// ExportProblem returns why the export cannot be written. It reports whether the dialog is open.
func (t *Tab) ExportProblem() (problem string, isOpen bool) {
	if t.exports.dialog == nil {
		return "", false
	}
	return t.exports.dialog.trouble, true
}
