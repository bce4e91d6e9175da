package filter

import (
	"sbwatch/model/item"
	"sbwatch/model/lang"
)

// Doubt returns a probable mistake in a valid filter: a comparison of numbers or dates with a value that is neither,
// such as price > abc. It returns nil if it finds no mistake. It reads a sample of the items.
func (e Expr) Doubt(items item.Table) *lang.Error {
	var doubt *lang.Error
	e.root.each(func(c *condition) {
		if doubt == nil && c.op.isOrdering() {
			doubt = doubtfulOrder(items, c)
		}
	})
	return doubt
}

// doubtfulOrder returns a warning about a comparison that is probably a mistake, or nil. An example is price < cheap,
// if the column price has numbers.
func doubtfulOrder(items item.Table, c *condition) *lang.Error {
	s, found := resolve(items, c.column.text)
	if c.column.bound || !found {
		return nil
	}
	v := values{source: s, found: true, at: -1}
	v.open()
	v.learn()
	_, isNumber := v.numbers.Number([]byte(c.value.text))
	_, isDate := v.parseDate(c.value)
	kinds := sampleKinds(s)
	what, have := "number", "numbers"
	switch {
	case !kinds.isOrdered() || isNumber && kinds.numbers > 0 || isDate && kinds.dates > 0:
		return nil
	case kinds.dates > kinds.numbers:
		what, have = "date", "dates"
	}
	return &lang.Error{From: c.value.from, To: c.value.to, Reason: lang.Excerpt(c.value.text) + " is not a " + what + ", but " + lang.Excerpt(quoteName(c.column.text)) + " has " + have}
}
