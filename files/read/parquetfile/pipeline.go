package parquetfile

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// pipeline divides the work of reading a file into tasks, and runs them on several goroutines. A task renders the next
// rows of a field, or assembles a batch from the rows of all fields. The fields of later rows are rendered while earlier
// rows are assembled, so that no core has to wait for the others.
//
// A pipeline keeps track of members. They are filled by rendering, wait in the queue of their field until their rows are
// assembled, and are then used again.
type pipeline struct {
	*reader
	groups  []rowGroup // the row groups that have not begun
	maxText int        // maximum length of the text of a field in a batch
	maxHeld int64      // see [unpacker.maxHeld]
	cores   int

	mutex    sync.Mutex // guards the fields below, and the state of the fields of the file
	hasWork  sync.Cond  // signaled when there is a task for another goroutine
	hasBatch sync.Cond  // signaled when the goroutine that delivers batches can continue
	waiting  int        // number of goroutines that wait for hasWork
	running  int        // number of tasks that are being done
	left     int64      // number of rows in the row group that are not in a batch yet
	missing  int        // number of fields without rows for the next batch
	idle     []*field   // the fields to render next
	todo     []*Batch   // the batches to assemble next
	batches  []*Batch   // the batches that are not delivered yet, in order
	ahead    int        // number of rows in batches
	spare    []*Batch   // unused batches
	rowSize  int        // average size of the newest rows in bytes
	err      error      // error after the rows in batches
	hasBegun bool       // whether a row group has begun
	hasEnded bool       // whether no more batches begin
	stopped  bool       // whether all goroutines must return
	// step is a power of two. Each field renders rows until the number of its rendered rows is a multiple of step, so
	// that all fields end at the same row. This avoids batches of a few rows.
	step  int
	tight int // number of fields because of which step must not grow
}

// fieldState is the state of a field in a pipeline.
type fieldState struct {
	isIdle, isRendering bool       // whether the field waits to be rendered, or is being rendered
	hasStarted          bool       // whether the field has rendered rows
	isTight             bool       // whether the field is counted in [pipeline.tight]
	isShort             bool       // [field.isShort] for the rows that were rendered last
	length, count       int        // length of these rows in bytes, and their number
	queue               []*members // the rows that are rendered, and not all of them are in batches
	spare               []*members // unused members
	busy, long          int        // number of members in use, and of those with a long text
}

// maxMembers is the maximum number of members of a field. Fields with long texts use one less, to save memory.
const maxMembers = 3

// minBatch is the minimum size, in bytes, of the batches into which rows are divided so that several cores can assemble
// them.
const minBatch = 64 << 10

// newPipeline returns a pipeline for the row groups of a file.
func newPipeline(r *reader, groups []rowGroup) *pipeline {
	p := &pipeline{
		reader: r, groups: groups, cores: runtime.GOMAXPROCS(0), step: batchRows,
		maxText: min(maxFieldText, max(minFieldText, maxBatchText/max(1, len(r.fields)))),
	}
	p.hasWork.L, p.hasBatch.L = &p.mutex, &p.mutex
	return p
}

// task is a batch to assemble, or a field to render up to a multiple of step rows.
type task struct {
	batch *Batch
	field *field
	step  int
}

// work runs tasks until the pipeline is stopped.
func (p *pipeline) work(u *unpacker) {
	defer p.stop()
	for {
		t, ok := p.nextTask()
		if !ok {
			return
		}
		p.run(t, u)
	}
}

// stop makes all goroutines return.
func (p *pipeline) stop() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.stopped = true
	p.hasWork.Broadcast()
	p.hasBatch.Broadcast()
}

// deliver passes the batches to visit, in order. It runs tasks while there are no batches.
func (p *pipeline) deliver(u *unpacker, beforeBatch func(), visit func(*Batch) error) error {
	defer p.stop()
	for {
		beforeBatch()
		b, t, ok := p.nextBatch()
		switch {
		case !ok:
			return p.err
		case b == nil:
			p.run(t, u)
			continue
		}
		if len(b.ends) > 0 {
			if err := visit(b); err != nil {
				return err
			}
		}
		if b.err != nil {
			return b.err
		}
		p.recycle(b)
	}
}

// nextTask waits for a task and returns it. ok is false if the pipeline is stopped.
func (p *pipeline) nextTask() (_ task, ok bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for !p.stopped {
		if t, ok := p.pick(); ok {
			return t, true
		}
		p.waiting++
		p.hasWork.Wait()
		p.waiting--
	}
	return task{}, false
}

