package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"sbwatch/history"
)

// clock returns the current time of the database.
func (t *transaction) clock() (now int64, err error) {
	err = t.query(func(rows *sql.Rows) error { return rows.Scan(&now) }, `SELECT `+t.now)
	return now, err
}

// BeginTasks implements [history.Tasks].
func (s *Store) BeginTasks(ctx context.Context, begin history.Begin) (history.Begun, error) {
	var begun history.Begun
	err := s.write(ctx, func(tx *transaction) error {
		now, err := tx.clock()
		if err != nil {
			return err
		}
		begun = history.Begun{Invocation: begin.Invocation}
		if begun.Invocation == "" {
			if begun.Invocation, err = tx.resumable(begin, now); err != nil {
				return err
			}
		}
		if begun.Known, err = tx.addTasks(begin, begun.Invocation, now); err != nil {
			return err
		}
		if begun.Skipped, err = tx.skipTasks(begin.Job, begun.Invocation, now); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM tasks WHERE host = ? AND job = ? AND (invocation <> ? OR kind = ?) AND state = ? AND changed_at < ?`,
			storable(begin.Host), storable(begin.Name), storable(begun.Invocation), string(history.TaskRun), string(history.TaskEnded), now-begin.KeepEnded.Microseconds())
	})
	return begun, err
}

// resumable returns the name of the newest unfinished invocation of the job. If there is no unfinished invocation, or
// if the newest began more than begin.ResumeWithin ago, resumable returns begin.Fallback.
func (t *transaction) resumable(begin history.Begin, now int64) (string, error) {
	invocation := begin.Fallback
	err := t.query(func(rows *sql.Rows) error {
		var began int64
		return rows.Scan(&invocation, &began)
	}, `SELECT invocation, MIN(began_at) AS began FROM tasks WHERE host = ? AND job = ? GROUP BY invocation
		HAVING SUM(CASE WHEN state <> ? THEN 1 ELSE 0 END) > 0 AND MIN(began_at) > ? ORDER BY began DESC LIMIT 1`,
		storable(begin.Host), storable(begin.Name), string(history.TaskEnded), now-begin.ResumeWithin.Microseconds())
	return invocation, err
}

// addTasks adds the tasks that the invocation does not have yet. It returns the number of tasks in the invocation
// before the call.
func (t *transaction) addTasks(begin history.Begin, invocation string, now int64) (known int, err error) {
	tasks, err := t.tasks(`host = ? AND job = ? AND invocation = ?`, storable(begin.Host), storable(begin.Name), storable(invocation))
	if err != nil {
		return 0, err
	}
	has := map[history.TaskKey]bool{}
	for _, task := range tasks {
		has[task.TaskKey] = true
	}
	elsewhere, err := t.tasks(`host = ? AND job = ? AND invocation <> ? AND kind = ? AND state <> ?`,
		storable(begin.Host), storable(begin.Name), storable(invocation), string(history.TaskRun), string(history.TaskEnded))
	if err != nil {
		return 0, err
	}
	for _, task := range elsewhere { // a run has only one task in all invocations
		has[history.TaskKey{Invocation: storable(invocation), Kind: task.Kind, ID: task.ID}] = true
	}
	position := len(tasks)
	for _, task := range begin.Tasks {
		key := history.TaskKey{Invocation: storable(invocation), Kind: task.Kind, ID: storable(task.ID)}
		if has[key] {
			continue
		}
		has[key] = true
		err := t.exec(`INSERT INTO tasks (host, job, invocation, kind, id, position, state, run_id, dispatched_at, outcome, detail, owner,
			expires_at, began_at, changed_at) VALUES (`+placeholders(15)+`)`,
			storable(begin.Host), storable(begin.Name), key.Invocation, string(key.Kind), key.ID, position, string(task.State),
			storable(task.RunID), micros(task.DispatchedAt), task.Outcome, storable(task.Detail), "", 0, now, now)
		if err != nil {
			return 0, err
		}
		position++
	}
	return len(tasks), nil
}

// skipTasks ends the tasks of other invocations if they are not dispatched yet and no collector has a lease for them.
// It returns the ended tasks.
func (t *transaction) skipTasks(job history.Job, invocation string, now int64) ([]history.Task, error) {
	const which = `host = ? AND job = ? AND invocation <> ? AND state = ? AND expires_at <= ?`
	args := []any{storable(job.Host), storable(job.Name), storable(invocation), string(history.TaskToDispatch), now}
	left, err := t.tasks(which, args...)
	if err != nil || len(left) == 0 {
		return nil, err
	}
	skipped := make([]history.Task, len(left))
	for i := range left {
		skipped[i] = left[i].Task
	}
	return skipped, t.exec(`UPDATE tasks SET state = ?, outcome = ?, changed_at = ? WHERE `+which,
		append([]any{string(history.TaskEnded), history.OutcomeSkipped, now}, args...)...)
}

// leased is a task with its lease.
type leased struct {
	history.Task
	owner     string
	expiresAt int64
}

// tasks returns the tasks that match an SQL condition, in the order in which they were added.
func (t *transaction) tasks(where string, args ...any) ([]leased, error) {
	var tasks []leased
	err := t.query(func(rows *sql.Rows) error {
		var l leased
		var kind, state string
		var dispatched int64
		err := rows.Scan(&l.Invocation, &kind, &l.ID, &state, &l.RunID, &dispatched, &l.Outcome, &l.Detail, &l.owner, &l.expiresAt)
		l.Kind, l.State, l.DispatchedAt = history.TaskKind(kind), history.TaskState(state), timeOf(dispatched)
		tasks = append(tasks, l)
		return err
	}, `SELECT invocation, kind, id, state, run_id, dispatched_at, outcome, detail, owner, expires_at FROM tasks
		WHERE `+where+` ORDER BY began_at, invocation, position`, args...)
	return tasks, err
}

// RenewTasks implements [history.Tasks].
func (s *Store) RenewTasks(ctx context.Context, lease history.Lease) (history.Held, error) {
	var held history.Held
	err := s.write(ctx, func(tx *transaction) error {
		now, err := tx.clock()
		if err != nil {
			return err
		}
		d := division{Lease: lease, now: now}
		if d.collectors, err = tx.countCollector(&lease, now); err != nil {
			return err
		}
		open, err := tx.tasks(`host = ? AND job = ? AND state <> ?`, storable(lease.Host), storable(lease.Name), string(history.TaskEnded))
		if err != nil {
			return err
		}
		d.divide(open)
		held = history.Held{Tasks: d.held(), Open: len(d.open), Collectors: d.collectors}
		return tx.applyDivision(&d)
	})
	return held, err
}

// interest returns a hash of the list of tasks that a collector may take, or "" if it may take all. Two collectors
// share their tasks if interest returns the same text for both.
func interest(lease *history.Lease) string {
	if lease.Only == nil {
		return ""
	}
	var words []string
	for key := range maps.Keys(lease.Only) {
		words = append(words, string(key.Kind)+" "+key.ID)
	}
	slices.Sort(words)
	hash := sha256.Sum256([]byte(strings.Join(words, "\n")))
	return hex.EncodeToString(hash[:8])
}

// countCollector records that a collector is alive. It returns the number of live collectors that may take the same
// tasks.
func (t *transaction) countCollector(lease *history.Lease, now int64) (int, error) {
	host, job, owner := storable(lease.Host), storable(lease.Name), storable(lease.Owner)
	if err := t.exec(`DELETE FROM collectors WHERE host = ? AND job = ? AND (owner = ? OR expires_at <= ?)`, host, job, owner, now); err != nil {
		return 0, err
	}
	shared := interest(lease)
	err := t.exec(`INSERT INTO collectors (host, job, owner, interest, expires_at) VALUES (?, ?, ?, ?, ?)`,
		host, job, owner, shared, now+lease.For.Microseconds())
	if err != nil {
		return 0, err
	}
	var n int
	err = t.query(func(rows *sql.Rows) error { return rows.Scan(&n) }, `SELECT COUNT(*) FROM collectors WHERE host = ? AND job = ? AND interest = ?`, host, job, shared)
	return n, err
}

// applyDivision stores the leases that a collector renews, takes and gives back.
func (t *transaction) applyDivision(d *division) error {
	host, job, owner := storable(d.Host), storable(d.Name), storable(d.Owner)
	const key = ` WHERE host = ? AND job = ? AND invocation = ? AND kind = ? AND id = ?`
	for _, l := range d.giveBack {
		if err := t.exec(`UPDATE tasks SET owner = ?, expires_at = ?`+key, "", 0, host, job, l.Invocation, string(l.Kind), l.ID); err != nil {
			return err
		}
	}
	for _, l := range d.take {
		if err := t.exec(`UPDATE tasks SET owner = ?`+key, owner, host, job, l.Invocation, string(l.Kind), l.ID); err != nil {
			return err
		}
	}
	return t.exec(`UPDATE tasks SET expires_at = ? WHERE host = ? AND job = ? AND owner = ? AND state <> ?`,
		d.now+d.For.Microseconds(), host, job, owner, string(history.TaskEnded))
}

// ChangeTask implements [history.Tasks].
func (s *Store) ChangeTask(ctx context.Context, job history.Job, owner string, task history.Task) error {
	return s.write(ctx, func(tx *transaction) error {
		now, err := tx.clock()
		if err != nil {
			return err
		}
		where, args := `host = ? AND job = ? AND invocation = ? AND kind = ? AND id = ? AND owner = ?`,
			[]any{storable(job.Host), storable(job.Name), storable(task.Invocation), string(task.Kind), storable(task.ID), storable(owner)}
		if task.State == history.TaskDispatching {
			where += ` AND expires_at > ?`
			args = append(args, now)
		}
		found, err := tx.tasks(where, args...)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return history.ErrLeaseLost
		}
		return tx.exec(`UPDATE tasks SET state = ?, run_id = ?, dispatched_at = ?, outcome = ?, detail = ?, changed_at = ? WHERE `+where,
			append([]any{string(task.State), storable(task.RunID), micros(task.DispatchedAt), task.Outcome, storable(task.Detail), now}, args...)...)
	})
}

// ReleaseTasks implements [history.Tasks].
func (s *Store) ReleaseTasks(ctx context.Context, job history.Job, owner string) error {
	return s.write(ctx, func(tx *transaction) error {
		host, name, owner := storable(job.Host), storable(job.Name), storable(owner)
		now, err := tx.clock()
		if err != nil {
			return err
		}
		err = tx.exec(`UPDATE tasks SET owner = ?, expires_at = ? WHERE host = ? AND job = ? AND owner = ? AND state <> ?`,
			"", 0, host, name, owner, string(history.TaskEnded))
		if err != nil {
			return err
		}
		return tx.exec(`DELETE FROM collectors WHERE host = ? AND job = ? AND (owner = ? OR expires_at <= ?)`, host, name, owner, now)
	})
}

// TasksOf implements [history.Tasks].
func (s *Store) TasksOf(ctx context.Context, job history.Job, invocation string) ([]history.Task, error) {
	var tasks []history.Task
	for try := 1; ; try++ {
		err := s.try(ctx, func(tx *transaction) error {
			found, err := tx.tasks(`host = ? AND job = ? AND invocation = ?`, storable(job.Host), storable(job.Name), storable(invocation))
			tasks = nil
			for _, l := range found {
				tasks = append(tasks, l.Task)
			}
			return err
		})
		if err == nil || try == maxTries || !s.dialect.IsRetryable(err) {
			return tasks, s.explain(err)
		}
	}
}
