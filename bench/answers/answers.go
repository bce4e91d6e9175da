// Package answers generates input for the benchmarks: complete answers of the service, written by the emulator.
package answers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/files/read"
	"sbwatch/model/item"
	"sbwatch/model/run"
)

// HugeRecipe is the recipe whose number of items can be chosen. Each item has about 200 bytes.
const HugeRecipe = "huge0000001"

// Write writes the answer to a poll of a completed run. For [HugeRecipe], items is the number of items in the answer.
// For other recipes, items is ignored.
func Write(w io.Writer, recipe string, items int) error {
	now := time.Now()
	service, err := emulator.New(emulator.Options{Seed: 1, Items: items, Now: func() time.Time { return now }})
	if err != nil {
		return err
	}
	r, err := Dispatch(service, recipe)
	if err != nil {
		return err
	}
	now = now.Add(run.RunLimit) // the run has ended
	answer := &answerWriter{body: w, header: http.Header{}}
	service.ServeHTTP(answer, request(http.MethodGet, "/v1/smartbrowse/runs/"+r))
	if answer.status != http.StatusOK {
		return fmt.Errorf("the emulator answered HTTP %d", answer.status)
	}
	return answer.err
}

// Read generates the same answer as Write, and decodes it as the program does.
func Read(recipe string, items int) (run.Answer, error) {
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(Write(w, recipe, items)) }()
	return read.Open(r, read.Options{OnItems: func(item.Table) {}})
}

// Dispatch starts a run and returns its id.
func Dispatch(service http.Handler, recipe string) (runID string, err error) {
	recorder := httptest.NewRecorder()
	service.ServeHTTP(recorder, request(http.MethodPost, "/v1/smartbrowse/recipes/"+recipe+"/run"))
	var answer struct {
		Data struct {
			RunID string `json:"run_id"`
		}
	}
	if recorder.Code != http.StatusAccepted {
		return "", fmt.Errorf("the emulator answered HTTP %d to a dispatch of %s", recorder.Code, recipe)
	}
	err = json.Unmarshal(recorder.Body.Bytes(), &answer)
	return answer.Data.RunID, err
}

func request(method, path string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), method, path, http.NoBody)
	r.Header.Set("X-API-Key", emulator.ExampleKey)
	return r
}

type answerWriter struct {
	body   io.Writer
	header http.Header
	status int
	err    error
}

// Header returns the header of the answer.
func (w *answerWriter) Header() http.Header { return w.header }

// WriteHeader records the status.
func (w *answerWriter) WriteHeader(status int) { w.status = status }

// Write writes a part of the answer to w.body.
func (w *answerWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.body.Write(b)
	if err != nil {
		w.err = err
	}
	return n, err
}
