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

// recipe is the recipe to watch and browse: about 1,200 items in two minutes.
const recipe = "catalogue01"

// bench is the environment of the measurements.
type bench struct {
	ctx              context.Context // the lifetime of this process
	sbwatch, minimal string
	home             string // an empty home directory
	saved            string // a file with a saved answer

	emulator *emulator.Emulator
	service  *httptest.Server // serves the emulator
	silent   *httptest.Server // never answers
	end      chan struct{}    // closed when silent may answer
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

// save saves an answer to a file.
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

// program is a program to start, with its arguments.
type program struct {
	name string
	args []string
}

// watchOf returns a program that watches a run of a local service.
func (b *bench) watchOf(name, run string, service *httptest.Server) program {
	return program{name, []string{b.sbwatch, "watch", run, "--base-url", service.URL + "/v1"}}
}

// environ returns the environment for the programs. It is that of a common terminal and does not depend on the user's
// environment.
func (b *bench) environ() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.home, "CI=true", "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
		"WEBSCRAPE_API_KEY=" + emulator.ExampleKey,
	}
}
