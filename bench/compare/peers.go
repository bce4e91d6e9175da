//go:build unix

package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"sbwatch/bench/answers"
)

// patience is the timeout for one step of a program.
const patience = 2 * time.Minute

// firstRow is a text in the first item. The items after it do not contain this text.
const firstRow = `Screen small`

// peer is a program that sbwatch is compared with.
type peer struct {
	name string
	// rounds is how often the program is measured. It is 1 for a program that needs several minutes.
	rounds int
	// find returns the path of the program. The result missing says what is not installed, such as "vd is not in PATH".
	find func() (path, missing string)
	// measure returns the measurements of the program with the given path. After an error, it returns the measurements
	// made before the error.
	measure func(b *bench, path string) (figures, error)
}

func peers() []peer {
	return []peer{
		{"VisiData", 1, inPath("vd"), visidata},
		{"fx", 1, inPath("fx"), fx},
		{"jq|less", 1, findJq, jqLess},
		{"nushell", 1, inPath("nu"), nushell},
		{"DuckDB", 3, findDuckDB, duckDB},
	}
}

func inPath(program string) func() (string, string) {
	return func() (string, string) {
		path, err := exec.LookPath(program)
		if err != nil {
			return "", program + " is not in PATH"
		}
		return path, ""
	}
}

func findJq() (path, missing string) {
	if _, missing := inPath("jq")(); missing != "" {
		return "", missing
	}
	return inPath("less")()
}

//go:embed duckdb.cjs
var duckScript string

// findDuckDB returns the path of the program node. If node or its DuckDB module is not installed, the result missing
// says so.
func findDuckDB() (path, missing string) {
	path, missing = inPath("node")()
	if missing != "" {
		return "", missing
	}
	if err := exec.Command(path, "-e", `require.resolve("@duckdb/node-api")`).Run(); err != nil { //nolint:noctx // takes no time
		return "", "node does not find the module @duckdb/node-api: set NODE_PATH to the node_modules that has it"
	}
	return path, ""
}

// steps measures the steps of a program in a terminal, such as loading and sorting. It stops at the first error.
type steps struct {
	screen *screen
	found  figures
	err    error
}

func (b *bench) steps(stdin *os.File, args ...string) *steps {
	s := &steps{found: figures{}}
	s.screen, s.err = b.start(stdin, args...)
	return s
}

// fromStart measures the time from the start of the program until the screen matches pattern.
func (s *steps) fromStart(name, pattern string) {
	if s.err == nil {
		s.await(name, pattern, s.screen.started)
	}
}

// fromKeys presses keys and measures the time from the last key press until the screen matches pattern.
func (s *steps) fromKeys(name, pattern string, keys ...string) {
	if s.err == nil {
		s.await(name, pattern, s.screen.press(keys...))
	}
}

func (s *steps) await(name, pattern string, from time.Time) {
	took, err := s.screen.await(pattern, from, patience)
	if err != nil {
		s.err = fmt.Errorf("%s: %w", name, err)
		return
	}
	s.found[name] = took.Seconds()
}

// end stops the program and returns the measurements.
func (s *steps) end() (figures, error) {
	if s.screen == nil {
		return s.found, s.err
	}
	if peak := s.screen.peak(); peak > 0 {
		s.found[memory] = peak
	}
	s.screen.end()
	return s.found, s.err
}

const enter = "\r"

func visidata(b *bench, path string) (figures, error) {
	s := b.steps(nil, path, b.file)
	s.fromStart(firstRows, firstRow)
	s.fromStart(loaded, fmt.Sprintf(`%d rows`, b.items))
	// The type of the column is set to currency, because VisiData treats prices as text by default.
	s.fromKeys(sorted, `\s0\.\d\d\s`, "c", "price", enter, "$", "[")
	s.fromKeys(searching+"absent", `(?i)no match|0 matches`, "g", "/", "xylophone", enter)
	return s.end()
}

func fx(b *bench, path string) (figures, error) {
	s := b.steps(nil, path, b.file)
	s.fromStart(firstRows, firstRow)
	if s.err == nil {
		s.found[loaded] = s.found[firstRows] // the program shows nothing until everything is loaded
	}
	s.fromKeys(searching+"absent", `(?i)not found|no match`, "/", "xylophone", enter)
	return s.end()
}

func jqLess(b *bench, path string) (figures, error) {
	s := b.steps(nil, "sh", "-c", `jq . "$1" | `+path+` -i`, "sh", b.file)
	s.fromStart(firstRows, firstRow)
	s.fromKeys("", `\(END\)`, "G")
	if s.err == nil {
		s.found[loaded] = time.Since(s.screen.started).Seconds()
		delete(s.found, "")
	}
	s.fromKeys(searching+"absent", `(?i)pattern not found`, "g", "/", "xylophone", enter)
	found, err := s.end()
	delete(found, memory) // the measured memory is that of the shell
	return found, err
}

func nushell(b *bench, path string) (figures, error) {
	const script = `def main [file: string] {
	let start = (date now)
	let items = (open $file)
	$items | length | ignore
	print $"load ((date now) - $start | into int) ns"
	let start = (date now)
	$items | find xylophone | length | ignore
	print $"search/absent ((date now) - $start | into int) ns"
}
`
	name, err := b.writeScript("script.nu", script)
	if err != nil {
		return nil, err
	}
	return b.run(path, "-n", name, b.file)
}

func duckDB(b *bench, path string) (figures, error) {
	name, err := b.writeScript("script.cjs", duckScript)
	if err != nil {
		return nil, err
	}
	args := []string{path, name, b.file}
	for _, n := range answers.Needles() {
		args = append(args, n.Name+"="+n.Text)
	}
	return b.run(args...)
}

// writeScript writes a script to the home directory of the measured programs, and returns the path of the script.
func (b *bench) writeScript(name, script string) (string, error) {
	path := filepath.Join(b.home, name)
	return path, os.WriteFile(path, []byte(script), 0o600)
}

// run runs a program that prints its own measurements, and returns them. If the program does not print its peak memory,
// run measures the peak memory itself.
func (b *bench) run(args ...string) (figures, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = b.environ()
	cmd.Stderr = os.Stderr
	out, runErr := cmd.Output()
	found, err := readFigures(bytes.NewReader(out))
	if _, has := found[memory]; !has && runErr == nil {
		if peak := peakOf(cmd.ProcessState); peak > 0 {
			found[memory] = peak
		}
	}
	if ctx.Err() != nil {
		runErr = fmt.Errorf("timed out after %v", patience)
	}
	return found, errors.Join(runErr, err)
}

// peakOf returns the peak memory of an ended process in MB, or 0 if the system does not report it.
func peakOf(state *os.ProcessState) float64 {
	if state == nil {
		return 0
	}
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok || runtime.GOOS != "linux" { // other systems use another unit
		return 0
	}
	return float64(usage.Maxrss) * 1024 / 1e6
}
