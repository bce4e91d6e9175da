package profile

import (
	"cmp"
	"slices"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// find adds all findings, most severe first.
func (p *Profile) find() {
	if p.items.Len() == 0 {
		p.Findings = []Finding{{Kind: NoItems, Severity: Error, Column: -1, Text: p.noItems()}}
		return
	}
	for column := range p.Columns {
		p.findAbsence(column)
		p.findInValues(column)
	}
	p.joinRare()
	p.findOnPages()
	p.findDuplicateItems()
	slices.SortStableFunc(p.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.weight, a.weight))
	})
	for i := range p.Findings[:min(len(p.Findings), maxExamined)] {
		p.addExamples(&p.Findings[i])
	}
}

func (p *Profile) noItems() string {
	if pages := p.items.Pages(); pages > 0 {
		return "no items at all, on " + text.Counted(int64(pages), "page")
	}
	return "no items at all"
}

func (p *Profile) add(f Finding) { p.Findings = append(p.Findings, f) }

// maxRare is the maximum number of columns with values in few items that have separate findings.
const maxRare = 5

// joinRare replaces the findings about columns with values in few items by a single finding, if there are more than
// maxRare such columns.
func (p *Profile) joinRare() {
	if len(p.rare) <= maxRare {
		return
	}
	var names []string
	for _, column := range p.rare[:maxRare] {
		names = append(names, p.Columns[column].name())
	}
	p.Findings = slices.DeleteFunc(p.Findings, func(f Finding) bool {
		_, isRare := slices.BinarySearch(p.rare, f.Column)
		return isRare && f.Kind == LowCoverage
	})
	p.add(Finding{
		Kind: LowCoverage, Severity: Note, Column: -1, Count: len(p.rare), Of: len(p.Columns),
		Text: text.Count(int64(len(p.rare))) + " columns have values in few items: " + strings.Join(names, ", ") +
			" and " + text.Count(int64(len(p.rare)-maxRare)) + " more",
	})
}

// Limits of the search for example items.
const (
	maxExamples = 3
	maxExamined = 500 // findings
)

// addExamples looks for example items if a finding has none. The search starts at the first row of the finding.
func (p *Profile) addExamples(f *Finding) {
	if f.filter == nil || f.examples == complete {
		return
	}
	from := f.Rows[0]
	f.Rows = f.Rows[:0]
	picker := f.filter.Picker(p.items)
	for row := from; row < min(from+segmentRows, p.items.Len()) && len(f.Rows) < maxExamples; row++ {
		if one := picker.Pick(nil, []uint32{uint32(row)}); len(one) > 0 {
			f.Rows = append(f.Rows, row)
		}
	}
}

// findOnPages adds findings for empty pages and for pages that repeat the page before.
func (p *Profile) findOnPages() {
	var empty, repeated []int
	largest := 0
	for _, page := range p.Pages {
		if page.Len() == 0 {
			empty = append(empty, page.Number)
		}
		if page.Repeats() {
			repeated = append(repeated, page.Number)
			largest = max(largest, page.Len())
		}
	}
	n := len(p.Pages)
	if len(empty) > 0 {
		severity := Warning
		switch {
		case len(empty) == 1 && empty[0] == n:
			severity = Note // many sites end with an empty page
		case 2*len(empty) >= n && n > 2:
			severity = Error
		}
		verb := " has no items"
		if len(empty) > 1 {
			verb = " have no items"
		}
		p.add(Finding{
			Kind: EmptyPages, Severity: severity, Column: -1, Pages: empty, Count: len(empty), Of: n,
			Text: pageList(empty) + verb,
		})
	}
	if len(repeated) > 0 {
		severity := Error
		if len(repeated) == 1 && largest < 3 {
			severity = Warning
		}
		text := pageList(repeated) + " repeats the page before"
		if len(repeated) > 1 {
			text = pageList(repeated) + " repeat the page before"
		}
		p.add(Finding{
			Kind: RepeatedPages, Severity: severity, Column: -1, Pages: repeated, Count: len(repeated), Of: n,
			Text: text + ": the pagination did not advance", Rows: []int{p.Pages[repeated[0]-1].From}, filter: OnPages(repeated...),
		})
	}
}

func (p *Profile) findDuplicateItems() {
	extra := p.Duplicates.Extra()
	if extra == 0 {
		return
	}
	severity := Warning
	if !p.hasObjects() {
		severity = Note // plain values are often equal
	}
	text := text.Counted(int64(extra), "item") + " of " + text.Count(int64(p.items.Len()))
	if extra == 1 {
		text += " repeats an earlier one"
	} else {
		text += " repeat earlier ones"
	}
	first := p.Duplicates.Group(0)
	p.add(Finding{
		Kind: DuplicateItems, Severity: severity, Column: -1, Count: extra, Of: p.items.Len(), Text: text + ", byte for byte",
		Rows: rowsOf(first[:min(len(first), maxExamples)]), examples: complete, weight: float64(extra) / float64(p.items.Len()),
		filter: p.Duplicates.Filter(),
	})
}

func (p *Profile) hasObjects() bool {
	for i := range p.Columns {
		if path, one := p.Columns[i].Place.Path(); one && path.Depth() == 1 && path != (item.Column{Whole: true}).Path() {
			return true
		}
	}
	return false
}

func rowsOf(rows []uint32) []int {
	found := make([]int, len(rows))
	for i, row := range rows {
		found[i] = int(row)
	}
	return found
}

// Filter returns a filter for the items in any of the groups.
func (d Duplicates) Filter() item.Filter {
	return rowFilter{"duplicates", slices.Sorted(slices.Values(d.rows))}
}
