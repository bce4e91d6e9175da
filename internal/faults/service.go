package faults

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Service forwards requests to another service and injects faults determined by a seed. It records every exchange. Only
// one client may use it at a time, because the fault of a request depends on the number of requests before it.
type Service struct {
	// Host is the only host that the client may contact.
	Host string

	service http.Handler
	mu      sync.Mutex
	dice    *rand.Rand
	faulty  int // percentage of answers with a fault
	heard   []Exchange
}

// Exchange records one request and its outcome.
type Exchange struct {
	At   time.Time
	Call string // "poll", "dispatch", "usage", "other", or "stray" for a request to another host
	// Fault is the injected fault; "" if the answer is unchanged.
	Fault string
	// Arrived reports whether the request was forwarded to the other service.
	Arrived bool
	// Harmless reports whether a client must understand the answer although it has a fault.
	Harmless bool
	Status   int    // status of the answer without the fault
	Answer   []byte // the answer without the fault; nil if the request did not arrive
}

// NewService returns a Service that forwards requests for host to service. The seed determines which faults occur, and
// how often: anything from never to nearly always.
func NewService(service http.Handler, host string, seed uint64) *Service {
	dice := newDice(seed, "service")
	return &Service{Host: host, service: service, dice: dice, faulty: pick(dice, []int{5, 20, 50, 80, 97})}
}

// Exchanges returns the requests that Service has received so far, with their answers.
func (s *Service) Exchanges() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Exchange(nil), s.heard...)
}

// RefuseConnection reports whether the next connection must fail before any data are sent.
func (s *Service) RefuseConnection() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dice.IntN(1000) < s.faulty
}

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	x := &exchange{w: w, r: r, dice: rand.New(rand.NewPCG(s.dice.Uint64(), 0)), seen: Exchange{At: time.Now(), Call: callOf(r)}}
	if r.Host != s.Host {
		x.seen.Call = "stray"
	}
	f := fault{harmless: true, write: (*exchange).sendUnchanged}
	if s.dice.IntN(100) < s.faulty {
		f = pick(s.dice, pick(s.dice, faultGroups()))
	}
	x.seen.Fault, x.seen.Harmless = f.name, f.harmless
	if !f.refuses {
		x.forward(s.service)
	}
	s.heard = append(s.heard, x.seen)
	index := len(s.heard) - 1
	s.mu.Unlock()
	f.write(x)
	if x.failed || r.Context().Err() != nil {
		s.mu.Lock()
		s.heard[index].Harmless = false // the client disconnected before it received the answer
		s.mu.Unlock()
	}
}

func callOf(r *http.Request) string {
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/run"):
		return "dispatch"
	case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/usage"):
		return "usage"
	case r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/runs/"):
		return "poll"
	default:
		return "other"
	}
}

// fault is one way in which an answer can be wrong.
type fault struct {
	name string
	// refuses reports whether the service must not receive the request, so that the request has no effect.
	refuses bool
	// harmless reports whether the content of the answer is still correct.
	harmless bool
	write    func(*exchange)
}

// exchange is a request in progress.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	dice   *rand.Rand // separate, because the next request may use the dice of the service while the answer is written
	seen   Exchange
	answer *httptest.ResponseRecorder
	// failed reports whether writing the answer failed.
	failed bool
}

func (x *exchange) forward(service http.Handler) {
	x.answer = httptest.NewRecorder()
	service.ServeHTTP(x.answer, x.r)
	x.seen.Arrived, x.seen.Status, x.seen.Answer = true, x.answer.Code, x.answer.Body.Bytes()
}

// body returns the body of the answer as the service sent it. If the request did not reach the service, it returns an
// empty result.
func (x *exchange) body() []byte {
	if x.answer == nil {
		return []byte(`{"status":"completed","data":{},"request_id":"req_00000000"}`)
	}
	return x.answer.Body.Bytes()
}

// status returns the status that the service sent, or 200 if the request did not reach the service.
func (x *exchange) status() int {
	if x.answer == nil {
		return http.StatusOK
	}
	return x.answer.Code
}

func (x *exchange) sendUnchanged() { x.send(x.status(), x.body(), nil) }

// send sends an answer with a valid header. extra holds additional header fields, as pairs of name and value.
func (x *exchange) send(status int, body []byte, extra []string) {
	header := x.w.Header()
	if x.answer != nil {
		maps.Copy(header, x.answer.Header())
	}
	header.Del("Content-Length")
	for i := 0; i+1 < len(extra); i += 2 {
		header.Set(extra[i], extra[i+1])
	}
	x.w.WriteHeader(status)
	_, err := x.w.Write(body)
	x.failed = err != nil
}

// sendRaw sends bytes instead of an HTTP response and closes the connection. A nil in parts stands for a wait of the
// duration pause.
func (x *exchange) sendRaw(pause time.Duration, parts ...[]byte) {
	controller := http.NewResponseController(x.w)
	conn, _, err := controller.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // closing the connection is a fault too
	}
	defer func() { _ = conn.Close() }()
	for _, part := range parts {
		if part == nil {
			time.Sleep(pause)
			continue
		}
		if _, err := conn.Write(part); err != nil {
			x.failed = true
			return
		}
	}
}

// head returns the start of a raw response: its status line and header fields.
func head(status string, fields ...string) []byte {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 " + status + "\r\n")
	for i := 0; i+1 < len(fields); i += 2 {
		b.WriteString(fields[i] + ": " + fields[i+1] + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
