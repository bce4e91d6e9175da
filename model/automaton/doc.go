// Package automaton tells whether a text contains a match of a regular expression. The time is proportional to the
// length of the text.
//
// A [Program] is an expression in the syntax of package regexp. A [Matcher] is a deterministic automaton that is built
// step by step while it reads text. Each state stands for the set of places in the expression that a match may have
// reached. Characters that the expression treats alike form a class, and each state has one transition for each class.
// A transition is computed when it is first needed. Afterwards, each byte costs only one lookup in a table. Package
// regexp is slower, because for each byte it follows every place of the set. The Matcher still uses package regexp for
// expressions that need too many states.
package automaton
