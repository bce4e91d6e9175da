package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"strconv"
	"strings"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/model/item"
)

// The ways of reading an answer.
const (
	waySbwatch = "sbwatch"
	waySDK     = "sdk"
	wayDiscard = "discard"
	wayValid   = "valid"
)

// runID is the id of the run on the server.
const runID = "decode00001"

// readAs reads the answer once and writes the measurements. way is waySbwatch, waySDK, wayDiscard or wayValid.
func readAs(way, base string, items int, out io.Writer) error {
	read, known := map[string]func(context.Context, string, int) (reading, error){
		waySbwatch: readAsSbwatch, waySDK: readAsSDK, wayDiscard: readAndDiscard, wayValid: readAndCheck,
	}[way]
	if !known {
		return fmt.Errorf("unknown way %q", way)
	}
	r, err := read(context.Background(), base, items)
	if err != nil {
		return err
	}
	if r.Peak, err = peakMemory(); err != nil {
		return err
	}
	return r.write(out)
}

// peakMemory returns the peak memory of this process (VmHWM) in bytes, or 0 if the system does not report it.
func peakMemory() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	for line := range strings.Lines(string(status)) {
		if kilobytes, found := strings.CutPrefix(line, "VmHWM:"); found {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB")), 10, 64)
			return n << 10, err
		}
	}
	return 0, err
}

// readAsSbwatch reads the answer with the client of sbwatch.
func readAsSbwatch(ctx context.Context, base string, items int) (reading, error) {
	client, err := api.New(api.Options{BaseURL: base, Key: emulator.ExampleKey})
	if err != nil {
		return reading{}, err
	}
	var firstByte time.Time
	var r reading
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { firstByte = time.Now() }})
	began := time.Now()
	answer, err := client.Poll(ctx, runID, func(item.Table) {
		if r.FirstRows == 0 {
			r.FirstRows = time.Since(firstByte)
		}
	})
	r.Took = time.Since(began)
	if err == nil && answer.Items.Len() != items {
		err = fmt.Errorf("%d items", answer.Items.Len())
	}
	return r, err
}

// get requests the answer.
func get(ctx context.Context, base string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/smartbrowse/runs/"+runID, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	return response.Body, nil
}

// readAsSDK decodes an answer as the service's Go client does. It reads the whole body, decodes the envelope without
// its data, and then decodes the data, with each item as a map.
func readAsSDK(ctx context.Context, base string, items int) (reading, error) {
	var envelope struct {
		Status string          `json:"status"`
		Data   json.RawMessage `json:"data"`
	}
	var run struct {
		RunStatus string `json:"run_status"`
		Result    struct {
			Pages []struct {
				Items []map[string]any `json:"items"`
			} `json:"pages"`
		} `json:"result"`
	}
	began := time.Now()
	body, err := readAll(ctx, base)
	if err != nil {
		return reading{}, err
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return reading{}, err
	}
	if err := json.Unmarshal(envelope.Data, &run); err != nil {
		return reading{}, err
	}
	took, found := time.Since(began), 0
	for _, page := range run.Result.Pages {
		found += len(page.Items)
	}
	if found != items {
		return reading{}, fmt.Errorf("%d items", found)
	}
	return reading{Took: took, Bytes: int64(len(body))}, nil
}

// readAndDiscard discards the body.
func readAndDiscard(ctx context.Context, base string, _ int) (reading, error) {
	began := time.Now()
	body, err := get(ctx, base)
	if err != nil {
		return reading{}, err
	}
	defer func() { _ = body.Close() }()
	n, err := io.Copy(io.Discard, body)
	return reading{Took: time.Since(began), Bytes: n}, err
}

// readAndCheck measures the time of json.Valid alone, on bytes that are already in memory.
func readAndCheck(ctx context.Context, base string, _ int) (reading, error) {
	body, err := readAll(ctx, base)
	if err != nil {
		return reading{}, err
	}
	began := time.Now()
	if !json.Valid(body) {
		return reading{}, errors.New("the body is not JSON")
	}
	return reading{Took: time.Since(began), Bytes: int64(len(body))}, nil
}

func readAll(ctx context.Context, base string) ([]byte, error) {
	body, err := get(ctx, base)
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }()
	return io.ReadAll(body)
}
