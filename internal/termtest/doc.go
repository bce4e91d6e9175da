// Package termtest is for tests: it runs a real program in a pseudo terminal, types at it, and reads back through a
// terminal emulator what a person would see.
//
//	term := termtest.Start(t, termtest.Options{Args: []string{termtest.Build(t, "sbwatch"), "demo"}})
//	term.Wait("completed")
//	term.Press("down", "enter")
//	term.Type("q")
//	if code := term.Exit(); code != 0 { ... }
//	term.ModesRestored()
//
// Nothing in it sleeps: whoever waits is woken by the program's own output. It needs a Unix; tests that use it carry
// the build tag unix.
package termtest
