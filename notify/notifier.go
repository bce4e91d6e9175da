// Package notify tells people and programs that a run has ended. It runs the user's command (--exec) and sends JSON or
// a Slack message to a URL (--post).
//
// A [Notifier] is given the watch of each run that has ended. It checks the items against the user's rules. Then it
// runs the command and sends the message in the background, at most once for each run. It reports a failure in one
// line. A failure never stops a watch.
//
// Text from the service is untrusted. The command gets it only in the values of environment variables, in printable
// form and limited in length. It is never part of the command line.
package notify

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// Config configures a [Notifier]. Say and Now are required.
type Config struct {
	// Host is the host of the service.
	Host string

	// Exec is the user's command line for the system's shell, or "" for no command.
	Exec string
	// ExecTimeout is how long the command may run. 0 stands for [DefaultExecTimeout].
	ExecTimeout time.Duration
	// Environ is the environment of the command, as name=value. The Notifier adds the facts. Environ must not contain
	// secrets.
	Environ []string

	// Post is the URL to which the message is sent. If it is empty, no message is sent.
	Post URL
	// Format is the format of the message.
	Format Format
	// Transport sends the requests. If it is nil, [http.DefaultTransport] is used.
	Transport http.RoundTripper
	// UserAgent is the value of the User-Agent header.
	UserAgent string

	// Profile profiles the items of a run. If it is nil, the facts have no findings and no verdicts.
	Profile func(ctx context.Context, items item.Table) (*profile.Profile, error)
	// Judge checks a run against the user's rules. It returns no verdicts for a run that has not completed. Judge may
	// be nil.
	Judge func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error)
	// Compare, if not nil, compares a completed run with earlier runs.
	Compare func(ctx context.Context, w *watch.Watch, p *profile.Profile) (baseline.Judgment, error)

	// Redact, if not nil, removes secrets, such as the API key, from text that commands and receivers get.
	Redact func(text string) string
	// Say writes a message for the user. It must be safe for concurrent use.
	Say func(message string)
	// Output writes one line that the command printed. If it is nil, Say writes the line.
	Output func(line string)
	Now    func() time.Time
	// Jitter returns random numbers in [0, 1). They vary the pauses between attempts. nil means no jitter.
	Jitter func() float64
}

// IsEmpty reports whether there is neither a command nor a URL.
func (c *Config) IsEmpty() bool { return c.Exec == "" && c.Post.IsEmpty() }

// Maximum numbers of commands and requests at the same time.
const (
	maxExecs = 4
	maxPosts = 4
)

// Notifier runs the command and sends the message when a run has ended. Its methods are safe for concurrent use. All
// methods except Close return immediately.
type Notifier struct {
	config Config
	life   context.Context
	cancel context.CancelFunc
	execs  chan struct{} // has an element for each running command
	posts  chan struct{} // has an element for each request in progress
	client *http.Client

	mu       sync.Mutex
	seen     map[string]bool // runs for which Ended was called
	latest   []string        // the keys of seen, oldest first
	queue    []ended         // runs whose facts are not collected yet
	isActive bool            // whether a goroutine is working on the queue
	closed   bool
	pending  int // number of unfinished notifications
	idle     chan struct{}
	// abandoned is the number of notifications that Close has stopped.
	abandoned int
}

// ended is an entry of the queue: the watch of a run that has ended, and the time at which Ended was called.
type ended struct {
	watch watch.Watch
	now   time.Time
}

// New returns a notifier. Call [Notifier.Close] at the end.
func New(config Config) *Notifier {
	if config.Output == nil {
		config.Output = config.Say
	}
	life, cancel := context.WithCancel(context.Background())
	return &Notifier{
		config: config, life: life, cancel: cancel,
		execs: make(chan struct{}, maxExecs), posts: make(chan struct{}, maxPosts),
		client: newClient(config.Transport), seen: map[string]bool{},
	}
}

