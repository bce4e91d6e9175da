package filter

import "slices"

// Pinned is a combination of filters that the user has saved under a name.
type Pinned struct {
	Name string `json:"name"`
	// Filters are the texts of the filters. An item must match all of them.
	Filters []string `json:"filters"`
}

// Parse parses the filters. If some of them are invalid, it returns the error of the first invalid filter.
func (p Pinned) Parse() ([]Expr, error) {
	var filters []Expr
	for _, text := range p.Filters {
		expr, err := Parse(text)
		if err != nil {
			return nil, err
		}
		filters = append(filters, expr)
	}
	return filters, nil
}

// Pin returns a copy of a list with an entry added in alphabetical order. It replaces an entry with the same name.
func Pin(all []Pinned, pinned Pinned) []Pinned {
	all = Unpin(all, pinned.Name)
	at, _ := slices.BinarySearchFunc(all, pinned.Name, func(one Pinned, name string) int {
		if one.Name < name {
			return -1
		}
		return 1
	})
	return slices.Insert(all, at, pinned)
}

// Unpin returns a copy of a list without the entry that has the given name.
func Unpin(all []Pinned, name string) []Pinned {
	return slices.DeleteFunc(slices.Clone(all), func(one Pinned) bool { return one.Name == name })
}
