package parquetfile

import (
	"bytes"
	"slices"
)

// frame is the text around the values of a field.
type frame struct {
	// prefix is the text before a value: a comma or braces, and keys. suffix is the text after a value: braces.
	prefix, suffix []byte
	// absent holds the text for a row without a value, for each definition level that such a row may have.
	absent [][]byte
}

// splitter creates the fields for a top-level column. A struct is split into one field for each of its children, so
// that several goroutines can render it and its dictionaries are rendered only once.
type splitter struct {
	fields  []*field
	columns []*column
	budget  *budget
}

// newFields returns the fields for a child of the root. It returns an error if they need too much memory.
func newFields(n *node, isFirst bool, columns []*column, budget *budget) ([]*field, error) {
	s := splitter{columns: columns, budget: budget}
	if err := s.split(nil, n, 0, 0); err != nil {
		return nil, err
	}
	if isFirst {
		for _, text := range append([][]byte{s.fields[0].frame.prefix}, s.fields[0].frame.absent...) {
			text[0] = '{'
		}
	}
	return s.fields, nil
}

// canSplit reports whether the values of a node are objects with the children of the node as members.
func (n *node) canSplit() bool {
	return n.write == nil && !n.repeated && n.shape == shapeObject && len(n.children) > 0 &&
		!slices.ContainsFunc(n.children, func(child *node) bool { return child.leaves == 0 })
}

// split adds the fields for a node. The parameter above holds its ancestors, without the root. opens is the number of
// ancestors whose opening brace is in the text of an earlier field. closes is the number of ancestors whose closing
// brace is in the text of a later field.
func (s *splitter) split(above []*node, n *node, opens, closes int) error {
	if !n.canSplit() {
		f, err := s.field(append(slices.Clip(above), n), opens, closes)
		s.fields = append(s.fields, f)
		return err
	}
	above = append(slices.Clip(above), n)
	for i, child := range n.children {
		opens, closes := opens, closes
		if i > 0 {
			opens = len(above)
		}
		if i < len(n.children)-1 {
			closes = len(above)
		}
		if err := s.split(above, child, opens, closes); err != nil {
			return err
		}
	}
	return nil
}

// field returns the field for the last node of a path. See the method split for opens and closes.
func (s *splitter) field(path []*node, opens, closes int) (*field, error) {
	depth := len(path) - 1
	top, n := path[0], path[depth]
	f := &field{
		node: n, assembly: assembly{budget: s.budget, columns: s.columns}, isFirst: opens == 0, isLast: closes == 0, isPart: depth > 0,
		mayNest: top.write == nil || top.repeated || top.isJSON, hasKnownKeys: top.write == nil && top.hasKnownKeys(), valueAt: 1 + len(top.key),
	}
	if depth > 0 {
		f.parentLevel = path[depth-1].levels.definition
		f.minLevel = f.parentLevel
	}
	if n.write != nil && !n.repeated {
		f.column, f.minLevel = s.columns[n.first], n.levels.definition
	}
	if opens > 0 {
		f.sharedLevel = path[opens-1].levels.definition
	}
	end := func(depth int) []byte { return bytes.Repeat([]byte("}"), max(0, depth-closes)) }
	f.frame.prefix, f.frame.suffix = opening(path, opens, depth), end(depth)
	for level := range f.minLevel {
		null := slices.IndexFunc(path, func(n *node) bool { return n.levels.definition > level })
		var text []byte
		if null >= opens {
			text = append(opening(path, opens, null), "null"...)
		}
		text = append(text, end(null)...)
		if err := s.budget.reserve(int64(cap(text))); err != nil { // names may be long, and there is a text for each level
			return nil, err
		}
		f.frame.absent = append(f.frame.absent, text)
	}
	return f, nil
}

// opening returns the text before the value of path[index]. It contains the keys of the nodes from path[first] to
// path[index]. For two nodes with the keys a and b, it is ,"a":{"b": or the same without the comma.
func opening(path []*node, first, index int) []byte {
	text := make([]byte, 0, maxShort)
	if first == 0 || path[first] != path[first-1].children[0] {
		text = append(text, ',')
	}
	for _, n := range path[first:index] {
		text = append(append(text, n.key...), '{')
	}
	return append(text, path[index].key...)
}
