package columns

import (
	"cmp"
	"slices"

	"sbwatch/model/parse"
	"sbwatch/model/profile"
)

// sortField is a field by which the columns can be sorted.
type sortField int

const (
	byConcern sortField = iota
	byName
	byCoverage
	byDistinct
	byPosition
	sortFields // number of fields
)

// sorting is the order of the columns. Nested columns stay below the column that contains them.
type sorting struct {
	by       sortField
	reversed bool
}

// String describes the order, such as "coverage" or "coverage, reversed".
func (s sorting) String() string {
	names := [...]string{byConcern: "concern", byName: "column", byCoverage: "coverage", byDistinct: "distinct values", byPosition: "position in the items"}
	if s.reversed {
		return names[s.by] + ", reversed"
	}
	return names[s.by]
}

// arrow returns the arrow for the title of a field. The arrow is "" if the columns are sorted by another field.
func (s sorting) arrow(field sortField) string {
	switch {
	case s.by != field:
		return ""
	case s.reversed:
		return "↓"
	default:
		return "↑"
	}
}

// columns returns the indexes of the columns of p, sorted by s. The parameter concern is the result of the function
// concerns.
func (s sorting) columns(p *profile.Profile, concern []int) []int {
	nested := make(map[int][]int, len(p.Columns))
	for column := range p.Columns {
		parent := max(-1, p.Columns[column].Parent)
		nested[parent] = append(nested[parent], column)
	}
	compare := func(a, b int) int {
		order := s.compare(p, concern, a, b)
		if s.reversed {
			order = -order
		}
		return cmp.Or(order, a-b)
	}
	order := make([]int, 0, len(p.Columns))
	var add func(parent int)
	add = func(parent int) {
		slices.SortFunc(nested[parent], compare)
		for _, column := range nested[parent] {
			order = append(order, column)
			add(column)
		}
	}
	add(-1)
	return order
}

func (s sorting) compare(p *profile.Profile, concern []int, a, b int) int {
	first, second := &p.Columns[a], &p.Columns[b]
	switch s.by {
	case byConcern:
		return concern[a] - concern[b]
	case byName:
		return parse.CompareNatural([]byte(first.Place.Name().Raw()), []byte(second.Place.Name().Raw()))
	case byCoverage:
		return cmp.Compare(first.Coverage(), second.Coverage())
	case byDistinct:
		return cmp.Compare(first.Distinct.N, second.Distinct.N)
	case byPosition, sortFields:
	}
	return a - b
}

// concerns returns a rank for each column: the index in p.Findings of the most severe finding about the column or about
// a column nested in it. The rank of a column without findings is len(p.Findings).
func concerns(p *profile.Profile) []int {
	ranks := make([]int, len(p.Columns))
	for column := range ranks {
		ranks[column] = len(p.Findings)
	}
	for rank := range p.Findings {
		for column := p.Findings[rank].Column; column >= 0; column = p.Columns[column].Parent {
			ranks[column] = min(ranks[column], rank)
		}
	}
	return ranks
}
