package sqlstore

import "sbwatch/history"

// division divides the unfinished tasks of a job among its collectors. Each collector gets an equal share of the runs.
//
// Only one collector at a time dispatches recipes. If the answer to a dispatch is lost, the account's usage shows
// whether a run has started, but only if nothing else was dispatched in the meantime.
type division struct {
	history.Lease
	now        int64
	collectors int

	open           []leased // unfinished tasks that the collector may take
	mine           []leased
	take, giveBack []leased
}

// divide decides which tasks the collector takes, and which it gives back.
func (d *division) divide(tasks []leased) {
	watched := 0 // number of runs that all collectors watch
	isDispatching := false
	for _, l := range tasks {
		if !d.Allows(&l.Task) {
			continue
		}
		d.open = append(d.open, l)
		if l.State == history.TaskWatching {
			watched++
		}
		if l.owner == d.Owner {
			d.mine = append(d.mine, l)
		}
		if l.State == history.TaskToDispatch || l.State == history.TaskDispatching {
			isDispatching = isDispatching || d.isHeldByOther(&l)
		}
	}
	share := (watched + d.collectors - 1) / d.collectors
	d.giveBackAbove(share)
	for _, l := range d.open {
		isFree := l.owner != d.Owner && !d.isHeldByOther(&l)
		switch {
		case !isFree:
		case l.State != history.TaskWatching && isDispatching:
		case l.State == history.TaskWatching && d.watching() >= share:
		default:
			d.take = append(d.take, l)
		}
	}
}

func (d *division) isHeldByOther(l *leased) bool {
	return l.owner != "" && l.owner != d.Owner && l.expiresAt > d.now
}

// giveBackAbove makes the collector give back its newest runs until it watches no more runs than its share.
func (d *division) giveBackAbove(share int) {
	above := d.watching() - share
	for i := len(d.mine) - 1; i >= 0 && above > 0; i-- {
		if d.mine[i].State == history.TaskWatching {
			d.giveBack = append(d.giveBack, d.mine[i])
			d.mine = append(d.mine[:i:i], d.mine[i+1:]...)
			above--
		}
	}
}

// watching returns the number of runs that the collector keeps or takes.
func (d *division) watching() int {
	n := 0
	for _, tasks := range [][]leased{d.mine, d.take} {
		for _, l := range tasks {
			if l.State == history.TaskWatching {
				n++
			}
		}
	}
	return n
}

// held returns the tasks that the collector keeps or takes, in the order in which they were added.
func (d *division) held() []history.Task {
	holds := map[history.TaskKey]bool{}
	for _, tasks := range [][]leased{d.mine, d.take} {
		for _, l := range tasks {
			holds[l.TaskKey] = true
		}
	}
	var held []history.Task
	for _, l := range d.open {
		if holds[l.TaskKey] {
			held = append(held, l.Task)
		}
	}
	return held
}
