package emulated

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/internal/faults"
)

// Faulty is an emulator that fails in many ways, together with a client of it.
type Faulty struct {
	Client *api.Client
	// Recipe is a recipe of the emulator, chosen by the seed.
	Recipe string

	service *faults.Service
	network *faults.Network
}

// NewFaulty returns an emulator whose faults depend on seed. It must be closed.
func NewFaulty(t testing.TB, seed uint64) *Faulty {
	t.Helper()
	inner, err := emulator.New(emulator.Options{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	service := faults.NewService(inner, "127.0.0.1", seed)
	network := faults.NewNetwork(service)
	client, err := api.New(api.Options{BaseURL: "http://127.0.0.1/v1", Key: emulator.ExampleKey, Dial: network.Dial, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	recipes := []string{ // all recipes except those with slow items
		emulator.SampleRecipeID, emulator.SampleRecipeID,
		"drifted0001", "failing0001", "cancelled01", "empty000001", "flaky000001", "hostile0001", "broken00001",
	}
	return &Faulty{Client: client, Recipe: recipes[seed%uint64(len(recipes))], service: service, network: network}
}

// Close closes all connections.
func (f *Faulty) Close() { _ = f.network.Close() }

// Exchanges returns the requests that the service received and its answers.
func (f *Faulty) Exchanges() []faults.Exchange { return f.service.Exchanges() }

// CheckRequests returns an error if the client sent a request to another host, dispatched more than once, or lost the
// id of the run. runID is the id that the client has at the end.
func (f *Faulty) CheckRequests(runID string) error {
	exchanges := f.service.Exchanges()
	dispatched := 0
	for i, x := range exchanges {
		switch {
		case x.Call == "stray":
			return fmt.Errorf("request %d went to another host: %s", i, f.Trace())
		case x.Call == "dispatch" && x.Harmless && x.Status < 300 && runID == "":
			return errors.New("the id of the run is lost: " + f.Trace())
		case x.Call == "dispatch" && x.Arrived:
			dispatched++
		}
	}
	if dispatched > 1 {
		return fmt.Errorf("dispatched %d times: %s", dispatched, f.Trace())
	}
	return nil
}

// Trace describes the last 12 requests, with the fault in each answer, for the messages of failed tests.
func (f *Faulty) Trace() string {
	const shown = 12
	exchanges := f.service.Exchanges()
	var b strings.Builder
	for _, x := range exchanges[max(0, len(exchanges)-shown):] {
		fmt.Fprintf(&b, "\n  %s %s: %q", x.At.Format(time.TimeOnly), x.Call, x.Fault)
	}
	return b.String()
}
