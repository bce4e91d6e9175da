package notifying

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"sbwatch/cmd/messages"
	"sbwatch/config"
	"sbwatch/follow"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/notify"
	"sbwatch/notify/alert"
	"sbwatch/query"
	"sbwatch/ui"
)

// Options configure [Hooks].
type Options struct {
	Settings config.Notify
	// Host is the host of the service.
	Host string
	// Environ is the environment of commands, without secrets. Getenv returns an environment variable of this process.
	Environ   []string
	Getenv    func(name string) string
	UserAgent string
	// Judge checks a run against the user's rules. It is nil if there are no rules.
	Judge func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error)
	// Compare compares a run with earlier runs. It is nil if runs are not compared.
	Compare func(ctx context.Context, w *watch.Watch, p *profile.Profile) (baseline.Judgment, error)
	// Redact removes secrets from text.
	Redact func(text string) string
	// Say writes a message for the user. It must be safe for concurrent use.
	Say func(message string)
	// Output writes one line that a command printed. If it is nil, Say writes the line.
	Output func(line string)
	// Hold delays all messages until Close. It is true if the dashboard uses the screen.
	Hold bool
	// Ring writes an escape sequence to the terminal in plain mode. It is nil if there is no terminal.
	Ring func(sequence string)
	// Transport sends messages. If it is nil, the default transport is used.
	Transport http.RoundTripper
	Now       func() time.Time
}

// Hooks send the notifications at the end of each run.
type Hooks struct {
	options  Options
	notifier *notify.Notifier
	terminal alert.Terminal
	messages *messages.Messages

	mu    sync.Mutex
	batch alert.Batch // ended runs for the next notification in the terminal, in plain mode
	timer *time.Timer // sends the next notification
}

// Start returns the hooks for one command. Call [Hooks.Close] at the end.
func Start(options Options) *Hooks {
	h := &Hooks{options: options, terminal: alert.Detect(options.Getenv), messages: messages.New(options.Say, options.Hold)}
	h.notifier = notify.New(notify.Config{
		Host: options.Host, Exec: options.Settings.Exec, Environ: options.Environ,
		Post: options.Settings.Post, Format: options.Settings.Format, UserAgent: options.UserAgent, Transport: options.Transport,
		Profile: func(ctx context.Context, items item.Table) (*profile.Profile, error) {
			return query.Profile(ctx, items, nil)
		},
		Judge: options.Judge, Compare: options.Compare, Redact: options.Redact, Say: h.messages.Say, Output: options.Output, Now: options.Now, Jitter: rand.Float64,
	})
	return h
}

// Ended starts the notifications for a run whose watch has ended. It returns at once.
func (h *Hooks) Ended(key monitor.RunKey, w *watch.Watch) { h.notifier.Ended(key, w) }

// AddTo makes a dashboard call the hooks when a run ends.
func (h *Hooks) AddTo(config *ui.Config) {
	config.Ended = h.Ended
	if h.options.Settings.Terminal != alert.Never {
		config.Notify = h.sequence
		config.NotifyFocused = h.options.Settings.Terminal == alert.Always
	}
}

// sequence returns the escape sequence that makes the terminal show a notification.
func (h *Hooks) sequence(message string) string { return h.terminal.Sequence("sbwatch", message) }

// Reporter returns a reporter that starts the notifications and passes the events on to the given reporter. In plain
// mode, sbwatch does not know whether the terminal's window has the focus. The terminal therefore gets a notification
// only if the mode is [alert.Always].
func (h *Hooks) Reporter(reporter follow.Reporter, m *monitor.Monitor) follow.Reporter {
	return endReporter{reporter, m, h}
}

type endReporter struct {
	follow.Reporter
	monitor *monitor.Monitor
	hooks   *Hooks
}

// Report starts the notifications for ended runs, and then reports the events. The notifications come first, because
// they need the items, which reporting may free.
func (r endReporter) Report(now time.Time, events []monitor.Event) error {
	for _, event := range events {
		if event.Kind == monitor.Ended {
			w := r.monitor.Watch(event.Key)
			r.hooks.Ended(event.Key, w)
			r.hooks.ring(w)
		}
	}
	return r.Reporter.Report(now, events)
}

// ringDelay is how long to wait for other runs to end, so that they share one notification.
const ringDelay = 1500 * time.Millisecond

// ring adds an ended run to the next notification of the terminal. Only plain mode uses it.
func (h *Hooks) ring(w *watch.Watch) {
	if h.options.Ring == nil || h.options.Settings.Terminal != alert.Always {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.batch.Add(w, 0) // 0 because the rules are not checked yet
	if h.timer == nil {
		h.timer = time.AfterFunc(ringDelay, h.ringNow)
	}
}

// ringNow sends the notification about the runs that have ended.
func (h *Hooks) ringNow() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.timer == nil {
		return
	}
	h.timer.Stop()
	h.timer = nil
	if !h.batch.IsEmpty() {
		h.options.Ring(h.sequence(h.batch.Message()))
		h.batch = alert.Batch{}
	}
}

// The maximum time that Close waits: maxWait normally, and interruptedWait after an interruption.
const (
	maxWait         = 2 * time.Minute
	interruptedWait = 1500 * time.Millisecond
)

// Close waits until the commands have ended and all messages are sent, up to a time limit. The limit is shorter if ctx
// has ended. After the wait, Close writes the messages that Hold delayed.
func (h *Hooks) Close(ctx context.Context) {
	h.ringNow()
	waiting, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxWait)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(interruptedWait, cancel) })()
	err := h.messages.Close(func() string {
		return "waiting for " + text.Counted(int64(h.notifier.Pending()), "notification") + "; ctrl+c quits"
	}, func() error { return h.notifier.Close(waiting) })
	if err != nil {
		h.options.Say("quit before all notifications were sent: " + err.Error())
	}
}
