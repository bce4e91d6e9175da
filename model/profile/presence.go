package profile

import "sbwatch/model/item"

// Presence is [item.Presence].
type Presence = item.Presence

// Present is [item.Present]; Presences is [item.Presences].
const (
	Present   = item.Present
	Presences = item.Presences
)

// PresenceOf returns cell.Presence().
func PresenceOf(cell item.Cell) Presence { return cell.Presence() }
