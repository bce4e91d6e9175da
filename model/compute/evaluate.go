package compute

import (
	"strings"
	"sync/atomic"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Column is the column that a formula computes from the items of a table. It is safe for concurrent use.
type Column struct {
	formula Formula
	items   item.Table
	// sources are where the values of the formula's columns come from. They are nil until the first reader is opened.
	sources atomic.Pointer[[]source]
}

// source is where the values of a column come from: a path, or a function that returns the page or row number of an
// item.
type source struct {
	path    item.Path
	ordinal func(i int) int
	found   bool
	style   parse.Numbers
}

// find finds a column by its name. The names "page" and "row" stand for the page and the row number of an item, unless
// a column has that name.
func find(items item.Table, name string) (source, bool) {
	if path, found := items.FindPath(name); found {
		return source{path: path, found: true}, true
	}
	switch {
	case name == "row":
		return source{ordinal: func(i int) int { return i + 1 }, found: true}, true
	case name == "page" && items.Pages() > 0:
		return source{ordinal: items.Page, found: true}, true
	}
	return source{}, false
}

// On returns the column of a formula for the items of a table.
func (f Formula) On(items item.Table) *Column { return &Column{formula: f, items: items} }

// Reader returns a function that computes the value of item i. The function reads other computed columns with an
// evaluation, which may be shared with other functions. It is not safe for concurrent use.
func (c *Column) Reader(evaluation *item.Evaluation) func(i int) item.Cell {
	if c.sources.Load() == nil {
		found := c.findSources(evaluation)
		if evaluation.Stopped() {
			return func(int) item.Cell { return item.Cell{} }
		}
		c.sources.CompareAndSwap(nil, &found)
	}
	e := evaluator{evaluation: evaluation, sources: *c.sources.Load()}
	e.readers = make([]*item.Reader, len(e.sources))
	for i, s := range e.sources {
		if s.found && s.ordinal == nil {
			e.readers[i] = evaluation.Reader(c.items, s.path)
		}
	}
	return func(i int) item.Cell {
		e.item = i
		return e.value(c.formula.root).result()
	}
}

// findSources looks up the columns that the formula reads. It learns the number format of each column from a sample of
// its values, which it reads as part of an evaluation. If that stops, the result is incomplete.
func (c *Column) findSources(evaluation *item.Evaluation) []source {
	const previewSize = 480
	var sources []source
	for _, column := range c.formula.columns {
		s, _ := find(c.items, column.name)
		if s.found && s.ordinal == nil {
			var learner parse.Learner
			reader := evaluation.Reader(c.items, s.path)
			for row := range reader.Sample(parse.Sample(c.items.Len())) {
				if !evaluation.Step(reader.Cost(row)) {
					return nil
				}
				if value := reader.Cell(row); value.Kind() == item.CellString {
					learner.Add([]byte(value.Preview(previewSize).Raw()))
				}
			}
			s.style = learner.Numbers()
		}
		sources = append(sources, s)
	}
	return sources
}

type evaluator struct {
	evaluation *item.Evaluation
	sources    []source
	readers    []*item.Reader
	item       int
}

// step counts the work of an operation with the given arguments, and reports whether the evaluation goes on.
func (e *evaluator) step(args ...value) bool {
	const (
		byOperation = 64 // cost of an operation with short arguments, in bytes that can be scanned meanwhile
		byByte      = 4  // cost of processing a byte of a text
	)
	cost := byOperation
	for _, arg := range args {
		cost += byByte * (len(arg.text) + len(arg.cell.Raw()))
	}
	return e.evaluation.Step(cost)
}

func (e *evaluator) value(n *node) value {
	if e.evaluation.Stopped() {
		return value{}
	}
	switch n.kind {
	case nodeNumber:
		return value{kind: kindNumber, number: n.number}
	case nodeText:
		return value{kind: kindText, text: n.text}
	case nodeTrue, nodeFalse:
		return boolValue(n.kind == nodeTrue)
	case nodeColumn:
		return e.columnValue(n.column)
	case nodeSign:
		return e.signValue(n)
	default:
		return e.callValue(n)
	}
}

func (e *evaluator) columnValue(i int) value {
	switch s := &e.sources[i]; {
	case !s.found:
		return value{}
	case s.ordinal != nil:
		return numberValue(float64(s.ordinal(e.item)))
	default:
		reader := e.readers[i]
		if !e.evaluation.Step(reader.Cost(e.item)) {
			return value{}
		}
		cell := reader.Cell(e.item)
		if !e.step(value{cell: cell}) {
			return value{}
		}
		return valueOf(cell, &s.style)
	}
}

func (e *evaluator) callValue(n *node) value {
	switch n.call.name {
	case "coalesce":
		for _, arg := range n.args {
			if v := e.value(arg); v.kind != kindAbsent {
				return v
			}
		}
		return value{}
	case "if":
		switch {
		case e.value(n.args[0]).isTrue():
			return e.value(n.args[1])
		case len(n.args) > 2:
			return e.value(n.args[2])
		}
		return value{}
	}
	args := make([]value, len(n.args))
	for i, arg := range n.args {
		args[i] = e.value(arg)
	}
	if !e.step(args...) {
		return value{}
	}
	return n.call.apply(args)
}

func (e *evaluator) signValue(n *node) value {
	a := e.value(n.args[0])
	if !e.step(a) {
		return value{}
	}
	if len(n.args) == 1 {
		if n.sign == "not" {
			return boolValue(!a.isTrue())
		}
		return ofNumber(negative)([]value{a})
	}
	switch n.sign {
	case "and":
		return boolValue(a.isTrue() && e.value(n.args[1]).isTrue())
	case "or":
		return boolValue(a.isTrue() || e.value(n.args[1]).isTrue())
	}
	b := e.value(n.args[1])
	if !e.step(b) {
		return value{}
	}
	switch n.sign {
	case "&":
		return join(a, b)
	case "=", "!=", "<", "<=", ">", ">=":
		order, ok := compare(a, b)
		return boolValue(accepts(n.sign, order, ok))
	}
	x, isNumber := a.asNumber()
	y, areNumbers := b.asNumber()
	switch {
	case isNumber && areNumbers:
		return arithmetic(n.sign, x, y)
	case n.sign == "+" && a.kind != kindAbsent && b.kind != kindAbsent:
		return join(a, b)
	}
	return value{}
}

// accepts reports whether a comparison is true. sign is its operator, such as "<=". order and ok are the results of the
// function compare.
func accepts(sign string, order int, ok bool) bool {
	switch sign {
	case "=":
		return ok && order == 0
	case "!=":
		return !ok || order != 0
	case "<":
		return ok && order < 0
	case "<=":
		return ok && order <= 0
	case ">":
		return ok && order > 0
	default:
		return ok && order >= 0
	}
}

// join joins two texts. An absent value counts as an empty text.
func join(a, b value) value {
	x, _ := a.asText()
	y, _ := b.asText()
	if len(x)+len(y) > maxText {
		return value{}
	}
	return textValue(strings.Join([]string{x, y}, ""))
}
