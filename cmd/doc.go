// Package cmd is the command line of sbwatch: it reads what the user asked for, wires the other packages together, and
// ends in an exit code. A file holds one command, or one way of showing a run.
//
// A run is shown in one of two ways. In a terminal it is the dashboard of package ui, and a farewell after it. Everywhere
// else a [follower] drives the same [model.Watch] and writes lines, for people (--plain) or for programs (--json). Data
// goes to standard output, everything else to standard error.
//
// What choices the command line makes:
//
//   - A closed pipe on standard output (as with "| head") ends the command without a word. The exit code is that of
//     leaving, 130, where the run was still under way, and the run's own otherwise.
//   - Answering no to the question of run leaves before there is a run: 130.
//   - A stopped emulator was asked to stop: it exits with 0 on SIGINT, SIGTERM and SIGHUP.
//   - A saved answer counts as its run does: a failed one makes open exit with 1.
//   - An export waits for the end of its run, as check does. Of a run that failed or was cancelled it writes the items there
//     are, if any, and exits with 1.
package cmd