// nextBatch waits for a batch or a task, and returns it. ok is false at the end.
func (p *pipeline) nextBatch() (_ *Batch, _ task, ok bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for !p.stopped {
		if len(p.batches) > 0 && p.batches[0].isAssembled {
			b := p.batches[0]
			p.batches = p.batches[1:]
			p.ahead -= b.rows
			return b, task{}, true
		}
		if t, ok := p.pick(); ok {
			return nil, t, true
		}
		if p.hasEnded && len(p.batches) == 0 {
			return nil, task{}, false
		}
		p.hasBatch.Wait()
	}
	return nil, task{}, false
}

// run runs a task.
func (p *pipeline) run(t task, u *unpacker) {
	if t.batch != nil {
		t.batch.assemble()
		p.endBatch(t.batch)
	} else {
		u.maxHeld = p.maxHeld
		t.field.render(u, t.step, p.maxText)
		p.endField(t.field)
	}
	runtime.Gosched() // see [work.Each]
}

// pick returns the next task. It returns false if there is none. The mutex must be locked.
func (p *pipeline) pick() (task, bool) {
	p.advance()
	switch {
	case len(p.todo) > 0:
		b := p.todo[0]
		p.todo = p.todo[1:]
		p.running++
		return task{batch: b}, true
	case len(p.idle) > 0:
		f := p.idle[0]
		p.idle = p.idle[1:]
		p.running++
		f.state.isIdle, f.state.isRendering = false, true
		f.back = new(members)
		if last := len(f.state.spare) - 1; last >= 0 {
			f.back, f.state.spare = f.state.spare[last], f.state.spare[:last]
		}
		f.state.busy++
		step := p.step
		if !f.state.hasStarted {
			step, f.state.hasStarted = firstBatch, true
		}
		return task{field: f, step: step}, true
	}
	return task{}, false
}

// advance begins batches and row groups if possible. The mutex must be locked.
func (p *pipeline) advance() {
	for !p.hasEnded {
		isIdle := p.running == 0 && len(p.todo) == 0
		switch {
		case p.left == 0 && isIdle:
			p.startGroup()
		case p.left > 0 && p.missing == 0 && p.canStartBatches():
			p.startBatches()
		case p.left > 0 && p.missing > 0 && isIdle && len(p.idle) == 0:
			p.fail(p.failure())
		default:
			return
		}
	}
}

// fail ends the pipeline after the current batches. The parameter err is nil at the end of the file.
func (p *pipeline) fail(err error) { p.err, p.hasEnded = err, true }

// failure returns the error of the first field that could not convert its value of the next row to JSON.
func (p *pipeline) failure() error {
	for _, f := range p.fields {
		if len(f.state.queue) == 0 && f.err != nil {
			return f.err
		}
	}
	return errLevels
}

// startGroup begins the next row group, or ends the pipeline.
func (p *pipeline) startGroup() {
	if err := p.end(); err != nil || len(p.groups) == 0 {
		p.fail(err)
		return
	}
	group := &p.groups[0]
	p.groups = p.groups[1:]
	if err := p.start(group); err != nil {
		p.fail(err)
		return
	}
	if p.hasBegun {
		p.maxHeld = int64(min(maxHeldPage, maxHeldPages/max(1, len(p.columns))))
	}
	p.left, p.missing, p.hasBegun = group.rows, len(p.fields), true
	for _, f := range p.fields {
		p.makeIdle(f)
	}
	// Unpacking the largest pages takes longest, so it begins first. Then no core has to wait for it for long.
	slices.SortStableFunc(p.idle, func(a, b *field) int { return cmp.Compare(b.packedSize(), a.packedSize()) })
}

// makeIdle puts a field into the queue of those to render if this is possible now.
func (p *pipeline) makeIdle(f *field) {
	s := &f.state
	hasMembers := s.busy < maxMembers-1 || s.busy < maxMembers && s.long == 0
	if hasMembers && !s.isIdle && !s.isRendering && f.left > 0 && f.err == nil {
		s.isIdle = true
		p.idle = append(p.idle, f)
	}
}

