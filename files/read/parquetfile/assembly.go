package parquetfile

import "sbwatch/model/jsonscan"

// assembly assembles a member of a JSON object from the values of nested columns.
type assembly struct {
	text []byte
	from int // where the member begins in text
	// hasNonFinite is true if text contains the numbers NaN or Infinity.
	hasNonFinite bool
	budget       *budget
	columns      []*column
}

// next returns the levels of the next value of a leaf. It returns an error if the value does not have the expected
// repetition level.
func (a *assembly) next(leaf, repetition int) (levels, error) {
	column := a.columns[leaf]
	at, ok := column.peek()
	switch {
	case column.err != nil:
		return at, column.err
	case !ok || at.repetition != repetition:
		return at, column.withName(errLevels)
	default:
		return at, nil
	}
}

// skip reads the nulls that stand for a missing node, one from each of its leaves.
func (a *assembly) skip(n *node, repetition int) error {
	for leaf := n.first; leaf < n.first+n.leaves; leaf++ {
		at, err := a.next(leaf, repetition)
		if err != nil {
			return err
		}
		if at.definition >= n.levels.definition {
			return errLevels
		}
		a.columns[leaf].skip()
	}
	return nil
}

// value appends the value of a node for the current row or list element.
func (a *assembly) value(n *node, repetition int) error {
	if n.leaves == 0 {
		a.text = append(a.text, "{}"...)
		return nil
	}
	if err := a.budget.checkRow(len(a.text) - a.from); err != nil {
		return err
	}
	at, err := a.next(n.first, repetition)
	if err != nil {
		return err
	}
	absent := at.definition < n.levels.definition
	switch {
	case n.repeated && absent:
		a.text = append(a.text, "[]"...)
		return a.skip(n, repetition)
	case n.repeated:
		return a.list(n, repetition, '[', ']', a.present)
	case n.optional && absent:
		a.text = append(a.text, "null"...)
		return a.skip(n, repetition)
	default:
		return a.present(n, repetition)
	}
}

// list appends the elements of a repeated node.
func (a *assembly) list(n *node, repetition int, opening, closing byte, element func(*node, int) error) error {
	a.text = append(a.text, opening)
	for {
		if err := element(n, repetition); err != nil {
			return err
		}
		column := a.columns[n.first]
		at, ok := column.peek()
		if !ok || at.repetition != n.levels.repetition {
			a.text = append(a.text, closing)
			return column.err
		}
		a.text = append(a.text, ',')
		repetition = n.levels.repetition
	}
}

// present appends the value of a node. The value must not be null.
func (a *assembly) present(n *node, repetition int) error {
	switch {
	case n.write != nil:
		at, err := a.next(n.first, repetition)
		if err != nil {
			return err
		}
		return a.leaf(n, at)
	case n.shape == shapeList || n.shape == shapeElement:
		return a.value(n.children[0], repetition)
	case n.shape == shapeMap:
		return a.pairs(n.children[0], repetition)
	default:
		return a.object(n, repetition)
	}
}

func (a *assembly) object(n *node, repetition int) error {
	a.text = append(a.text, '{')
	for i, child := range n.children {
		if i > 0 {
			a.text = append(a.text, ',')
		}
		a.text = append(a.text, child.key...)
		var err error
		if child.write != nil && !child.repeated {
			err = a.field(child, repetition)
		} else {
			err = a.value(child, repetition)
		}
		if err != nil {
			return err
		}
	}
	a.text = append(a.text, '}')
	return nil
}

// field appends the value of a leaf that is not repeated. For such leaves, it is faster than the method value.
func (a *assembly) field(n *node, repetition int) error {
	if err := a.budget.checkRow(len(a.text) - a.from); err != nil {
		return err
	}
	at, err := a.next(n.first, repetition)
	switch {
	case err != nil:
		return err
	case n.optional && at.definition < n.levels.definition:
		a.text = append(a.text, "null"...)
		a.columns[n.first].skip()
		return nil
	default:
		return a.leaf(n, at)
	}
}

// leaf appends the next value of a leaf, which must not be null. The parameter valueLevels holds the levels of the
// value.
func (a *assembly) leaf(n *node, valueLevels levels) error {
	if valueLevels.definition != n.levels.definition {
		return errLevels
	}
	var err error
	if a.text, err = a.columns[n.first].appendNext(a.text, n); err != nil {
		return err
	}
	a.hasNonFinite = a.hasNonFinite || isNonFinite(a.text)
	return a.budget.checkRow(len(a.text) - a.from)
}

// pairs appends a repeated node as one object. Each element of the node is a key with its value.
func (a *assembly) pairs(n *node, repetition int) error {
	at, err := a.next(n.first, repetition)
	if err != nil {
		return err
	}
	if at.definition < n.levels.definition {
		a.text = append(a.text, "{}"...)
		return a.skip(n, repetition)
	}
	return a.list(n, repetition, '{', '}', func(n *node, repetition int) error {
		from := len(a.text)
		if err := a.value(n.children[0], repetition); err != nil {
			return err
		}
		if a.text[from] != '"' { // JSON keys must be strings
			a.text = jsonscan.AppendQuoted(a.text[:from], []byte(string(a.text[from:])))
		}
		a.text = append(a.text, ':')
		return a.value(n.children[1], repetition)
	})
}
