package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sbwatch/model/run"
)

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "LocalHost": true, "localhost.": true, "LOCALHOST.": true,
		"127.0.0.1": true, "127.255.255.254": true, "::1": true, "0:0:0:0:0:0:0:1": true, "::ffff:127.0.0.1": true, "::FFFF:7f00:1": true,

		"": false, ".": false, "localhost..": false, "xlocalhost": false, "localhost.example": false, "a.localhost": false,
		"0.0.0.0": false, "::": false, "128.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false,
		"2130706433": false, "0x7f000001": false, "0177.0.0.1": false, "127.1": false, "127.0.0.1.": false, "127.0.0.1.example": false,
		"ⓛocalhost": false, "ｌocalhost": false,
	} {
		if got := isLoopback(host); got != want {
			t.Errorf("%q: %v, want %v", host, got, want)
		}
	}
}

// TestLoopbackIsNeverProxied checks that plain HTTP to this machine never uses a proxy, which would see the key.
func TestLoopbackIsNeverProxied(t *testing.T) {
	proxy := unlessLoopback(func(*http.Request) (*url.URL, error) { return &url.URL{Scheme: "http", Host: "proxy.example"}, nil })
	for base, direct := range map[string]bool{
		"http://LOCALHOST:9": true, "http://localhost.:9/v1": true, "http://127.9.9.9": true, "http://[::1]:9": true,
		"http://[::ffff:127.0.0.1]:9": true, "https://Localhost:9": true,
		"http://2130706433": false, "http://0.0.0.0:9": false, "https://api.webscrape.ai/v1": false, "http://localhost.example": false,
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, base, nil)
		through, err := proxy(request)
		if err != nil || (through == nil) != direct {
			t.Errorf("%s goes through %v (%v)", base, through, err)
		}
	}
}

func TestLocalhostMustBeThisMachine(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true, "10.0.0.1:80": false, "[fe80::1%eth0]:80": false, "nonsense": false,
	} {
		if err := checkLoopback("tcp", address, nil); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
	client := newTransportClient(t, transportFunc(func(*http.Request) (*http.Response, error) { return nil, errNotLoopback }))
	_, err := pollOnce(t, client)
	if problem := problemOf(t, err); !strings.Contains(problem.Error(), "resolves to another machine") {
		t.Error(problem)
	}
}

// TestThePasswordOfAProxyIsNotShown checks that an error of net/http about a proxy does not reveal the proxy's
// password.
func TestThePasswordOfAProxyIsNotShown(t *testing.T) {
	transport := newTransport(defaultLimits())
	for _, failure := range []error{
		&url.Error{Op: "parse", URL: "http://user:pa55word@[", Err: errors.New(`invalid proxy address "user:pa55word@["`)},
		&proxyError{status: "407 " + testKey},
	} {
		transport.Proxy = func(*http.Request) (*url.URL, error) { return nil, failure }
		client := newTestClient(t, "https://api.webscrape.ai/v1")
		client.polling.Transport, client.dispatching.Transport = transport, transport
		_, poll := pollOnce(t, client)
		_, dispatch := client.Dispatch(t.Context(), testRecipe)
		for _, err := range []error{poll, dispatch} {
			problem := problemOf(t, err)
			if problem.Kind != run.ProblemNoConnection || strings.Contains(problem.Error(), "pa55word") {
				t.Errorf("kind %d: %v", problem.Kind, problem)
			}
		}
	}
}
