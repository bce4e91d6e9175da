package machine

import (
	"runtime"
	"runtime/debug"
)

// maxGarbage is how much garbage may be in memory in addition to a large table, in bytes. It is approximate.
const maxGarbage = 12 << 20

// BoundGarbage makes the garbage collector run more often if much memory is in use. By default the collector waits
// until there is as much garbage as memory in use, which would double the memory of a large table. Running it more
// often is cheap because rows contain no pointers.
func BoundGarbage() {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	const minPercent, maxPercent = 5, 100
	debug.SetGCPercent(int(min(maxPercent, max(minPercent, maxPercent*maxGarbage/max(1, now.HeapAlloc)))))
}
