package text

import "strconv"

// Names makes names unique. The zero value is ready to use.
type Names struct {
	// next has the number to try next for each name in use.
	next map[string]int
}

// Distinct returns name, or if it is in use, name with the first free number: "name (2)".
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
