// Package report writes what the commands report about runs, for people and for programs: plain lines and JSON lines
// during a watch ([Reporter], [Lines]), the summary after the dashboard ([Summary]), the verdicts of check, and usage. It
// also decides the exit code ([Outcome]).
//
// Data goes to the writer that the command passes, which is standard output. Everything else is a message, which is one
// line of standard error. All text from the service or from files is made printable.
package report
