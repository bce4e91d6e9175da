package run

import "sbwatch/ui/action"

// Catalog returns all actions of the screen of a run, whether or not they are available now. The result maps the name
// of a tab to its actions.
func Catalog(s *Screen) map[string]action.Table {
	own := s.actions()
	with := func(table action.Table) action.Table { return append(table, own...) }
	return map[string]action.Table{
		"run":      with(nil),
		"items":    with(s.items.Actions()),
		"columns":  with(s.columns.Actions()),
		"pages":    with(s.pages.Actions()),
		"checks":   with(s.checks.Actions()),
		"history":  with(s.past.Actions()),
		"raw":      with(s.raw.Actions()),
		"warnings": with(s.warnings.Actions()),
	}
}
