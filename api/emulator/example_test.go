package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"sbwatch/api/emulator"
)

// A test of a SmartBrowse client serves the emulator with httptest and moves the clock itself, so that it need not wait
// for the run.
func Example() {
	now := time.Date(2026, time.May, 21, 12, 0, 0, 0, time.UTC)
	service, err := emulator.New(emulator.Options{Now: func() time.Time { return now }})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(service)
	defer server.Close()

	// The following calls represent the client under test.
	dispatched := call(http.MethodPost, server.URL+"/v1/smartbrowse/recipes/catalogue01/run")
	now = now.Add(time.Minute)
	running := call(http.MethodGet, server.URL+dispatched.Data.PollURL)
	now = now.Add(time.Minute)
	completed := call(http.MethodGet, server.URL+dispatched.Data.PollURL)

	fmt.Println(dispatched.Status)
	fmt.Println(running.Data.RunStatus)
	fmt.Println(completed.Data.RunStatus, completed.Data.Pages, "pages", completed.Data.Items, "items")
	// Output:
	// queued
	// running
	// completed 40 pages 1204 items
}

// An Emulator can also be called directly, without a server.
func ExampleEmulator_ServeHTTP() {
	service, err := emulator.New(emulator.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	request := httptest.NewRequest(http.MethodGet, "/v1/smartbrowse/runs/"+emulator.SampleRunID, nil)
	request.Header.Set("X-API-Key", emulator.ExampleKey)
	recorder := httptest.NewRecorder()
	service.ServeHTTP(recorder, request)

	fmt.Println(recorder.Code, recorder.Header().Get("Content-Type"))
	// Output: 200 application/json
}

// apiAnswer holds the fields of an answer that the examples print.
type apiAnswer struct {
	Status string `json:"status"`
	Data   struct {
		PollURL   string `json:"poll_url"`
		RunStatus string `json:"run_status"`
		Pages     int    `json:"pages_extracted"`
		Items     int    `json:"items_extracted"`
	} `json:"data"`
}

// call sends a request with the example key and decodes the answer. It returns the zero value on failure.
func call(method, url string) apiAnswer {
	var answer apiAnswer
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		return answer
	}
	request.Header.Set("X-API-Key", emulator.ExampleKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return apiAnswer{}
	}
	return answer
}
