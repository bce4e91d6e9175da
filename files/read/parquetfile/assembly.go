package parquetfile

import (
	"errors"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"sbwatch/model/jsonscan"
)

// node is a node of the schema tree. A column that is not nested is a leaf directly below the root.
type node struct {
	key      []byte // the name as JSON, followed by a colon
	children []*node
	levels   levels
	optional bool
	repeated bool
	// of writes the values of a leaf, and kind is their physical type. Both are unset for a group.
	of   func(dst []byte, v parquet.Value) []byte
	kind parquet.Kind
	// first is the index of the first leaf, and leaves is the number of leaves.
	first, leaves int
	shape         shape
}

// repeatedLeaves appends, for each leaf, whether it is in a list. within says whether the parent of the node is.
func (n *node) repeatedLeaves(within bool, leaves []bool) []bool {
	within = within || n.repeated
	if n.of != nil {
		return append(leaves, within)
	}
	for _, child := range n.children {
		leaves = child.repeatedLeaves(within, leaves)
	}
	return leaves
}

// levels are the maximum definition and repetition levels of a node.
type levels struct{ definition, repetition int }

// shape is how the children of a group are combined.
type shape int

const (
	shapeObject shape = iota
	// shapeList is a group with one repeated child that holds the elements, usually each in another group.
	shapeList
	// shapeElement is the group around an element; it is read as its only child.
	shapeElement
	// shapeMap is a group of repeated key-value pairs with text keys.
	shapeMap
)

func newNode(n parquet.Node, name string, l levels, leaf *int) *node {
	here := &node{
		key: append(jsonscan.AppendQuoted(nil, []byte(name)), ':'), first: *leaf,
		optional: n.Optional(), repeated: n.Repeated(),
	}
	if here.optional || here.repeated {
		l.definition++
	}
	if here.repeated {
		l.repetition++
	}
	here.levels = l
	if n.Leaf() {
		here.of, here.kind = writerOf(n.Type()), n.Type().Kind()
		*leaf++
	} else {
		for _, field := range n.Fields() {
			here.children = append(here.children, newNode(field, field.Name(), l, leaf))
		}
		here.shape = shapeOf(n, here.children)
	}
	here.leaves = *leaf - here.first
	return here
}

// shapeOf determines the shape of a group and marks the nodes inside.
func shapeOf(n parquet.Node, children []*node) shape {
	if len(children) != 1 || !children[0].repeated {
		return shapeObject
	}
	inner := children[0]
	logical := n.Type().LogicalType()
	if logical == nil {
		return shapeObject
	}
	switch logical.Value.(type) {
	case *format.ListType:
		if len(inner.children) == 1 && inner.shape == shapeObject {
			inner.shape = shapeElement
		}
		return shapeList
	case *format.MapType:
		if len(inner.children) == 2 && inner.children[0].of != nil && !inner.children[0].repeated {
			return shapeMap
		}
	}
	return shapeObject
}

// errLevels is the error for values that do not match the schema or the number of rows.
var errLevels = errors.New("the Parquet file is broken: the values of a row do not fit its columns")

// assembly builds a row from the values of its columns.
type assembly struct {
	text    []byte
	most    int               // maximum length of text in bytes
	columns [][]parquet.Value // the remaining values of each column
}

// next returns the next value of a leaf, without using it up.
func (a *assembly) next(leaf int) (parquet.Value, bool) {
	if len(a.columns[leaf]) == 0 {
		return parquet.Value{}, false
	}
	return a.columns[leaf][0], true
}

// skip uses up one value of each leaf of a node. A missing node has a null for each of its leaves.
func (a *assembly) skip(n *node) {
	for leaf := n.first; leaf < n.first+n.leaves; leaf++ {
		if len(a.columns[leaf]) > 0 {
			a.columns[leaf] = a.columns[leaf][1:]
		}
	}
}

// value appends the value of a node in this row, or in this element of a list.
func (a *assembly) value(n *node) error {
	if n.leaves == 0 {
		a.text = append(a.text, "{}"...)
		return nil
	}
	if len(a.text) > a.most {
		return errRow
	}
	v, there := a.next(n.first)
	if !there {
		return errLevels
	}
	absent := v.DefinitionLevel() < n.levels.definition
	switch {
	case n.repeated && absent:
		a.skip(n)
		a.text = append(a.text, "[]"...)
		return nil
	case n.repeated:
		return a.list(n, '[', ']', a.present)
	case n.optional && absent:
		a.skip(n)
		a.text = append(a.text, "null"...)
		return nil
	default:
		return a.present(n)
	}
}

// list appends the elements of a repeated node.
func (a *assembly) list(n *node, opening, closing byte, element func(*node) error) error {
	a.text = append(a.text, opening)
	for {
		if err := element(n); err != nil {
			return err
		}
		v, there := a.next(n.first)
		if !there || v.RepetitionLevel() != n.levels.repetition {
			a.text = append(a.text, closing)
			return nil
		}
		a.text = append(a.text, ',')
	}
}

// present appends a value that is not null.
func (a *assembly) present(n *node) error {
	switch {
	case n.of != nil:
		v, there := a.next(n.first)
		if !there {
			return errLevels
		}
		a.skip(n)
		switch {
		case v.IsNull():
			a.text = append(a.text, "null"...)
		case v.Kind() != n.kind: // its bytes are not a value of that type
			return errLevels
		default:
			a.text = n.of(a.text, v)
		}
		return nil
	case n.shape == shapeList || n.shape == shapeElement:
		return a.value(n.children[0])
	case n.shape == shapeMap:
		return a.pairs(n.children[0])
	default:
		return a.object(n)
	}
}

func (a *assembly) object(n *node) error {
	a.text = append(a.text, '{')
	for i, child := range n.children {
		if i > 0 {
			a.text = append(a.text, ',')
		}
		a.text = append(a.text, child.key...)
		if err := a.value(child); err != nil {
			return err
		}
	}
	a.text = append(a.text, '}')
	return nil
}

// pairs appends a repeated node of keys and values as an object.
func (a *assembly) pairs(n *node) error {
	v, there := a.next(n.first)
	if !there {
		return errLevels
	}
	if v.DefinitionLevel() < n.levels.definition {
		a.skip(n)
		a.text = append(a.text, "{}"...)
		return nil
	}
	return a.list(n, '{', '}', func(n *node) error {
		from := len(a.text)
		if err := a.value(n.children[0]); err != nil {
			return err
		}
		if a.text[from] != '"' { // JSON keys must be strings
			a.text = jsonscan.AppendQuoted(a.text[:from], []byte(string(a.text[from:])))
		}
		a.text = append(a.text, ':')
		return a.value(n.children[1])
	})
}

// appendNumber appends a number in the shortest exact form that is usual in JSON. Numbers that JSON does not have are
// written as text.
func appendNumber(dst []byte, number float64, bits int) []byte {
	from := len(dst)
	notation := byte('f')
	if size := max(number, -number); size != 0 && (size < 1e-6 || size >= 1e21) {
		notation = 'e'
	}
	dst = strconv.AppendFloat(dst, number, notation, -1, bits)
	if last := dst[len(dst)-1]; last < '0' || last > '9' {
		return jsonscan.AppendQuoted(dst[:from:from], dst[from:]) // NaN, +Inf, -Inf
	}
	return dst
}
