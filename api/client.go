package api

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sbwatch/api/wire"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// DefaultBaseURL is where the service answers.
const DefaultBaseURL = "https://api.webscrape.ai/v1"

// Options are what a [Client] needs to know. Only Key must be given.
type Options struct {
	// BaseURL is DefaultBaseURL unless given. It may have a path, and a slash at its end.
	BaseURL string
	// Key is the API key. Space around it is cut off, as files end in a line break.
	Key string
	// UserAgent names this program and its version: sbwatch/1.0.0.
	UserAgent string
	// AllowInsecure lets the key travel over plain HTTP to a host other than this machine.
	AllowInsecure bool
	// Transport carries the requests, in tests and to a service within this process. Left nil, it is the client's own,
	// which has limits of time and size; whatever is given here brings its own.
	Transport http.RoundTripper
	// Dial opens the connections of the client's own transport; left nil, they go to the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Limits bounds what an answer may take.
	Limits wire.Limits
	// Now is the clock, time.Now unless given. It turns a Retry-After that is a date into a duration.
	Now func() time.Time
}

// Client speaks to the service with one key. It may be used by many goroutines at once.
type Client struct {
	base      *url.URL
	key       string
	secret    *secret // the key, to be blanked in what comes back
	userAgent string
	now       func() time.Time
	limits    wire.Limits

	polling     *http.Client
	dispatching *http.Client
	// ownTransport tells that a request that got no connection was surely not sent. Of a transport that came from
	// outside that is not known.
	ownTransport bool
}

// New makes a client. It connects to nothing yet. Its errors are all [*model.Problem].
func New(options Options) (*Client, error) {
	base, problem := parseBaseURL(options.BaseURL, options.AllowInsecure)
	if problem != nil {
		return nil, problem
	}
	key, problem := parseKey(options.Key)
	if problem != nil {
		return nil, problem
	}
	c := &Client{
		base: base, key: key, secret: newSecret(key), userAgent: options.UserAgent, now: options.Now, limits: options.Limits,
	}
	if c.userAgent == "" {
		c.userAgent = "sbwatch"
	}
	if c.now == nil {
		c.now = time.Now
	}
	c.polling = &http.Client{Transport: options.Transport, CheckRedirect: checkRedirect}
	c.dispatching = &http.Client{Transport: options.Transport, CheckRedirect: checkRedirect}
	if options.Transport == nil {
		c.ownTransport = true
		polling, dispatching := newTransport(patience()), newDispatchTransport(patience())
		if options.Dial != nil {
			polling.DialContext, dispatching.DialContext = options.Dial, options.Dial
		}
		c.polling.Transport, c.dispatching.Transport = polling, dispatching
	}
	return c, nil
}

// call is one request, and the words for it.
type call struct {
	method string
	path   string // below the base URL, escaped
	about  wire.Subject
	id     string // of the run or the recipe
}

// what names the call in an error: "run k7Xb9dRmQ2p".
func (l call) what() string { return strings.TrimSuffix(l.about.String()+" "+l.id, " ") }

// reply is an answer of which the first lines have come, its body still arriving.
type reply struct {
	status int
	header http.Header
	body   *body
	arrival
}

// arrival follows one request from the name of its host to the last byte of its answer.
type arrival struct {
	ctx      context.Context // of this one request
	host     string
	progress *progress
}

// send makes one request. A reply must be closed, whatever its status; no answer at all is a problem, told in full.
func (c *Client) send(ctx context.Context, l call) (*reply, *run.Problem) {
	if l.id == "" && l.about != wire.AboutUsage {
		return nil, c.tell(l, &run.Problem{
			Kind:     run.ProblemInput,
			Summary:  text.NewText("no id was given"),
			NextStep: text.NewText("give the id of a " + l.about.String()),
		})
	}
	ctx, cancel := context.WithCancelCause(ctx)
	arriving := arrival{ctx: ctx, host: c.base.Host, progress: &progress{}}
	request, err := http.NewRequestWithContext(arriving.progress.trace(ctx), l.method, c.base.String()+l.path, nil)
	if err != nil {
		cancel(nil)
		return nil, c.tell(l, &run.Problem{Kind: run.ProblemInput, Summary: text.NewText("no request can be made of this id"), Cause: err})
	}
	request.Header.Set("X-API-Key", c.key)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.userAgent)

	client := c.polling
	if l.method == http.MethodPost {
		client = c.dispatching
	}
	response, err := client.Do(request) //nolint:bodyclose // the reply closes it
	if err != nil {
		problem := c.tell(l, c.unanswered(arriving, err))
		cancel(nil)
		return nil, problem
	}
	c.blankHeader(response.Header)
	answer := &reply{status: response.StatusCode, header: response.Header, arrival: arriving}
	pace := smallPace()
	if l.about == wire.AboutRun && answer.isSuccess() {
		pace = resultPace()
	}
	answer.body = newBody(response.Body, pace, cancel, c.secret)
	return answer, nil
}

