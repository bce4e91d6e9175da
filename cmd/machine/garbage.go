package machine

import (
	"runtime"
	"runtime/debug"
)

// maxGarbage is roughly the amount of garbage to allow in addition to a large table, in bytes.
const maxGarbage = 12 << 20

// BoundGarbage makes the garbage collector run earlier if much memory is in use. By default it allows as much garbage as
// memory in use, which would double the memory of a large table. Collecting is cheap there because rows contain no
// pointers.
func BoundGarbage() {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	const minPercent, maxPercent = 5, 100
	debug.SetGCPercent(int(min(maxPercent, max(minPercent, maxPercent*maxGarbage/max(1, now.HeapAlloc)))))
}
