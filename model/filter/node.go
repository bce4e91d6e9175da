package filter

import (
	"strings"

	"sbwatch/model/item"
)

// nodeKind is how a node joins what is below it.
type nodeKind int

const (
	oneCondition nodeKind = iota
	allOf
	anyOf
	noneOf // of one
)

// node is a part of a filter.
type node struct {
	kind  nodeKind
	nodes []*node
	condition
}

// condition is a column, an operator and, but for opPresent, a value.
type condition struct {
	column column
	op     operator
	value  value
}

// column is a column as it was named.
type column struct {
	text     string
	from, to int
	// place is what the name stands for, where bound tells so: for a filter that was made of a place.
	place item.Place
	bound bool
}

// value is a value as it was written.
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

// isOrder tells whether the operator asks which of two values is the greater.
func (o operator) isOrder() bool { return o >= opLess && o <= opGreaterEqual }

// isSearch tells whether the operator looks for a text.
func (o operator) isSearch() bool { return o == opContains || o == opNotContains }

// isWord tells whether an unquoted value is one of the words that stand for themselves.
func (v value) isWord(word string) bool { return !v.quoted && strings.EqualFold(v.text, word) }

// each visits the conditions.
func (n *node) each(visit func(*condition)) {
	if n == nil {
		return
	}
	if n.kind == oneCondition {
		visit(&n.condition)
	}
	for _, part := range n.nodes {
		part.each(visit)
	}
}

// write writes the node in its plainest spelling.
func (n *node) write(b *strings.Builder) {
	switch n.kind {
	case oneCondition:
		n.condition.write(b)
	case noneOf:
		b.WriteString("not ")
		n.nodes[0].writeWithin(b, n.kind)
	case allOf, anyOf:
		word := " and "
		if n.kind == anyOf {
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

// writeWithin writes the node as a part of another, in parentheses where it would come apart.
func (n *node) writeWithin(b *strings.Builder, outer nodeKind) {
	loose := n.kind == anyOf || n.kind == allOf && outer == noneOf
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
