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

// DefaultBaseURL is the address of the service.
const DefaultBaseURL = "https://api.webscrape.ai/v1"

// Options configure a [Client]. Only Key is required.
type Options struct {
	// BaseURL defaults to DefaultBaseURL. It may have a path and a trailing slash.
	BaseURL string
	// Key is the API key. Surrounding white space is trimmed, because key files usually end in a line break.
	Key string
	// UserAgent is the name and version of this program, such as "sbwatch/1.0.0".
	UserAgent string
	// AllowInsecure allows sending the key over plain HTTP to hosts other than this machine.
	AllowInsecure bool
	// Transport sends the requests. The default transport limits the time and the size of an answer; a custom transport
	// must have its own limits.
	Transport http.RoundTripper
	// Dial, if not nil, opens the connections of the default transport.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Limits holds the limits for reading an answer.
	Limits wire.Limits
	// Now is the clock; the default is time.Now. The client needs it to convert the date in a Retry-After header to a
	// duration.
	Now func() time.Time
}

// Client calls the service with one API key. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	key       string
	secret    *secret // the key to mask in answers; nil if the key is too short to mask
	userAgent string
	now       func() time.Time
	limits    wire.Limits

	polling     *http.Client
	dispatching *http.Client
	// ownTransport is true if the client uses the default transport. If the default transport fails to connect, the
	// request was certainly not sent. A custom transport gives no such guarantee.
	ownTransport bool
}

// New returns a client, without connecting to the service. Every error is a [*run.Problem].
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
		polling, dispatching := newTransport(defaultLimits()), newDispatchTransport(defaultLimits())
		if options.Dial != nil {
			polling.DialContext, dispatching.DialContext = options.Dial, options.Dial
		}
		c.polling.Transport, c.dispatching.Transport = polling, dispatching
	}
	return c, nil
}

// Host returns the host of the service, such as "api.webscrape.ai". It includes any port other than the default port.
func (c *Client) Host() string { return hostOf(c.base) }

// call describes a request, both for sending the request and for error messages.
type call struct {
	method string
	path   string // relative to the base URL, escaped
	about  wire.Subject
	id     string // id of the run or the recipe
}

// name returns the subject of the call for messages, such as "run k7Xb9dRmQ2p".
func (l call) name() string { return strings.TrimSuffix(l.about.String()+" "+l.id, " ") }

// reply is an answer whose header has been received and whose body is still arriving.
type reply struct {
	status int
	header http.Header
	body   *body
	exchange
}

// exchange is one request and its answer, from the DNS lookup to the last byte.
type exchange struct {
	ctx      context.Context // ends with this request
	host     string
	progress *progress
}

// send sends one request. If an answer arrives, send returns a reply, which the caller must close even if the status is
// an error. Otherwise, send returns a problem that is ready to be shown to the user.
func (c *Client) send(ctx context.Context, l call) (*reply, *run.Problem) {
	if l.id == "" && l.about != wire.AboutUsage {
		return nil, c.complete(l, &run.Problem{
			Kind:     run.ProblemInput,
			Summary:  text.NewText("no id was given"),
			NextStep: text.NewText("give the id of a " + l.about.String()),
		})
	}
	ctx, cancel := context.WithCancelCause(ctx)
	sent := exchange{ctx: ctx, host: c.base.Host, progress: &progress{}}
	request, err := http.NewRequestWithContext(sent.progress.trace(ctx), l.method, c.base.String()+l.path, nil)
	if err != nil {
		cancel(nil)
		return nil, c.complete(l, &run.Problem{Kind: run.ProblemInput, Summary: text.NewText("the id contains invalid characters"), Cause: err})
	}
	request.Header.Set("X-API-Key", c.key)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.userAgent)

	client := c.polling
	if l.method == http.MethodPost {
		client = c.dispatching
	}
	response, err := client.Do(request) //nolint:bodyclose // reply.close closes the body
	if err != nil {
		problem := c.complete(l, c.unanswered(sent, err))
		cancel(nil)
		return nil, problem
	}
	c.maskHeader(response.Header)
	answer := &reply{status: response.StatusCode, header: response.Header, exchange: sent}
	pace := smallPace()
	if l.about == wire.AboutRun && answer.isSuccess() {
		pace = resultPace()
	}
	answer.body = newBody(response.Body, pace, cancel, c.secret)
	return answer, nil
}

// maskHeader masks the API key in the values of a header.
func (c *Client) maskHeader(header http.Header) {
	for _, values := range header {
		for i, value := range values {
			values[i] = c.secret.maskText(value)
		}
	}
}

func (r *reply) close() { r.body.close() }

func (r *reply) isSuccess() bool { return r.status >= 200 && r.status <= 299 }

// maxSmallAnswer is the maximum size, in bytes, of an answer that is read completely before it is parsed: an error, or
// the answer to a dispatch or a usage request.
const maxSmallAnswer = 1 << 20

// smallAnswer is an answer that is read completely before it is parsed. If reading failed, it holds the part before the
// error.
type smallAnswer struct {
	wire.Envelope
	content []byte
	status  int
	header  http.Header
}

// sendSmall sends a request whose answer is small, and parses the answer. If it returns a problem, it also returns the
// part of the answer that was read before the problem.
func (c *Client) sendSmall(ctx context.Context, l call) (smallAnswer, *run.Problem) {
	answer, problem := c.send(ctx, l)
	if problem != nil {
		return smallAnswer{}, problem
	}
	defer answer.close()
	small := smallAnswer{status: answer.status, header: answer.header}
	if !answer.isSuccess() {
		small.content, problem = c.readRefusal(l, answer)
		return small, problem
	}
	small.content, small.Envelope, problem = answer.readSmall(l)
	if problem != nil {
		return small, c.completeWithReply(l, answer, problem)
	}
	if small.RequestID.IsEmpty() {
		small.RequestID = headerRequestID(answer.header)
	}
	return small, nil
}

// readSmall reads and parses an answer with a success status. It returns the text of the answer and the parsed answer,
// or a problem.
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

// readRefusal reads an answer with an error status. It returns the text of the answer, and a problem that is ready to
// be shown to the user.
func (c *Client) readRefusal(l call, answer *reply) ([]byte, *run.Problem) {
	// A read error is returned only if the request was stopped. Otherwise, the status and the start of the body are
	// more useful than the error.
	content, err := io.ReadAll(io.LimitReader(answer.body, maxSmallAnswer))
	if err != nil && isStopped(answer.ctx) {
		return content, c.completeWithReply(l, answer, answer.broken(err))
	}
	return content, c.completeWithReply(l, answer, refusedProblem(content, answer.status, l.about))
}

// completeWithReply adds to a problem the name of the failed call, and what the answer says about the failure: status,
// request id and Retry-After header.
func (c *Client) completeWithReply(l call, answer *reply, problem *run.Problem) *run.Problem {
	c.addHeaders(problem, answer)
	return c.complete(l, problem)
}

// addHeaders adds to a problem the status and the request id of an answer, and the wait from its Retry-After header.
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

// isStopped reports whether the caller canceled the request or the deadline of the request passed.
func isStopped(ctx context.Context) bool {
	cause := context.Cause(ctx)
	return ctx.Err() != nil && !errors.Is(cause, errIdle) && !errors.Is(cause, errSlow)
}
