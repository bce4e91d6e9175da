package collect

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// write writes a line about a task to the log.
func (r *reporter) write(level slog.Level, message string, t *task, more ...any) {
	r.config.Log.Log(context.Background(), level, message, append(r.about(t), more...)...)
}

// about returns the attributes that identify a task in the log.
func (r *reporter) about(t *task) []any {
	var attributes []any
	w := r.monitor.Watch(t.key)
	if id := w.RunID(); !id.IsEmpty() {
		attributes = append(attributes, "run", id.String())
	}
	if id := w.RecipeID(); !id.IsEmpty() {
		attributes = append(attributes, "recipe", id.String())
	}
	return attributes
}

func (r *reporter) log(now time.Time, event monitor.Event) {
	switch event.Kind {
	case monitor.Slept:
		r.config.Log.Warn("nothing was polled for a while: the computer slept or sbwatch was stopped", "for", event.For.String())
		return
	case monitor.ClockSetBack:
		r.config.Log.Warn("the clock was set back", "by", event.For.String())
		return
	case monitor.Dispatched, monitor.Changed, monitor.Ended, monitor.ProblemFound, monitor.Recovered:
	}
	t := r.byRun[event.Key]
	if t == nil {
		return
	}
	switch event.Kind {
	case monitor.Dispatched:
		r.write(slog.LevelInfo, "recipe dispatched", t)
	case monitor.Changed:
		r.logChange(t)
	case monitor.ProblemFound:
		r.logProblem(now, t, event)
	case monitor.Recovered:
		r.logRecovery(now, t, event)
	case monitor.Ended, monitor.Slept, monitor.ClockSetBack:
		// The end of a task is logged when it is stored.
	}
}

// logChange logs the status and the counts of a run if its status has changed.
func (r *reporter) logChange(t *task) {
	facts := r.monitor.Watch(t.key).Run()
	level := slog.LevelDebug
	if status := facts.StatusText(); status != t.status {
		t.status, level = status, slog.LevelInfo
	}
	r.write(level, "run changed", t, "status", t.status, "pages", facts.Pages.Or(0), "items", facts.Items.Or(0))
}

// logProblem logs the first failed request of a run as a warning, and consecutive failures at the debug level. If the
// service cannot be reached, it logs one warning for all runs.
func (r *reporter) logProblem(now time.Time, t *task, event monitor.Event) {
	level := slog.LevelWarn
	if event.Failures.Count > 1 || r.isOffline {
		level = slog.LevelDebug
	}
	r.isOffline = r.isOffline || r.monitor.Unreachable()
	var next time.Duration
	if due, known := r.monitor.DueAt(t.key).Get(); known {
		next = max(0, due.Sub(now)).Round(time.Millisecond)
	}
	r.write(level, "a request failed", t, "problem", event.Problem.Error(), "failures", event.Failures.Count, "next_try_in", next.String())
}

// logRecovery logs that requests succeed again after failures.
func (r *reporter) logRecovery(now time.Time, t *task, event monitor.Event) {
	level := slog.LevelInfo
	if r.isOffline && !r.monitor.Unreachable() {
		r.isOffline = false
	} else if event.Failures.Count == 1 {
		level = slog.LevelDebug
	}
	r.write(level, "the service answers again", t, "failures", event.Failures.Count, "after", now.Sub(event.Failures.Since).Round(time.Second).String())
}

// logNotices logs new notices about a run, such as the notice that it makes no progress.
func (r *reporter) logNotices(now time.Time, t *task) {
	w := r.monitor.Watch(t.key)
	if r.monitor.Failures(t.key).Count > 0 || r.monitor.Unreachable() {
		return
	}
	var kinds []watch.NoticeKind
	for _, notice := range w.Notices(now, r.monitor.Interval()) {
		kinds = append(kinds, notice.Kind)
		if !slices.Contains(t.notices, notice.Kind) {
			r.write(slog.LevelWarn, "notice", t, "notice", notice.String())
		}
	}
	t.notices = kinds
}

// Logger returns a logger that writes all texts in printable form, because they may come from the service, a database
// or a file. redact removes secrets.
func Logger(handler func(*slog.HandlerOptions) slog.Handler, level slog.Leveler, redact func(string) string) *slog.Logger {
	return slog.New(handler(&slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			switch value := a.Value.Any().(type) {
			case string:
				return slog.String(a.Key, text.Printable(redact(value)))
			case error:
				return slog.String(a.Key, text.Printable(redact(value.Error())))
			case []string:
				for i := range value {
					value[i] = text.Printable(redact(value[i]))
				}
				return slog.Any(a.Key, value)
			default:
				return a
			}
		},
	}))
}
