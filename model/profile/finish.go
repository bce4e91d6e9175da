package profile

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sbwatch/model/item"
)

// Finish returns the profile. All rows must have been read. All other parts must have been merged into p. p must not be
// used again.
func (p *Part) Finish() *Profile {
	profile := &Profile{items: p.scan.items, places: map[item.Place]int{}, segments: p.scan.segments}
	rest := p.root.children
	for _, column := range p.scan.items.Columns() {
		next := p.whole
		if !column.Whole {
			next, rest = rest[0], rest[1:]
		}
		profile.addColumn(next, -1, 0, profile.items.Len(), profile.items.Len())
	}
	p.root, p.whole = nil, nil // frees memory for the steps below
	profile.Duplicates = p.scan.duplicates()
	profile.Pages = pagesOf(profile.items, p.scan.hashes)
	profile.find()
	return profile
}

// addColumn adds the column of a node, followed by the columns nested in it. The parameters set the fields Parent,
// Level, Holders and Of of the column. If possible is 0, as for list elements, the field Of becomes the number of
// values that were counted.
func (p *Profile) addColumn(n *node, parent, level, holders, possible int) {
	column := n.column()
	column.Parent, column.Level, column.Holders, column.Of = parent, level, holders, possible
	seen := 0
	for _, count := range n.presence {
		seen += count
	}
	if column.Of == 0 {
		column.Of = seen
	}
	column.Presence[item.Missing] = column.Of - seen
	column.Top = p.frequentValues(n)
	place := len(p.Columns)
	p.places[n.place] = place
	p.Columns = append(p.Columns, column)
	if n.object != nil && !n.object.areData {
		objects := n.types[Object] + n.presence[item.EmptyObject]
		possible := possible
		if n.place.InList() {
			possible = objects
		}
		children := slices.Clone(n.object.children)
		slices.SortStableFunc(children, func(a, b *node) int { return cmp.Compare(a.since, b.since) })
		for _, child := range children {
			p.addColumn(child, place, level+1, objects, possible)
		}
	}
	if n.elements != nil {
		p.addColumn(n.elements, place, level+1, n.types[List]+n.presence[item.EmptyList], 0)
	}
}

func (n *node) column() Column {
	c := Column{
		Place: n.place, Presence: n.presence, Types: n.types,
		Shortest: n.shortest, Longest: n.longest,
		Markup: n.strays[0], Entities: n.strays[1], Spaces: n.strays[2], Invisible: n.strays[3], Ranges: n.strays[4], OtherUnits: n.strays[5],
		First: -1, Last: n.last,
		KeysAreData:   n.object != nil && n.object.areData,
		segments:      n.segments,
		style:         n.style,
		typeFirst:     n.typeFirst,
		presenceFirst: n.presenceFirst,
	}
	c.Distinct = Amount{n.tally.Distinct(), !n.tally.IsExact()}
	c.Distinct.N = min(c.Distinct.N, c.Covered()) // an estimate may be too high
	if c.Covered() > 0 {
		c.First = n.presenceFirst[item.Present]
	}
	if n.spread != nil {
		n.spread.finish()
		c.Numbers = Numbers{
			Count: n.spread.count,
			Min:   n.spread.min().number, MinRow: n.spread.min().row,
			Max: n.spread.max().number, MaxRow: n.spread.max().row,
			Median: n.spread.quantile(0.5), Estimated: n.spread.isSampled(), Histogram: n.spread.histogram(),
		}
		c.outliers, _ = n.spread.outliers()
	}
	if n.dates != nil {
		n.dates.finish()
		c.Dates = Dates{
			Count: n.dates.count,
			Min:   dateOf(n.dates.min().number), MinRow: n.dates.min().row,
			Max: dateOf(n.dates.max().number), MaxRow: n.dates.max().row,
			Median: dateOf(n.dates.quantile(0.5)), Estimated: n.dates.isSampled(), Histogram: n.dates.histogram(),
		}
	}
	return c
}

// dateOf converts seconds since 1970 to a time in UTC.
func dateOf(seconds float64) time.Time {
	whole, rest := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(rest*1e6))*1000).UTC()
}

// previewOfValue is the number of bytes of JSON from which the text of a frequent value is decoded.
const previewOfValue = 256

// frequentValues returns the most frequent values of a node. It reads each value from an item that has it.
func (p *Profile) frequentValues(n *node) []Value {
	isExact, distinct := n.tally.IsExact(), n.tally.Distinct()
	all := isExact && distinct <= FewValues
	limit := MaxCommonest
	if all {
		limit = FewValues
	}
	top := n.tally.MostFrequent(limit)
	if len(top) == 0 || isExact && distinct > MaxCommonest && top[0].Count < 2 {
		return nil
	}
	values := p.items.PlaceReader(n.place)
	var scratch []byte
	common := make([]Value, 0, len(top))
	for _, s := range top {
		if s.Count < 2 && !all {
			break
		}
		var cell item.Cell
		values.Any(int(s.Row), func(c item.Cell) bool {
			if c.Kind() == item.CellMissing || !s.HasHash(hashOf(c, &scratch)) {
				return false
			}
			cell = c
			return true
		})
		common = append(common, Value{
			Text: cell.Preview(previewOfValue), Kind: cell.Kind(), Count: int(s.Count), AtLeast: !isExact,
			Row: int(s.Row), place: n.place, cell: cell,
		})
	}
	return common
}

func pagesOf(items item.Table, hashes []uint64) []Page {
	pages := make([]Page, items.Pages())
	before := map[uint64]int{}
	for i := range pages {
		from, to := items.PageRows(i + 1)
		pages[i] = Page{Number: i + 1, From: from, To: to}
		if i == 0 || from == to || pages[i-1].Len() == 0 {
			continue
		}
		clear(before)
		for _, hash := range hashes[pages[i-1].From:from] {
			before[hash]++
		}
		for _, hash := range hashes[from:to] {
			if before[hash] > 0 {
				before[hash]--
				pages[i].Same++
			}
		}
	}
	return pages
}
