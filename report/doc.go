// Package report writes the output of commands about runs, for people and for programs: plain lines and JSON lines
// during a watch ([Reporter], [Lines]), the summary after the dashboard ([Summary]), the results of check, and the
// usage. It also determines the exit code ([Outcome]).
//
// Data goes to a writer that the command passes, usually standard output. Messages go to standard error, one line each.
// All text from the service or from files is converted to printable form.
package report
