package text

import "strconv"

// Names makes names unique. The zero value is ready to use.
type Names struct {
	// next maps each name in use to the next number to try for it. For "name" it is 2 at first, and 3 once "name (2)"
	// is in use.
	next map[string]int
}

// Distinct returns name if it is not in use yet. Otherwise it adds the first free number, as in "name (2)".
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
