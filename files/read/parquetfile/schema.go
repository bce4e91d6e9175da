package parquetfile

import (
	"fmt"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// node is a node of the tree of columns. An ordinary column is a leaf directly below the root.
type node struct {
	name     string
	path     string // names from the root to this node, for messages
	key      []byte // name as a JSON string, followed by a colon
	children []*node
	levels   levels
	optional bool
	repeated bool
	// write appends a value of a leaf as JSON. kind is the physical type of the values. length is the length of each
	// value if all values have the same length. These three fields are not set for a group.
	write  writer
	kind   physical
	length int
	// isJSON is true for a leaf with values that are JSON text. isText is true for a leaf with values that are other text.
	isJSON, isText bool
	// first is the index of the first leaf below this node, and leaves is the number of leaves below this node.
	first, leaves int
	shape         shape
}

// hasKnownKeys reports whether the keys of all objects in a value of the node are in the schema. It assumes that
// neither the value nor a struct in it is null. It returns false if a struct in it may be null, but cannot be split;
// see [node.canSplit].
func (n *node) hasKnownKeys() bool {
	switch {
	case n.repeated || n.isJSON:
		return false
	case n.write != nil:
		return true
	case n.shape == shapeList:
		element := n.children[0]
		if element.shape == shapeElement {
			return element.children[0].write != nil && element.children[0].hasKnownKeys()
		}
		return element.write != nil && !element.isJSON
	case n.shape != shapeObject:
		return false
	}
	for _, child := range n.children {
		if child.shape == shapeObject && child.optional && child.write == nil && !child.canSplit() || !child.hasKnownKeys() {
			return false
		}
	}
	return true
}

// levels are the definition level and the repetition level of a value. In a node, they are the maximum levels of its
// values.
type levels struct{ definition, repetition int }

// shape says how the values of the children of a group are combined.
type shape int

const (
	shapeObject shape = iota
	// shapeList is a group with one repeated child for the elements. Usually, each element is a group itself.
	shapeList
	// shapeElement is the group around one element of a list. Only the value of its child is used.
	shapeElement
	// shapeMap is a group with a repeated child for pairs of keys and values. The keys are texts.
	shapeMap
)

// maxSchemaDepth is the maximum nesting depth of columns.
const maxSchemaDepth = 100

type tree struct {
	elements []element
	leaves   []*node
	limits   Limits
	budget   *budget
}

// node returns the node for the next element of the schema, including its children. The parameter above is the parent
// of the node, and depth is the number of its ancestors.
func (t *tree) node(above *node, depth int) (*node, error) {
	if len(t.elements) == 0 {
		return nil, errSchema
	}
	e := t.elements[0]
	t.elements = t.elements[1:]
	n := &node{
		name: e.name, key: append(jsonscan.AppendQuoted(nil, []byte(e.name)), ':'), first: len(t.leaves), levels: above.levels,
		optional: depth > 0 && e.repetition == repetitionOptional, repeated: depth > 0 && e.repetition == repetitionRepeated,
	}
	if n.path = e.name; depth > 1 {
		n.path = above.path + "." + e.name
	}
	if err := t.budget.reserve(int64(len(n.path))); err != nil {
		return nil, err
	}
	if n.optional || n.repeated {
		n.levels.definition++
	}
	if n.repeated {
		n.levels.repetition++
	}
	if depth > maxSchemaDepth {
		return nil, refusal(fmt.Sprintf("its columns are nested more than %d levels deep", maxSchemaDepth), "write the file with fewer levels")
	}
	if !e.isGroup {
		return n, t.leaf(n, e)
	}
	switch {
	case e.children < 0 || e.children > len(t.elements):
		return nil, errSchema
	case e.logical.meaning == meansVariant, isVariant(t.elements[:e.children]):
		return nil, inColumn(n.path, errVariant)
	}
	for range e.children {
		child, err := t.node(n, depth+1)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	n.shape = shapeOf(e, n.children)
	n.leaves = len(t.leaves) - n.first
	return n, nil
}

// isVariant reports whether a group contains Variant values. The parameter begin contains the elements of the group.
// Older writers do not mark such groups. isVariant recognizes them by their two fields: metadata, which contains bytes,
// and value.
func isVariant(begin []element) bool {
	isBytes := func(e element, name string) bool {
		return e.name == name && !e.isGroup && e.kind == kindBytes && e.logical.meaning == meansNothing
	}
	return len(begin) >= 2 && isBytes(begin[0], "metadata") && (isBytes(begin[1], "value") || begin[1].name == "typed_value")
}

// leaf sets the fields of the node of a column.
func (t *tree) leaf(n *node, e element) error {
	if e.kind < kindBoolean || e.kind > kindFixed || e.kind == kindFixed && e.length <= 0 {
		return errSchema
	}
	if e.kind == kindFixed {
		if err := t.budget.checkValue(int64(e.length)); err != nil {
			return err
		}
	}
	if len(t.leaves) == t.limits.Columns {
		return refusal("it has more than "+text.Counted(int64(t.limits.Columns), "column"), "write only the columns that you need")
	}
	n.kind, n.length, n.write, n.leaves = e.kind, e.length, writerOf(e), 1
	n.isJSON, n.isText = e.logical.meaning == meansJSON, e.logical.meaning == meansString || e.logical.meaning == meansEnum
	t.leaves = append(t.leaves, n)
	return nil
}

// shapeOf returns how the values of the children of a group are combined, for example to a list. It may also change how
// the values of a child are combined.
func shapeOf(e element, children []*node) shape {
	if len(children) != 1 || !children[0].repeated {
		return shapeObject
	}
	inner := children[0]
	if e.logical.meaning == meansList {
		// In files of old writers, the elements themselves are repeated. If an element is a group with one field, only
		// the name of the element shows that the writer was old.
		isElement := inner.name == "array" || inner.name == e.name+"_tuple"
		if len(inner.children) == 1 && inner.shape == shapeObject && !isElement {
			inner.shape = shapeElement
		}
		return shapeList
	}
	if e.logical.meaning != meansMap || len(inner.children) == 0 || inner.children[0].write == nil || inner.children[0].repeated {
		return shapeObject
	}
	switch len(inner.children) {
	case 1: // a map without values, that is, a set
		inner.shape = shapeElement
		return shapeList
	case 2:
		return shapeMap
	default:
		return shapeObject
	}
}
