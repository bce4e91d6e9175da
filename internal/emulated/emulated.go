// Package emulated gives tests a client of the emulator. The client sends real requests and receives real responses
// without a socket, so that it works in a bubble of testing/synctest.
package emulated

import (
	"testing"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/internal/inmemory"
)

// Client returns an API client of a new emulator. Each function in change may change the options of the client.
func Client(t testing.TB, options emulator.Options, change ...func(*api.Options)) *api.Client {
	t.Helper()
	service, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	clientOptions := api.Options{
		BaseURL: "http://127.0.0.1/v1", Key: emulator.ExampleKey, Transport: inmemory.Transport(service), Now: time.Now,
	}
	for _, f := range change {
		f(&clientOptions)
	}
	client, err := api.New(clientOptions)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
