package machine

import (
	"runtime"
	"runtime/debug"
)

// maxGarbage is about how much unused memory is tolerated beside a large table, in bytes.
const maxGarbage = 12 << 20

// BoundGarbage makes the garbage collector run before there is as much garbage as memory in use, which is the default: that
// is little beside a small table, but doubles a large one. Collecting is cheap there, as rows hold no pointers.
func BoundGarbage() {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	const minPercent, maxPercent = 5, 100
	debug.SetGCPercent(int(min(maxPercent, max(minPercent, maxPercent*maxGarbage/max(1, now.HeapAlloc))))) //nolint:gosec // at most 100
}