// canStartBatches reports whether there may be more batches that are not delivered yet. Their text needs memory in
// addition to the table.
func (p *pipeline) canStartBatches() bool {
	const perCore = 4 // maximum number of batches per core
	return len(p.batches) == 0 || len(p.batches) < perCore*p.cores && p.ahead*p.rowSize < maxBatchText
}

// startBatches begins batches for the rows that all fields have rendered.
func (p *pipeline) startBatches() {
	rows := batchRows
	for _, f := range p.fields {
		rows = min(rows, f.state.queue[0].rows())
	}
	count := max(1, min(p.cores, rows, rows*p.rowSize/minBatch))
	for i := range count {
		b := &Batch{fields: p.fields, columns: p.nested, budget: p.budget, memory: &p.memory}
		if last := len(p.spare) - 1; last >= 0 {
			b, p.spare = p.spare[last], p.spare[:last]
		}
		from := rows * i / count
		b.rows, b.isAssembled, b.sources = rows*(i+1)/count-from, false, b.sources[:0]
		for _, f := range p.fields {
			m := f.state.queue[0]
			m.users++
			b.sources = append(b.sources, batchSource{m, m.used + from})
		}
		p.todo, p.batches = append(p.todo, b), append(p.batches, b)
	}
	for _, f := range p.fields {
		s := &f.state
		if s.queue[0].used += rows; s.queue[0].rows() == 0 {
			s.queue = append(s.queue[:0], s.queue[1:]...)
		}
		if len(s.queue) == 0 {
			p.missing++
		}
	}
	p.left, p.ahead = p.left-int64(rows), p.ahead+rows
}

// endBatch handles a batch that is assembled.
func (p *pipeline) endBatch(b *Batch) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.running--
	b.isAssembled = true
	p.rowSize = len(b.text) / max(1, len(b.ends))
	for i, source := range b.sources {
		if source.members.users--; source.members.users == 0 && source.members.rows() == 0 {
			p.free(p.fields[i], source.members)
		}
	}
	p.wake()
}

// free makes members available again.
func (p *pipeline) free(f *field, m *members) {
	if f.state.busy--; m.isLong() {
		f.state.long--
	}
	m.reset()
	f.state.spare = append(f.state.spare, m)
	p.makeIdle(f)
}

// isLong reports whether the members need much memory.
func (m *members) isLong() bool { return cap(m.text) > freeText }

// endField handles a field that has rendered rows.
func (p *pipeline) endField(f *field) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.running--
	s, m := &f.state, f.back
	s.isRendering, f.back = false, nil
	if m.isLong() {
		s.long++
	}
	p.adaptStep(f, m)
	if m.count() == 0 {
		p.free(f, m)
	} else {
		if len(s.queue) == 0 {
			p.missing--
		}
		s.queue = append(s.queue, m)
		p.makeIdle(f)
	}
	p.wake()
}

// adaptStep changes the number of rows in a step so that the texts of a field fit into p.maxText bytes. The field has
// rendered the members m. After rows with long texts, the step grows again once the texts of all fields are short.
func (p *pipeline) adaptStep(f *field, m *members) {
	s, step := &f.state, p.step
	s.isShort, s.length, s.count = f.isShort, m.length(), m.count()
	for s.isShort && s.count > 0 && s.count < step {
		step /= 2
	}
	p.checkStep(s)
	if p.tight == 0 && s.count >= step && step < batchRows {
		step *= 2
	}
	if step != p.step {
		p.step = step
		for _, f := range p.fields {
			p.checkStep(&f.state)
		}
	}
}

// checkStep counts a field in p.tight if the step must not grow because of the rows that the field rendered last.
func (p *pipeline) checkStep(s *fieldState) {
	const spare = 4 // the step grows only if spare times as many rows would fit
	if s.isTight {
		p.tight--
	}
	if s.isTight = s.isShort || spare*s.length*p.step > p.maxText*s.count; s.isTight {
		p.tight++
	}
}

// recycle makes a delivered batch available again.
func (p *pipeline) recycle(b *Batch) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.spare = append(p.spare, b)
	p.wake()
}

// wake wakes other goroutines if there is something to do for them. The calling goroutine does the next task itself.
func (p *pipeline) wake() {
	p.advance()
	tasks := len(p.todo) + len(p.idle) - 1
	for range min(tasks, p.waiting) {
		p.hasWork.Signal()
	}
	if tasks > 0 || p.hasEnded || len(p.batches) > 0 && p.batches[0].isAssembled {
		p.hasBatch.Signal()
	}
}