// blankHeader blanks the key in the values of a header.
func (c *Client) blankHeader(header http.Header) {
	for _, values := range header {
		for i, value := range values {
			values[i] = c.secret.blankText(value)
		}
	}
}

func (r *reply) close() { r.body.close() }

func (r *reply) isSuccess() bool { return r.status >= 200 && r.status <= 299 }

// maxSmallAnswer bounds, in bytes, the answers that are read whole: errors, a dispatch, usage.
const maxSmallAnswer = 1 << 20

// smallAnswer is an answer that was read whole, or as far as it came.
type smallAnswer struct {
	wire.Envelope
	content []byte
	status  int
	header  http.Header
}

// sendSmall makes a request whose answer is small, and takes off its envelope. Beside a problem with an answer stands what
// was read of it.
func (c *Client) sendSmall(ctx context.Context, l call) (smallAnswer, *run.Problem) {
	answer, problem := c.send(ctx, l)
	if problem != nil {
		return smallAnswer{}, problem
	}
	defer answer.close()
	small := smallAnswer{status: answer.status, header: answer.header}
	if !answer.isSuccess() {
		small.content, problem = c.refused(l, answer)
		return small, problem
	}
	small.content, small.Envelope, problem = answer.readSmall(l)
	if problem != nil {
		return small, c.tellReply(l, answer, problem)
	}
	if small.RequestID.IsEmpty() {
		small.RequestID = headerRequestID(answer.header)
	}
	return small, nil
}

// readSmall reads an answer of success, and gives it beside its envelope or a problem.
func (r *reply) readSmall(l call) ([]byte, wire.Envelope, *run.Problem) {
	if problem := r.skipToJSON(); problem != nil {
		return nil, wire.Envelope{}, problem
	}
	content, err := io.ReadAll(io.LimitReader(r.body, maxSmallAnswer+1))
	switch {
	case err != nil:
		return content, wire.Envelope{}, r.broken(err)
	case len(content) > maxSmallAnswer:
		return content, wire.Envelope{}, &run.Problem{
			Kind: run.ProblemMalformed, Summary: text.NewText("the answer is too large: more than 1 MiB"),
		}
	}
	opened, err := wire.ParseEnvelope(content)
	return content, opened, decodeProblem(err, l.about)
}

// refused reads an answer whose status is not one of success, and gives it beside the problem that it is, told in full.
func (c *Client) refused(l call, answer *reply) ([]byte, *run.Problem) {
	// A broken body still has a status and a beginning, which say more than the break.
	content, err := io.ReadAll(io.LimitReader(answer.body, maxSmallAnswer))
	if err != nil && isStopped(answer.ctx) {
		return content, c.tellReply(l, answer, answer.broken(err))
	}
	return content, c.tellReply(l, answer, refusedProblem(content, answer.status, l.about))
}

// tellReply completes a problem with an answer.
func (c *Client) tellReply(l call, answer *reply, problem *run.Problem) *run.Problem {
	c.addHeaders(problem, answer)
	return c.tell(l, problem)
}

// addHeaders completes a problem by what the answer's first lines say.
func (c *Client) addHeaders(problem *run.Problem, answer *reply) {
	problem.HTTPStatus = answer.status
	if problem.RequestID.IsEmpty() {
		problem.RequestID = headerRequestID(answer.header)
	}
	c.addRetryAfter(problem, answer.header)
}

func headerRequestID(header http.Header) text.Text {
	return text.NewText(header.Get("X-Request-ID"))
}

// isStopped tells whether the caller ended the request, rather than the other side.
func isStopped(ctx context.Context) bool {
	cause := context.Cause(ctx)
	return ctx.Err() != nil && !errors.Is(cause, errIdle) && !errors.Is(cause, errSlow)
}
