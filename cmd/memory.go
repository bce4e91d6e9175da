package cmd

import (
	"context"
	"runtime"
	"runtime/debug"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/ui"
)

// tidyService is a service whose large answers are not doubled by garbage.
type tidyService struct{ ui.Service }

// Poll polls.
func (s tidyService) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	answer, err := s.Service.Poll(ctx, runID, onItems)
	if answer.Items.Len() > 0 {
		boundGarbage()
	}
	return answer, err
}

// mostGarbage is about how much memory that nobody uses any more may lie about beside a large table, in bytes.
const mostGarbage = 12 << 20

// boundGarbage lets the collector run before garbage is as much as what is in use, which it is by default: that is nothing
// beside a small table, and twice the file beside a large one. Collecting costs little there, as rows point to nothing.
func boundGarbage() {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	const least, most = 5, 100
	debug.SetGCPercent(int(min(most, max(least, most*mostGarbage/max(1, now.HeapAlloc))))) //nolint:gosec // at most 100
}
