package notify

// Maximum lengths of the texts that a command or a receiver gets, in bytes. The service may send texts of any length,
// but the environment of a command and the receivers of messages have limits.
const (
	maxID         = 100
	maxShortError = 300
	maxError      = 4000
	maxLine       = 1000
	maxListed     = 50 // number of entries in a list
)

// shortened returns the first maxListed entries of a list, or all if there are fewer. It never returns nil.
func shortened[T any](list []T) []T {
	return append([]T{}, list[:min(len(list), maxListed)]...)
}
