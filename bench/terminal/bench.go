package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"sbwatch/api/emulator"
	"sbwatch/bench/answers"
)

// recipe is the recipe of the run to watch. The run reads about 1,200 items in two minutes.
const recipe = "catalogue01"

// bench holds the data of all measurements.
type bench struct {
	ctx              context.Context // canceled when this process ends
	sbwatch, minimal string
	home             string // an empty home directory
	saved            string // a file with a saved answer

	emulator *emulator.Emulator
	service  *httptest.Server // server of the emulator
	silent   *httptest.Server // server that never answers
	end      chan struct{}    // closed at the end, so that the silent server stops waiting
}

func newBench(ctx context.Context, sbwatch, minimal string) (*bench, error) {
	service, err := emulator.New(emulator.Options{Seed: 1})
	if err != nil {
		return nil, err
	}
	home, err := os.MkdirTemp("", "sbwatch-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{
		ctx: ctx, sbwatch: sbwatch, minimal: minimal, home: home, saved: filepath.Join(home, "answer.json"),
		emulator: service, end: make(chan struct{}),
	}
	if err := b.save(); err != nil {
		_ = os.RemoveAll(home)
		return nil, err
	}
	b.service = httptest.NewServer(service)
	b.silent = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-b.end:
		case <-r.Context().Done():
		}
	}))
	return b, nil
}

// save writes an answer of the emulator to the file b.saved.
func (b *bench) save() error {
	file, err := os.Create(b.saved)
	if err != nil {
		return err
	}
	err = answers.Write(file, recipe, 1)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

func (b *bench) close() {
	close(b.end)
	b.silent.CloseClientConnections()
	b.silent.Close()
	b.service.Close()
	_ = os.RemoveAll(b.home)
}

// program is the path and the arguments of a program.
type program struct {
	name string
	args []string
}

// watchOf returns a program that watches a run of a local service.
func (b *bench) watchOf(name, run string, service *httptest.Server) program {
	return program{name, []string{b.sbwatch, "watch", run, "--base-url", service.URL + "/v1"}}
}

// environ returns environment variables for the programs, as in a common terminal. They do not depend on the user's
// environment.
func (b *bench) environ() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.home, "CI=true", "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
		"WEBSCRAPE_API_KEY=" + emulator.ExampleKey,
	}
}
