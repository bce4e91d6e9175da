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

// Service answers as another service does, but for the faults that a seed decides on. It notes every exchange. One client
// at a time is to use it: what a request meets depends on how many came before.
type Service struct {
	// Host is the only host that the client may speak to.
	Host string

	service http.Handler
	mu      sync.Mutex
	dice    *rand.Rand
	faulty  int // of 100 answers
	heard   []Exchange
}

// Exchange is one request and what became of it.
type Exchange struct {
	At   time.Time
	Call string // "poll", "dispatch", "usage", "other", or "stray" for one that was meant for another host
	// Fault is what went wrong; empty for a true answer.
	Fault string
	// Arrived is true where the service behind carried the request out: it did not see one that was refused on the way.
	Arrived bool
	// Harmless is true where a client must understand the answer all the same.
	Harmless bool
	Status   int    // of the true answer
	Answer   []byte // the true answer; nil where the request did not arrive
}

// NewService wraps a service. From nothing to nearly everything goes wrong, by seed.
func NewService(service http.Handler, host string, seed uint64) *Service {
	dice := newDice(seed, "service")
	return &Service{Host: host, service: service, dice: dice, faulty: pick(dice, []int{5, 20, 50, 80, 97})}
}

// Exchanges returns what was asked so far.
func (s *Service) Exchanges() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Exchange(nil), s.heard...)
}

// RefuseConnection reports whether the next connection is to fail before anything is sent.
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
	f := fault{harmless: true, write: (*exchange).asItIs}
	if s.dice.IntN(100) < s.faulty {
		f = pick(s.dice, pick(s.dice, faultGroups()))
	}
	x.seen.Fault, x.seen.Harmless = f.name, f.harmless
	if !f.refuses {
		x.ask(s.service)
	}
	s.heard = append(s.heard, x.seen)
	index := len(s.heard) - 1
	s.mu.Unlock()
	f.write(x)
	if x.failed || r.Context().Err() != nil {
		s.mu.Lock()
		s.heard[index].Harmless = false // the client was gone before it had the answer
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

// fault is one way in which an answer goes wrong.
type fault struct {
	name string
	// refuses is true where the service behind is not asked: the request has no effect.
	refuses bool
	// harmless is true where the answer is still a true one.
	harmless bool
	write    func(*exchange)
}

// exchange is a request that is being answered.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	dice   *rand.Rand // of its own: it may be written while the next comes
	seen   Exchange
	answer *httptest.ResponseRecorder
	// failed is true where the answer could not be written.
	failed bool
}

// ask carries the request out.
func (x *exchange) ask(service http.Handler) {
	x.answer = httptest.NewRecorder()
	service.ServeHTTP(x.answer, x.r)
	x.seen.Arrived, x.seen.Status, x.seen.Answer = true, x.answer.Code, x.answer.Body.Bytes()
}

// body is the true answer's.
func (x *exchange) body() []byte {
	if x.answer == nil {
		return []byte(`{"status":"completed","data":{},"request_id":"req_00000000"}`)
	}
	return x.answer.Body.Bytes()
}

// status is the true answer's.
func (x *exchange) status() int {
	if x.answer == nil {
		return http.StatusOK
	}
	return x.answer.Code
}

// asItIs sends the true answer.
func (x *exchange) asItIs() { x.send(x.status(), x.body(), nil) }

// send sends an answer whose head is in order. extra holds further fields of the head, in pairs.
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

// raw sends bytes in the place of an HTTP answer, and closes the connection. A nil part stands for a pause.
func (x *exchange) raw(pause time.Duration, parts ...[]byte) {
	controller := http.NewResponseController(x.w)
	conn, _, err := controller.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // the connection ends, which is a fault too
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

// head is the beginning of a raw answer.
func head(status string, fields ...string) []byte {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 " + status + "\r\n")
	for i := 0; i+1 < len(fields); i += 2 {
		b.WriteString(fields[i] + ": " + fields[i+1] + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
