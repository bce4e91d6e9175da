package run

import "sbwatch/ui/screen/items"

// State is what the user has set up on the screen of a run, such as the open tab. If the program frees the memory of
// the items and reads them again later, the new screen can start with the state of the old screen.
type State struct {
	tab   tab
	items items.State
	// isKnown is false for the zero State, and true for a State that [StateOf] has returned.
	isKnown bool
}

// StateOf returns the state of a screen.
func StateOf(s *Screen) State { return State{s.tab, s.items.State(), true} }
