package profile

import "sbwatch/model/item"

// Presence is an alias of [item.Presence].
type Presence = item.Presence

// Present is an alias of [item.Present], and Presences of [item.Presences].
const (
	Present   = item.Present
	Presences = item.Presences
)

// PresenceOf returns [item.Cell.Presence].
func PresenceOf(cell item.Cell) Presence { return cell.Presence() }
