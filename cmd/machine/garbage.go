package machine

import (
	"runtime"
	"runtime/debug"
)

// maxGarbage is the approximate maximum amount of garbage in memory, in bytes, while a large table is in memory.
const maxGarbage = 12 << 20

// BoundGarbage makes the garbage collector run more often if much memory is in use. By default, the collector waits
// until there is as much garbage as memory in use. With this default, a large table would need twice its memory.
// Frequent collections are cheap, because rows contain no pointers.
func BoundGarbage() {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	const minPercent, maxPercent = 5, 100
	debug.SetGCPercent(int(min(maxPercent, max(minPercent, maxPercent*maxGarbage/max(1, now.HeapAlloc)))))
}
