// Decode measures how long it takes to read the answer of a completed run over HTTP on this machine. It compares
// sbwatch with the service's own Go client and with a program that discards the body. It also measures json.Valid on
// the same bytes.
//
// The server is a separate process that generates the answer in advance. Each program also reads the answer in a
// process of its own, so that its memory can be measured separately.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"sbwatch/bench/report"
)

func main() {
	rounds := flag.Int("rounds", 5, "number of measurements; medians are printed")
	items := flag.Int("items", 1_000_000, "number of items in the answer")
	serving := flag.Bool("serve", false, "only serve the answer")
	way := flag.String("way", "", "only read an answer from -base, in this `way`: sbwatch, sdk, discard or valid")
	base := flag.String("base", "", "the server's base `URL`, for -way")
	flag.Parse()
	var err error
	switch {
	case *serving:
		err = serve(os.Stdin, os.Stdout, *items)
	case *way != "":
		err = readAs(*way, *base, *items, os.Stdout)
	default:
		err = compare(max(1, *rounds), *items)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "decode:", err)
		os.Exit(1)
	}
}

// reading holds the measurements of one process that reads an answer.
type reading struct {
	Took      time.Duration // time from the request to the last item; for wayValid, only the time of json.Valid
	FirstRows time.Duration // time from the first byte of the answer to the first items; 0 if all rows arrive at once
	Bytes     int64         // size of the body; 0 if only the items were counted
	Peak      int64         // peak memory in bytes (VmHWM); 0 if the system does not report it
}

// compare measures each way of reading an answer, and prints the table.
func compare(rounds, items int) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	base, err := startServer(ctx, items)
	if err != nil {
		return err
	}
	all := map[string][]reading{}
	for range rounds {
		for _, way := range []string{wayDiscard, waySbwatch, wayValid, waySDK} {
			r, err := measure(ctx, way, base, items)
			if err != nil {
				return fmt.Errorf("%s: %w", way, err)
			}
			all[way] = append(all[way], r)
		}
	}
	return report.Print(os.Stdout, fmt.Sprintf("an answer of %d items, %d MB", items, all[wayDiscard][0].Bytes/1_000_000), lines(all))
}

// startServer starts the server process and returns its base URL. The server runs until ctx ends.
func startServer(ctx context.Context, items int) (string, error) {
	server, err := self(ctx, "-serve", "-items", fmt.Sprint(items))
	if err != nil {
		return "", err
	}
	out, err := server.StdoutPipe()
	if err != nil {
		return "", err
	}
	// The server also ends when its standard input is closed, so that it never outlives this process.
	if _, err := server.StdinPipe(); err != nil {
		return "", err
	}
	if err := server.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("the server did not start: %w", err)
	}
	return strings.TrimSpace(line), nil
}

// measure reads the answer in a separate process.
func measure(ctx context.Context, way, base string, items int) (reading, error) {
	command, err := self(ctx, "-way", way, "-base", base, "-items", fmt.Sprint(items))
	if err != nil {
		return reading{}, err
	}
	out, err := command.Output()
	if err != nil {
		return reading{}, err
	}
	var r reading
	return r, json.Unmarshal(out, &r)
}

// self returns a command that runs this program with other arguments.
func self(ctx context.Context, args ...string) (*exec.Cmd, error) {
	name, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, name, args...)
	command.Stderr = os.Stderr
	return command, nil
}

// The targets for sbwatch.
const (
	partOfSDK    = 1.0 / 8               // maximum time, as a fraction of the time of the service's client
	validShare   = 1.5                   // maximum time for parsing, as a multiple of the time of json.Valid
	memoryTarget = 1.3                   // maximum memory, as a multiple of the size of the body
	firstRows    = 20 * time.Millisecond // maximum time to the first rows
)

// lines returns the lines of the table. They compare sbwatch with the other programs.
func lines(all map[string][]reading) []report.Line {
	ours, sdk := times(all[waySbwatch]), times(all[waySDK])
	discard, valid := times(all[wayDiscard]), times(all[wayValid])
	budget := make([]time.Duration, len(discard))
	for i := range budget {
		budget[i] = discard[i] + time.Duration(validShare*float64(valid[i]))
	}
	first := report.Median(column(all[waySbwatch], func(r reading) time.Duration { return r.FirstRows }))
	body := all[wayDiscard][0].Bytes
	peak := report.Median(column(all[waySbwatch], func(r reading) int64 { return r.Peak }))
	sdkPeak := report.Median(column(all[waySDK], func(r reading) int64 { return r.Peak }))
	against := func(what string, other []time.Duration, target float64) report.Line {
		return report.Line{
			What: "all items", Ours: report.Time(report.Median(ours)), Other: report.Time(report.Median(other)) + " " + what,
			Ratio: report.RatioOfPairs(ours, other), Target: target,
		}
	}
	return []report.Line{
		against("the service's client: read all, decode twice", sdk, partOfSDK),
		against("time to discard the body, plus 1.5 times the time of json.Valid", budget, 1),
		against("discard the body", discard, 0),
		against("encoding/json's Valid, in memory", valid, 0),
		{
			What: "first rows, time since the first byte", Ours: report.Time(first), Other: report.Time(firstRows) + " target",
			Ratio: float64(first) / float64(firstRows), Target: 1,
		},
		{
			What: "peak memory", Ours: megabytes(peak), Other: megabytes(body) + " the body",
			Ratio: float64(peak) / float64(body), Target: memoryTarget,
		},
		{
			What: "peak memory", Ours: megabytes(peak), Other: megabytes(sdkPeak) + " the service's client",
			Ratio: float64(peak) / float64(max(1, sdkPeak)),
		},
	}
}

func times(readings []reading) []time.Duration {
	return column(readings, func(r reading) time.Duration { return r.Took })
}

func column[T any](readings []reading, of func(reading) T) []T {
	values := make([]T, len(readings))
	for i, r := range readings {
		values[i] = of(r)
	}
	return values
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n/1_000_000) }

// write writes the reading as JSON.
func (r reading) write(w io.Writer) error { return json.NewEncoder(w).Encode(r) }
