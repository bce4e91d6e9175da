// Package automaton tells whether a text contains a match of a regular expression, in time linear in its length.
//
// A [Program] is an expression in the syntax of package regexp. A [Matcher] is a deterministic automaton that is built while it reads:
// each state is a set of places in the expression, and a transition is computed when it is first needed. Then each byte costs one look
// into a table, where package regexp follows all places of the set. If an expression needs too many states, package regexp takes over.
package automaton
