package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

//go:embed duckdb.cjs
var duckScript string

// duckDB is a running DuckDB process that has loaded the items.
type duckDB struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	problem bytes.Buffer
}

// startDuckDB starts DuckDB and makes it load a file of a shape. It also returns how long the loading took.
func startDuckDB(ctx context.Context, s shape, file string) (*duckDB, time.Duration, error) {
	d := &duckDB{command: exec.CommandContext(ctx, "node", "-e", duckScript, "--", file, s.name)}
	d.command.Stderr = &d.problem
	in, err := d.command.StdinPipe()
	if err != nil {
		return nil, 0, err
	}
	out, err := d.command.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	d.in, d.out = in, bufio.NewScanner(out)
	if err := d.command.Start(); err != nil {
		return nil, 0, err
	}
	loaded, err := d.answer()
	return d, durationOf(loaded), err
}

// run makes DuckDB run the query with the given name, and returns how long it took.
func (d *duckDB) run(query string) (time.Duration, error) {
	seconds, err := d.ask(query)
	return durationOf(seconds), err
}

// memory returns the peak memory of the process in bytes.
func (d *duckDB) memory() (float64, error) { return d.ask("memory") }

// ask sends a line to the process and reads a number from it.
func (d *duckDB) ask(line string) (float64, error) {
	if _, err := fmt.Fprintln(d.in, line); err != nil {
		return 0, err
	}
	return d.answer()
}

// answer reads a number from the process.
func (d *duckDB) answer() (number float64, err error) {
	if !d.out.Scan() {
		err := cmp.Or(errors.Join(d.out.Err(), d.command.Wait()), io.ErrUnexpectedEOF)
		return 0, fmt.Errorf("DuckDB: %w: %s", err, strings.TrimSpace(d.problem.String()))
	}
	_, err = fmt.Sscan(d.out.Text(), &number)
	return number, err
}

// stop ends the process.
func (d *duckDB) stop() error { return errors.Join(d.in.Close(), d.command.Wait()) }

func durationOf(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