// Ended starts the notifications for a run whose watch has ended, and returns immediately. Only the first call for a
// run has an effect. key identifies a run that has no id. After Close, Ended does nothing.
func (n *Notifier) Ended(key monitor.RunKey, w *watch.Watch) {
	if n.config.IsEmpty() || !w.Over() {
		return
	}
	id := "run " + w.RunID().Raw()
	if w.RunID().IsEmpty() {
		id = "key " + text.Count(int64(key))
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed || n.seen[id] {
		return
	}
	n.seen[id] = true
	if n.latest = append(n.latest, id); len(n.latest) > maxSeen {
		delete(n.seen, n.latest[0])
		n.latest = n.latest[1:]
	}
	n.queue = append(n.queue, ended{*w, n.config.Now()})
	n.pending++
	if !n.isActive {
		n.isActive = true
		go n.work()
	}
}

// maxSeen is the maximum number of runs that are remembered, so that a second call of Ended for a run has no effect.
// There is a maximum because a collector may run for months.
const maxSeen = 10_000

// work collects the facts of the runs in the queue, one run after another, and starts their notifications.
func (n *Notifier) work() {
	for {
		n.mu.Lock()
		if len(n.queue) == 0 {
			n.isActive = false
			n.mu.Unlock()
			return
		}
		next := n.queue[0]
		n.queue[0] = ended{} // its items may be large
		n.queue = n.queue[1:]
		n.mu.Unlock()
		facts := n.facts(&next.watch, next.now)
		if n.config.Exec != "" {
			n.start(n.execs, func() { n.exec(facts) })
		}
		if !n.config.Post.IsEmpty() {
			n.start(n.posts, func() { n.post(facts) })
		}
		n.finished()
	}
}

// start runs a notification in the background as soon as the limits on concurrency allow it.
func (n *Notifier) start(slots chan struct{}, notification func()) {
	n.mu.Lock()
	n.pending++
	n.mu.Unlock()
	go func() {
		defer n.finished()
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-n.life.Done():
		}
		if n.life.Err() != nil {
			n.abandon()
			return
		}
		notification()
	}()
}

// abandon counts a notification that was stopped because the program ends.
func (n *Notifier) abandon() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.abandoned++
}

// finished subtracts 1 from the number of unfinished notifications.
func (n *Notifier) finished() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pending--
	if n.pending == 0 && n.idle != nil {
		close(n.idle)
		n.idle = nil
	}
}

// Pending returns the number of unfinished notifications.
func (n *Notifier) Pending() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.pending
}

// Close waits until all notifications are finished, or until ctx ends. If ctx ends first, Close stops the unfinished
// notifications, kills their commands and returns an error.
func (n *Notifier) Close(ctx context.Context) error {
	defer n.cancel()
	idle := n.stop()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
	}
	n.cancel()
	<-idle // soon, because all of them are stopped
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.abandoned == 0 {
		return nil
	}
	return errors.New(text.Counted(int64(n.abandoned), "notification") + " not finished")
}

// stop makes the Notifier ignore further runs. It returns a channel that is closed when all notifications are finished,
// or nil if they are finished already.
func (n *Notifier) stop() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	if n.pending == 0 {
		return nil
	}
	if n.idle == nil {
		n.idle = make(chan struct{})
	}
	return n.idle
}

// facts returns the facts about an ended run. For a completed run, it also profiles and checks the items.
func (n *Notifier) facts(w *watch.Watch, now time.Time) Facts {
	f := FactsOf(n.config.Host, w, now)
	if n.config.Profile == nil || w.Phase() != watch.PhaseEnded || w.Run().Status() != run.StatusCompleted {
		return f
	}
	found, err := n.examine(&f, w)
	if err != nil && n.config.Judge != nil {
		f.CheckError = text.Shorten(text.Printable(n.redacted(err.Error())), maxError)
	}
	if found == nil || n.config.Compare == nil {
		return f
	}
	if judgment, err := n.config.Compare(n.life, w, found); err == nil { // without a comparison, the notification is sent all the same
		f.AddBaseline(&judgment)
	}
	return f
}

// examine profiles the items of a completed run, checks them, and adds the results to the facts. The error is the
// reason why the rules could not be checked.
func (n *Notifier) examine(f *Facts, w *watch.Watch) (*profile.Profile, error) {
	if incomplete := w.Incomplete(); incomplete != nil {
		return nil, incomplete // rules need all items
	}
	found, err := n.config.Profile(n.life, w.Items())
	if err != nil {
		return nil, err
	}
	f.AddProfile(found)
	if n.config.Judge == nil {
		return found, nil
	}
	r := w.Run()
	r.RecipeID = w.RecipeID()
	verdicts, err := n.config.Judge(n.life, r, found, w.Items())
	f.AddVerdicts(verdicts)
	return found, err
}

// redacted returns text without secrets.
func (n *Notifier) redacted(text string) string {
	if n.config.Redact == nil {
		return text
	}
	return n.config.Redact(text)
}

// reportFailure tells the user that a notification failed.
func (n *Notifier) reportFailure(what string, f *Facts, reason string) {
	n.config.Say(what + " for " + f.name() + ": " + text.Shorten(text.Printable(n.redacted(reason)), maxLine))
}
