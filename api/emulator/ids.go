package emulator

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const (
	requestIDs = 218_340_105_584_896 // 62 to the power of 8
	// requestStride leads through all request ids before one comes again: it has no factor in common with their number.
	requestStride = 134_941_606_358_731
)

// identifiers gives out ids that never repeat.
type identifiers struct {
	seed    uint64
	runs    uint64
	request uint64
}

func newIdentifiers(seed uint64) identifiers {
	return identifiers{seed: mix(seed), request: mix(seed+1) % requestIDs}
}

// nextRun is a run id: 11 characters.
func (ids *identifiers) nextRun() string {
	for {
		ids.runs++
		// mix maps no two numbers to the same one, so the ids differ as the counts do.
		if id := base62Text(mix(ids.seed+ids.runs), 11); id != SampleRunID {
			return id
		}
	}
}

// nextRequest is a request id, shaped like req_aB3xY9Kp.
func (ids *identifiers) nextRequest() string {
	ids.request = (ids.request + requestStride) % requestIDs
	return "req_" + base62Text(ids.request, 8)
}

// base62Text writes n in so many digits, the lowest first, as the highest vary least.
func base62Text(n uint64, digits int) string {
	text := make([]byte, digits)
	for i := range text {
		text[i] = base62[n%62]
		n /= 62
	}
	return string(text)
}

// mix scatters numbers over all of uint64, one to one: the finalizer of SplitMix64.
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
