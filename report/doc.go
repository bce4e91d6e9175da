// Package report writes the output of commands about runs, for people and for programs: plain lines and JSON lines
// during a watch ([Reporter], [Lines]), the summary after the dashboard ([Summary]), the results of checks, and the
// account's usage. It also determines the exit code ([Outcome]).
//
// Data is written to the writer that the command passes, usually standard output. Messages are written to standard
// error, one per line. All text from the service or from files is converted to printable form.
package report
