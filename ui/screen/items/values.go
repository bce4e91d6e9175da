package items

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// valueReader reads values of the table that take too long for Update, one row at a time.
type valueReader struct {
	job screen.Job
	// reads are the values that the running job reads.
	reads table.Unread
}

// valuesMsg has values that a command has read.
type valuesMsg struct {
	generation int
	values     table.Values
}

// Deferred reads the values that the table shows. It returns a command for a row whose values take long, or nil if there
// is no such row. If the row that is being read is no longer visible, Deferred cancels that.
func (b *browser) Deferred() tea.Cmd {
	r := &b.values
	if b.table.Len() == 0 || b.itemCovers() {
		r.job.Stop()
		return nil
	}
	w, h := b.tableSize()
	unread := b.table.Fill(b.env.Painter, w, h)
	isVisible := func(u table.Unread) bool {
		return u.Items == r.reads.Items && u.Item == r.reads.Item && slices.Contains(r.reads.Paths, u.Paths[0])
	}
	switch {
	case len(unread) == 0:
		r.job.Stop()
		return nil
	case r.job.Runs() && slices.ContainsFunc(unread, isVisible):
		return nil
	}
	ctx, progress, generation := r.job.Begin(b.env.Env, "computing values")
	reads := unread[0]
	r.reads = reads
	progress.Add(len(reads.Paths))
	return b.env.Cmd(func() tea.Msg {
		values := reads.Read(func(int) bool { return ctx.Err() == nil })
		return screen.UnlessOver(ctx, valuesMsg{generation, values})
	})
}

// valuesRead adds values that a command has read to the table.
func (b *browser) valuesRead(msg valuesMsg) {
	if b.values.job.Done(msg.generation) {
		b.table.Add(msg.values)
		b.Arrange()
	}
}
