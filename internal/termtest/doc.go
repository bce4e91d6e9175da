// Package termtest runs a real program in a pseudo terminal for tests. It types keys and reads the screen back through
// a terminal emulator, as a person would see it.
//
//	var sbwatch = termtest.Program{Package: "sbwatch"}
//
//	term := termtest.Start(t, termtest.Options{Args: []string{sbwatch.Path(t), "demo"}})
package termtest
