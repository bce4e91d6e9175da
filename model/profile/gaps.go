package profile

import (
	"strconv"

	"sbwatch/model/text"
)

// findStop adds a finding if a column is absent from a certain item or page onward. It returns the number of affected
// items.
func (p *Profile) findStop(column int) int {
	c := &p.Columns[column]
	from := c.Last + 1
	if c.Parent >= 0 { // for nested columns, possible values are counted by segment
		from = p.segments.from[p.segments.of(c.Last)+1]
	}
	if from >= p.items.Len() {
		return 0
	}
	absent, before := p.eligibleIn(c, from, p.items.Len()), p.eligibleIn(c, 0, from)
	if !p.isBreak(c, absent, before, from) {
		return 0
	}
	severity := Error
	if c.Covered()*2 < before || absent < smallSample/2 && absent*50 < c.Holders {
		severity = Warning
	}
	where, pages := p.whereFrom(from)
	p.add(Finding{
		Kind: Stops, Severity: severity, Column: column, Pages: pages, Count: absent, Of: c.Holders,
		Text: c.name() + " is missing " + where + p.share(c, absent),
		Rows: []int{from}, filter: p.withoutIn(c, where, from, p.items.Len()), weight: float64(absent) / float64(c.Holders),
	})
	return absent
}

// isBreak reports whether a column starts or stops at an item for a reason other than chance. The parameter at is the
// index of the item. The parameter absent is the number of items on the side without values, and others is the number
// of items on the other side. If fewer than half of the others have a value, isBreak returns false: in a sparse column,
// even a long gap may be random.
func (p *Profile) isBreak(c *Column, absent, others, at int) bool {
	if c.Covered()*2 < others || !isSignificantGap(absent, c.Covered(), others) {
		return false
	}
	page := p.items.Page(at)
	isAligned := page > 0 && p.Pages[page-1].From == at
	return isAligned || absent >= 5 && c.Covered() >= 10
}

// whereFrom describes all rows from the given row on, such as "from page 3 on". If no page starts at the row, the
// result where names the item, such as "from item 25 on". The result pages has the numbers of the pages with these
// rows.
func (p *Profile) whereFrom(from int) (where string, pages []int) {
	page := p.items.Page(from)
	if page == 0 {
		return "from item " + text.Count(int64(from)+1) + " on", nil
	}
	for number := page; number <= len(p.Pages); number++ {
		if p.Pages[number-1].Len() > 0 {
			pages = append(pages, number)
		}
	}
	if p.Pages[page-1].From == from {
		return "from page " + strconv.Itoa(page) + " on", pages
	}
	return "from item " + text.Count(int64(from)+1) + " on, on page " + strconv.Itoa(page), pages
}

// findStart adds a finding if a column is absent from the first items or pages. It returns the number of affected
// items.
func (p *Profile) findStart(column int) int {
	c := &p.Columns[column]
	to := c.First
	if c.Parent >= 0 {
		to = p.segments.from[p.segments.of(c.First)]
	}
	if to == 0 {
		return 0
	}
	absent, after := p.eligibleIn(c, 0, to), p.eligibleIn(c, to, p.items.Len())
	if !p.isBreak(c, absent, after, to) {
		return 0
	}
	where := "before item " + text.Count(int64(to)+1)
	var pages []int
	if page := p.items.Page(to); page > 0 && p.Pages[page-1].From == to {
		where = "before page " + strconv.Itoa(page)
		for number := range page - 1 {
			if p.Pages[number].Len() > 0 {
				pages = append(pages, number+1)
			}
		}
	}
	p.add(Finding{
		Kind: Starts, Severity: Warning, Column: column, Pages: pages, Count: absent, Of: c.Holders,
		Text: c.name() + " is missing " + where + p.share(c, absent),
		Rows: []int{0}, filter: p.withoutIn(c, where, 0, to), weight: float64(absent) / float64(c.Holders),
	})
	return absent
}

// share returns the number of affected items and of the items that could have a value, such as " (12 of 61 items)".
func (p *Profile) share(c *Column, absent int) string {
	return " (" + text.Count(int64(absent)) + " of " + text.Counted(int64(c.Holders), "item") + ")"
}

// findMissingPages adds a finding if a column is absent on some pages, but present on pages before and after them. It
// returns the number of affected items.
func (p *Profile) findMissingPages(column int) int {
	c := &p.Columns[column]
	var pages []int
	absent := 0
	for i := range p.Pages {
		page := &p.Pages[i]
		if page.To <= c.First || page.From > c.Last || page.Len() == 0 {
			continue
		}
		if covered, _, counted := p.OnPage(column, page.Number); !counted || covered > 0 {
			continue
		}
		if n := p.eligibleIn(c, page.From, page.To); n > 0 {
			pages = append(pages, page.Number)
			absent += n
		}
	}
	if len(pages) == 0 || !isSignificantGap(absent/len(pages), c.Covered(), c.Holders-absent) {
		return 0
	}
	p.add(Finding{
		Kind: MissingPages, Severity: Warning, Column: column, Pages: pages, Count: absent, Of: c.Holders,
		Text: c.name() + " is missing on " + pageList(pages) + p.share(c, absent),
		Rows: []int{p.Pages[pages[0]-1].From}, weight: float64(absent) / float64(c.Holders),
		filter: both{"without " + c.name() + " on " + pageList(pages), p.without(c), OnPages(pages...)},
	})
	return absent
}
