package emulator

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const (
	requestIDs = 218_340_105_584_896 // the number of possible request ids: 62 to the power of 8
	// requestStride is the difference between two successive request ids, modulo requestIDs. It has no common divisor
	// with requestIDs, so every request id is used once before any id repeats.
	requestStride = 134_941_606_358_731
)

// identifiers generates ids that never repeat.
type identifiers struct {
	seed    uint64
	runs    uint64
	request uint64
}

func newIdentifiers(seed uint64) identifiers {
	return identifiers{seed: mix(seed), request: mix(seed+1) % requestIDs}
}

// nextRun returns a run id of 11 characters.
func (ids *identifiers) nextRun() string {
	for {
		ids.runs++
		// mix maps different numbers to different numbers, so no id repeats.
		if id := base62Text(mix(ids.seed+ids.runs), 11); id != SampleRunID {
			return id
		}
	}
}

// nextRequest returns a request id such as req_aB3xY9Kp.
func (ids *identifiers) nextRequest() string {
	ids.request = (ids.request + requestStride) % requestIDs
	return "req_" + base62Text(ids.request, 8)
}

// base62Text returns the n lowest base-62 digits of value, lowest digit first.
func base62Text(value uint64, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = base62[value%62]
		value /= 62
	}
	return string(text)
}

// mix is the finalizer of SplitMix64: it maps different numbers to different numbers that look random.
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
