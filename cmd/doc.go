// Package cmd is the command line of sbwatch: it reads what the user asked for and wires the other packages together. Each
// top-level command has a file.
//
// A run is shown in one of two ways: on a terminal by the dashboard of package ui, with a summary after it; everywhere else
// by lines, for people (--plain) or for programs (--json). A [follower] drives the monitor for the latter. What is written,
// and the exit code, is decided in package report. Data goes to standard output, everything else to standard error.
//
// What the command line decides:
//
//   - A closed pipe on standard output (as with "| head") ends the command silently. The exit code is that of
//     leaving, 130, where the run was still under way, and the run's own otherwise.
//   - Answering no to the question of run leaves before there is a run: 130.
//   - A stopped emulator was asked to stop: it exits with 0 on SIGINT, SIGTERM and SIGHUP.
//   - A saved answer counts as its run does: a failed one makes open exit with 1.
//   - An export waits for the end of its run, as check does. Of a run that failed or was cancelled it writes the items there
//     are, if any, and exits with 1.
package cmd
