//go:build unix

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"

	"sbwatch/bench/answers"
	"sbwatch/bench/report"
)

//go:embed duckdb.cjs
var duckScript string

// sample is one measurement: the time and the CPU time in seconds, and the memory in bytes.
type sample struct{ seconds, cpu, memory float64 }

// compare prints how long sbwatch and DuckDB take for each operation, such as loading CSV, on one kind of items, such as
// wide items.
func compare(ctx context.Context, o options) error {
	duck := findDuckDB()
	if duck == "" {
		say("node does not find the module @duckdb/node-api: set NODE_PATH to the node_modules that has it")
	}
	items, err := makeFiles(ctx, o, duck)
	if err != nil {
		return err
	}
	var lines []report.Line
	for _, row := range o.rows() {
		if !o.matches(row) {
			continue
		}
		if row.ours[0] == "-load" && !exists(row.ours[1]) {
			say("skipping %s: %s does not exist, and only DuckDB can create it", row.name, row.ours[1])
			continue
		}
		found, err := measure(ctx, o, row, duck)
		if err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
		lines = append(lines, found...)
	}
	info, err := os.Stat(o.paths().json)
	if err != nil {
		return err
	}
	return report.Print(os.Stdout, fmt.Sprintf("files, %s: %d items, %d MB of JSON", o.shape, items, info.Size()/1e6), lines)
}

// measure measures an operation in sbwatch and, if it is installed, in DuckDB. The two programs take turns.
func measure(ctx context.Context, o options, r row, duck string) ([]report.Line, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var ours, theirs samples
	for round := range o.rounds {
		say("%s, %s, round %d of %d", o.shape, r.name, round+1, o.rounds)
		if err := ours.add(runOnce(ctx, append([]string{self}, r.ours...)...)); err != nil {
			return nil, err
		}
		if duck == "" {
			continue
		}
		if err := theirs.add(runOnce(ctx, append([]string{duck, "-e", duckScript, "--"}, r.theirs...)...)); err != nil {
			return nil, err
		}
	}
	time := report.Line{What: r.name, Ours: fmt.Sprintf("%.3f s", report.Median(ours.seconds))}
	cpu := report.Line{What: r.name + ": CPU", Ours: fmt.Sprintf("%.2f s", report.Median(ours.cpu))}
	memory := report.Line{What: r.name + ": peak memory (ratio to the size of the JSON file)", Ours: fmt.Sprintf("%.0f MB", report.Median(ours.memory)/1e6)}
	if duck != "" {
		time.Other, time.Target = fmt.Sprintf("%.3f s DuckDB", report.Median(theirs.seconds)), r.target
		time.Ratio = report.Median(ours.seconds) / report.Median(theirs.seconds)
		cpu.Other = fmt.Sprintf("%.2f s DuckDB", report.Median(theirs.cpu))
		cpu.Ratio = report.Median(ours.cpu) / report.Median(theirs.cpu)
		memory.Other = fmt.Sprintf("%.0f MB DuckDB", report.Median(theirs.memory)/1e6)
	}
	if info, err := os.Stat(r.file); err == nil {
		memory.Ratio, memory.Target = report.Median(ours.memory)/float64(info.Size()), r.memoryTarget
	}
	return []report.Line{time, cpu, memory}, nil
}

// samples holds the measurements of several rounds.
type samples struct{ seconds, cpu, memory []float64 }

func (s *samples) add(found sample, err error) error {
	s.seconds, s.cpu, s.memory = append(s.seconds, found.seconds), append(s.cpu, found.cpu), append(s.memory, found.memory)
	return err
}

// runOnce runs a program that prints a time and a CPU time in seconds. It returns these times and the peak memory of
// the program.
func runOnce(ctx context.Context, args ...string) (sample, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return sample{}, err
	}
	var found sample
	if _, err := fmt.Sscan(string(out), &found.seconds, &found.cpu); err != nil {
		return sample{}, err
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" { // other systems use another unit
		found.memory = float64(usage.Maxrss) * 1024
	}
	return found, nil
}

// findDuckDB returns the path of node if node finds the DuckDB module, and otherwise "".
func findDuckDB() string {
	node, err := exec.LookPath("node")
	if err != nil {
		return ""
	}
	if err := exec.Command(node, "-e", `require.resolve("@duckdb/node-api")`).Run(); err != nil { //nolint:noctx // takes no time
		return ""
	}
	return node
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// makeFiles creates the files of a shape that do not exist yet, and returns the number of items. Without DuckDB, it
// creates only the JSON file.
func makeFiles(ctx context.Context, o options, duck string) (int, error) {
	const shopItems = 1_000_000
	items, write := shopItems, answers.WriteArray
	for _, shape := range answers.Shapes() {
		if shape.Name == o.shape {
			items, write = shape.Items, shape.Write
		}
	}
	if o.items > 0 {
		items = o.items
	}
	p := o.paths()
	marker := p.json + ".items"
	if have, _ := os.ReadFile(marker); string(have) != strconv.Itoa(items) || !exists(p.json) {
		say("writing %s", p.json)
		for _, old := range []string{marker, p.csv, p.snappy, p.zstd} { // they have other items
			if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return 0, err
			}
		}
		if err := create(p.json, func(w io.Writer) error { return write(w, items) }); err != nil {
			return 0, err
		}
		if err := os.WriteFile(marker, []byte(strconv.Itoa(items)), 0o600); err != nil {
			return 0, err
		}
	}
	if duck == "" {
		return items, nil
	}
	return items, copyFiles(ctx, o, duck)
}

// copyFiles makes DuckDB convert the JSON file of a shape to the other formats. It keeps files that already exist.
func copyFiles(ctx context.Context, o options, duck string) error {
	p := o.paths()
	load := "create table t as select * from read_json(" + quoted(p.json) + ", format = 'array', maximum_object_size = 200000000)"
	// Nested values are JSON in CSV, as sbwatch writes them.
	replaced := map[string]string{"shop": " replace (to_json(dims) as dims)", "deep": " replace (to_json(a) as a)"}[o.shape]
	for _, file := range []struct{ name, from, format string }{
		{p.csv, "(select *" + replaced + " from t)", "format csv"},
		{p.snappy, "t", "format parquet, compression snappy"},
		{p.zstd, "t", "format parquet, compression zstd"},
	} {
		if exists(file.name) {
			continue
		}
		say("writing %s", file.name)
		part := file.name + ".part"
		if _, err := runOnce(ctx, duck, "-e", duckScript, "--", load, "copy "+file.from+" to "+quoted(part)+" ("+file.format+")"); err != nil {
			return err
		}
		if err := os.Rename(part, file.name); err != nil {
			return err
		}
	}
	return nil
}

// create writes a file.
func create(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
