package emulated

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"sbwatch/api/emulator"
)

// Serve serves a new emulator on loopback until the test ends. env is the environment that makes a program use it.
func Serve(t testing.TB, options emulator.Options) (server *httptest.Server, env []string) {
	t.Helper()
	return ServeWith(t, options, func(service http.Handler) http.Handler { return service })
}

// ServeWith is like [Serve], but serves the handler that the function wrap returns for the emulator.
func ServeWith(t testing.TB, options emulator.Options, wrap func(service http.Handler) http.Handler) (server *httptest.Server, env []string) {
	t.Helper()
	service, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server = httptest.NewServer(wrap(service))
	t.Cleanup(server.Close)
	return server, []string{"WEBSCRAPE_API_KEY=" + emulator.ExampleKey, "WEBSCRAPE_BASE_URL=" + server.URL + "/v1"}
}
