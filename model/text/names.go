package text

import "strconv"

// Names makes names that all differ. Its zero value has made none.
type Names struct {
	// next has, for each name that is taken, the number that another like it gets, unless that is taken too.
	next map[string]int
}

// Distinct is a name, or where that is taken the name with the first number that is free: "name (2)".
func (n *Names) Distinct(name string) string {
	const second = 2
	if n.next == nil {
		n.next = map[string]int{}
	}
	distinct := name
	for n.next[distinct] > 0 {
		number := n.next[name]
		distinct = name + " (" + strconv.Itoa(number) + ")"
		n.next[name] = number + 1
	}
	n.next[distinct] = second
	return distinct
}
