package collect

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"sbwatch/history"
	"sbwatch/model/text"
	"sbwatch/monitor"
)

// renewals is the number of times that a lease is renewed during its original duration.
const renewals = 3

// renewAndStore renews the leases and stores the states of tasks until ctx ends. It renews the leases in time even if
// there are always states to store.
func (c *Collector) renewAndStore(ctx context.Context) {
	renewal := time.NewTicker(c.config.Lease / renewals)
	defer renewal.Stop()
	for ctx.Err() == nil {
		isDue := false
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-renewal.C:
			isDue = true
		}
		c.storeAll(ctx)
		if !isDue && !c.hasDelivered() {
			continue
		}
		begun := c.beginDelivered(ctx)
		held, err := c.renew(ctx)
		if err != nil {
			continue
		}
		c.callPollLoop(func(now time.Time) []monitor.Event {
			c.runs.reconcile(now, held, begun)
			return nil
		})
	}
}

// renew renews the leases of this collector and takes new tasks.
func (c *Collector) renew(ctx context.Context) (history.Held, error) {
	limited, cancel := context.WithTimeout(ctx, max(c.config.Lease/renewals, time.Second))
	defer cancel()
	held, err := c.config.Tasks.RenewTasks(limited, history.Lease{
		Job: c.config.Job, Invocation: c.Invocation(), Owner: c.config.Owner, For: c.config.Lease, Only: c.allowedTasks(),
	})
	if ctx.Err() != nil {
		return held, context.Cause(ctx)
	}
	c.renewed(held, err)
	return held, err
}

// renewed records whether renewing the leases has succeeded. It writes to the log when this changes.
func (c *Collector) renewed(held history.Held, err error) {
	c.mu.Lock()
	before := c.health.tasksErr
	c.health.tasksErr = err
	if err == nil {
		c.health.renewedAt = c.config.Now()
	}
	c.mu.Unlock()
	switch {
	case err != nil && before == nil:
		c.config.Log.Warn("no recipe is dispatched while the history cannot be reached", "error", err)
	case err == nil && before != nil:
		c.config.Log.Info("the history can be reached again")
	}
	c.config.Metrics.renewed(held, err)
}

// Invocation returns the name of the invocation, or "" as long as it is unknown.
func (c *Collector) Invocation() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.invocation
}

// store stores the state of a task. If this fails, renewAndStore tries again later.
func (c *Collector) store(ctx context.Context, t history.Task) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := c.config.Tasks.ChangeTask(limited, c.config.Job, c.config.Owner, t); err != nil && !errors.Is(err, history.ErrLeaseLost) {
		c.config.Log.Warn("could not store the state of a task: trying again later", "task", text.Printable(t.ID), "state", string(t.State), "error", err)
		c.storeLater(t)
	}
}

// beginLater makes renewAndStore add a run to the tasks.
func (c *Collector) beginLater(key history.TaskKey) {
	c.mu.Lock()
	c.delivered = append(c.delivered, key)
	c.mu.Unlock()
	c.wakeKeeper()
}

func (c *Collector) hasDelivered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.delivered) > 0
}

// beginDelivered stores as tasks the runs that a webhook has reported and a poll has found. It returns these runs.
func (c *Collector) beginDelivered(ctx context.Context) []history.TaskKey {
	c.mu.Lock()
	keys := c.delivered
	c.mu.Unlock()
	if len(keys) == 0 {
		return nil
	}
	b := history.Begin{Job: c.config.Job, Invocation: c.Invocation(), KeepEnded: keepEnded}
	for _, key := range keys {
		b.Tasks = append(b.Tasks, newTask(key))
	}
	limited, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	if _, err := c.config.Tasks.BeginTasks(limited, b); err != nil {
		c.renewed(history.Held{}, err)
		return nil // renewAndStore tries again
	}
	c.mu.Lock()
	c.delivered = c.delivered[len(keys):]
	c.mu.Unlock()
	return keys
}

// wakeKeeper wakes the goroutine of renewAndStore, which then stores the waiting states.
func (c *Collector) wakeKeeper() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// storeLater makes renewAndStore store the state of a task.
func (c *Collector) storeLater(t history.Task) {
	c.mu.Lock()
	c.unstored[t.TaskKey] = t
	c.mu.Unlock()
	c.wakeKeeper()
}

// storeAll stores all waiting states.
func (c *Collector) storeAll(ctx context.Context) {
	c.mu.Lock()
	waiting := slices.Collect(maps.Values(c.unstored))
	c.mu.Unlock()
	for _, t := range waiting {
		limited, cancel := context.WithTimeout(ctx, storeTimeout)
		err := c.config.Tasks.ChangeTask(limited, c.config.Job, c.config.Owner, t)
		cancel()
		isLost := errors.Is(err, history.ErrLeaseLost)
		if err != nil && !isLost {
			c.renewed(history.Held{}, err)
			return // renewAndStore tries again
		}
		c.mu.Lock()
		if c.unstored[t.TaskKey] == t {
			delete(c.unstored, t.TaskKey)
		}
		c.mu.Unlock()
		if t.State == history.TaskEnded {
			c.stored(t.TaskKey, !isLost)
		}
	}
}

// stored tells the poll loop that this collector has stored the end of a task or, if isOurs is false, that another
// collector now has the task.
func (c *Collector) stored(key history.TaskKey, isOurs bool) {
	told := c.callPollLoop(func(now time.Time) []monitor.Event {
		c.runs.stored(now, key, isOurs)
		return nil
	})
	if !told {
		c.mu.Lock()
		c.late = append(c.late, storedTask{key, isOurs})
		c.mu.Unlock()
	}
}

// storedTask is a task whose end was stored, by this collector or by another collector.
type storedTask struct {
	key    history.TaskKey
	isOurs bool
}
