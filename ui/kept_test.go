package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// ends answers the poll of a run: the run has completed with the given items. It then runs the commands that follow.
func (m *manyRuns) ends(key monitor.RunKey, items item.Table) {
	answer := finished(result(0.02), items, time.Minute)
	answer.Run.ID, answer.Run.RecipeID = text.NewText(fmt.Sprintf("run%08d", key)), text.NewText(recipeOf(key))
	answer.Run.Items = optional.Some(int64(items.Len()))
	for range 4 {
		m.monitor.Demand(m.clock, key)
		m.monitor.Due(m.clock)
	}
	_, cmd := m.Update(screen.RunMsg{Run: key, Msg: polledMsg{answer: answer, fits: table.FitColumns(m.env.Painter, items, table.FitItems)}})
	m.follow(cmd)
}

// memory returns the size of the items of all runs and the number of screens.
func (m *manyRuns) memory() (bytes int64, screens int) {
	for _, one := range m.runs {
		bytes += one.Watch().Items().Memory()
		if one.screen != nil {
			screens++
		}
	}
	return bytes, screens
}

// TestItemsOfFewRunsAreKept checks that the memory of a dashboard is bounded however many runs have ended, that the
// overview still shows facts about them, and that the items of a run are read again when it is opened.
func TestItemsOfFewRunsAreKept(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		rows := make([]string, 30)
		for i := range rows {
			price := `"price":12`
			if i > 20 {
				price = `"price":null`
			}
			rows[i] = fmt.Sprintf(`{"name":"Lamp %d",%s}`, i, price)
		}
		items := itemsOf(t, rows)
		service := &fakeService{}
		m := &manyRuns{newStage(Config{Watches: watchesOf(150), Service: service}, 120, 40), t}
		m.at(time.Minute)
		for key := monitor.RunKey(1); key <= 150; key++ {
			m.ends(key, items)
		}
		if bytes, screens := m.memory(); bytes > maxKeptItems || screens > maxKeptRuns {
			t.Errorf("%d bytes and %d screens are kept", bytes, screens)
		}
		if !m.monitor.Watch(1).HasDroppedItems() || m.monitor.Watch(150).HasDroppedItems() {
			t.Error("the run that ended first is kept, or the last one is not")
		}
		if first, last := m.several.Facts(1), m.several.Facts(150); first != last || !first.Findings.Known() {
			t.Errorf("the first run has the facts %+v, the last one %+v", first, last)
		}
		if notices := m.monitor.Watch(1).Notices(m.clock, time.Second); len(notices) != len(m.monitor.Watch(150).Notices(m.clock, time.Second)) {
			t.Errorf("dropping the items leads to %v", notices)
		}

		service.poll = func(int) (run.Answer, error) { return run.Answer{}, errors.New("gone") }
		m.follow(m.several.Open(1))
		if frame := m.lines(); !strings.Contains(frame, "could not be read again") {
			t.Errorf("a failure to read the items again is not shown:\n%s", frame)
		}
		m.press("esc")
		service.poll = func(int) (run.Answer, error) {
			answer := finished(result(0.02), items, time.Minute)
			answer.Run.ID = text.NewText("run00000001")
			return answer, nil
		}
		cmd := m.several.Open(1)
		if frame := m.lines(); !strings.Contains(frame, "reading the items again") {
			t.Errorf("the frame does not say that the items are read again:\n%s", frame)
		}
		m.follow(cmd)
		if frame := m.lines(); !strings.Contains(frame, "Lamp 7") {
			t.Errorf("the items do not show:\n%s", frame)
		}
		m.press("esc")
		if facts := m.several.Facts(1); facts != m.several.Facts(150) {
			t.Errorf("after visiting it, the first run has the facts %+v", facts)
		}
	})
}
