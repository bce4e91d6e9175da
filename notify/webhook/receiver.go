package webhook

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"sbwatch/api/wire"
	"sbwatch/model/run"
	"sbwatch/model/watch"
)

// Options configure a [Receiver].
type Options struct {
	// Secret is the secret that a delivery must contain. [CheckSecret] describes valid secrets.
	Secret string
	// MaxBody is the maximum size of a body in bytes; 0 means 256 KiB.
	MaxBody int64
}

// Receiver is an HTTP handler that receives deliveries. It is safe for concurrent use.
type Receiver struct {
	secret     secret
	maxBody    int64
	deliveries chan run.Delivery

	mu     sync.Mutex
	counts watch.Deliveries
}

const (
	defaultMaxBody = 256 << 10
	// maxWaiting is the maximum number of deliveries that wait for [Receiver.Next]. Further deliveries are refused. The
	// service then sends them again later.
	maxWaiting = 1024
)

// New returns a receiver. It returns an error if [CheckSecret] does not accept the secret.
func New(options Options) (*Receiver, error) {
	if err := CheckSecret(options.Secret); err != nil {
		return nil, err
	}
	r := &Receiver{secret: newSecret(options.Secret), maxBody: options.MaxBody, deliveries: make(chan run.Delivery, maxWaiting)}
	if r.maxBody == 0 {
		r.maxBody = defaultMaxBody
	}
	return r, nil
}

// Next waits for the next delivery and returns it. If ctx ends first, it returns the cause of ctx.
func (r *Receiver) Next(ctx context.Context) (run.Delivery, error) {
	select {
	case delivery := <-r.deliveries:
		return delivery, nil
	case <-ctx.Done():
		return run.Delivery{}, context.Cause(ctx)
	}
}

// Counts returns the numbers of deliveries and refused requests so far.
func (r *Receiver) Counts() watch.Deliveries {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts
}

// count calls a function that changes the counts.
func (r *Receiver) count(change func(*watch.Deliveries)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.counts)
}

// ServeHTTP receives a delivery. It answers 204 when the delivery is ready for [Receiver.Next]. It also answers 204 to
// a repeated delivery, so that the service stops repeating it. It answers 404 to any request without the secret.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if !r.secret.isIn(request) {
		r.count(func(c *watch.Deliveries) { c.Forged++ })
		refuse(w, http.StatusNotFound)
		return
	}
	if request.Method != http.MethodPost {
		r.count(func(c *watch.Deliveries) { c.Malformed++ })
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	delivery, status := r.read(w, request)
	if status != 0 {
		refuse(w, status)
		return
	}
	select {
	case r.deliveries <- delivery:
		r.count(func(c *watch.Deliveries) { c.Received++ })
		w.WriteHeader(http.StatusNoContent)
	default:
		r.count(func(c *watch.Deliveries) { c.Overflowed++ })
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable)
	}
}

// read returns the delivery in the body of a request, and the status 0. If the body is not a valid delivery, read
// returns the HTTP status for the response, such as 400, and increments the counter for the reason.
func (r *Receiver) read(w http.ResponseWriter, request *http.Request) (delivery run.Delivery, status int) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, r.maxBody))
	if err != nil {
		_, isTooLarge := errors.AsType[*http.MaxBytesError](err)
		switch {
		case isTooLarge:
			r.count(func(c *watch.Deliveries) { c.TooLarge++ })
			return run.Delivery{}, http.StatusRequestEntityTooLarge
		case errors.Is(err, os.ErrDeadlineExceeded):
			r.count(func(c *watch.Deliveries) { c.Slow++ })
			return run.Delivery{}, http.StatusRequestTimeout
		}
		r.count(func(c *watch.Deliveries) { c.Malformed++ })
		return run.Delivery{}, http.StatusBadRequest
	}
	delivery, err = wire.ReadDelivery(body)
	if err != nil {
		r.count(func(c *watch.Deliveries) { c.Malformed++ })
		return run.Delivery{}, http.StatusBadRequest
	}
	return delivery, 0
}

// lingerTime is how long the rest of a refused request is read. If the connection were closed while data are unread,
// the client might not receive the answer.
const lingerTime = 250 * time.Millisecond

// refuse sends a response with a status and without a body, and closes the connection.
func refuse(w http.ResponseWriter, status int) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(lingerTime)) // not supported without a connection
	w.Header().Set("Connection", "close")
	w.WriteHeader(status)
}
