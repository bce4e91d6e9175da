package run

import "sbwatch/ui/screen/items"

// State is what the user has set up on the screen of a run. If the items are dropped and read again, a new screen can
// start with the state of the old one.
type State struct {
	tab   tab
	items items.State
	// isKnown is false for the zero State, and true for a State that [StateOf] has returned.
	isKnown bool
}

// StateOf returns the state of a screen.
func StateOf(s *Screen) State { return State{s.tab, s.items.State(), true} }
