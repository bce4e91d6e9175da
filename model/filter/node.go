package filter

import (
	"strings"

	"sbwatch/model/item"
)

type nodeKind int

const (
	conditionNode nodeKind = iota
	andNode
	orNode
	notNode // has exactly one child
)

// node is a node of the syntax tree: a condition, or a combination of other nodes.
type node struct {
	kind  nodeKind
	nodes []*node
	condition
}

// condition is a column, an operator and a value. A condition with the operator opPresent has no value.
type condition struct {
	column column
	op     operator
	value  value
}

type column struct {
	text     string
	from, to int
	// bound is set if the filter was built from a place instead of being parsed. The name of the column then refers to
	// the field place.
	place item.Place
	bound bool
}

type value struct {
	text     string
	quoted   bool
	from, to int
}

type operator int

const (
	opPresent operator = iota
	opEqual
	opNotEqual
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opContains
	opNotContains
)

func (o operator) String() string {
	return [...]string{"?", "=", "!=", "<", "<=", ">", ">=", "~", "!~"}[o]
}

// isOrdering reports whether the operator is <, <=, > or >=.
func (o operator) isOrdering() bool { return o >= opLess && o <= opGreaterEqual }

// isSearch reports whether the operator is ~ or !~.
func (o operator) isSearch() bool { return o == opContains || o == opNotContains }

// isWord reports whether the value is the given keyword, unquoted.
func (v value) isWord(word string) bool { return !v.quoted && strings.EqualFold(v.text, word) }

// each calls the function visit for every condition of the node.
func (n *node) each(visit func(*condition)) {
	if n == nil {
		return
	}
	if n.kind == conditionNode {
		visit(&n.condition)
	}
	for _, part := range n.nodes {
		part.each(visit)
	}
}

func (n *node) write(b *strings.Builder) {
	switch n.kind {
	case conditionNode:
		n.condition.write(b)
	case notNode:
		b.WriteString("not ")
		n.nodes[0].writeWithin(b, n.kind)
	case andNode, orNode:
		word := " and "
		if n.kind == orNode {
			word = " or "
		}
		for i, part := range n.nodes {
			if i > 0 {
				b.WriteString(word)
			}
			part.writeWithin(b, n.kind)
		}
	}
}

// writeWithin writes the node as a child of another node, in parentheses if they are necessary.
func (n *node) writeWithin(b *strings.Builder, outer nodeKind) {
	loose := n.kind == orNode || n.kind == andNode && outer == notNode
	if loose {
		b.WriteByte('(')
	}
	n.write(b)
	if loose {
		b.WriteByte(')')
	}
}

func (c condition) write(b *strings.Builder) {
	b.WriteString(quoteName(c.column.text))
	if c.op == opPresent {
		b.WriteByte('?')
		return
	}
	b.WriteString(" " + c.op.String() + " ")
	if c.value.quoted {
		b.WriteString(quote(c.value.text))
	} else {
		b.WriteString(c.value.text)
	}
}
