// Package report tells what becomes of runs, in words for people and for programs: plain lines and JSON lines while they are
// watched, messages, the summary after the dashboard, the verdict of rules, the account's usage. It decides the exit code as
// well ([Outcome]).
//
// Data goes to the writer that the command gives, which is standard output. Everything else is a message, a line for
// standard error. All text that came from outside is made printable.
package report
