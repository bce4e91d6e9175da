// Package automaton tells whether a text contains a match of a regular expression, in time linear in its length.
//
// A [Program] is an expression in the syntax of package regexp. A [Matcher] is a deterministic automaton, which it
// builds while it reads text. Each state stands for a set of places in the expression. A transition is computed when it
// is first needed. Afterwards, each byte costs only one lookup in a table. Package regexp is slower, because it follows
// all places of the set for each byte. If an expression needs too many states, the Matcher uses package regexp instead.
package automaton
