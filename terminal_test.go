//go:build unix

package main_test

import (
	"bytes"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/termtest"
)

// The tests in this file run the real program in a pseudo terminal and read its screen through a terminal emulator.

// The program under test, for all tests of this package.
var (
	sbwatch  = termtest.Program{Package: "sbwatch"}
	killable = termtest.Program{Package: "sbwatch", WithoutRace: true}
)

// testsPerCore is the number of tests that run at the same time on each core. They mostly wait for the program, and the
// program mostly waits for the time of its next request.
const testsPerCore = 4

// TestMain runs more parallel tests than there are cores, unless -parallel is given.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(testsPerCore*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	m.Run()
}

func start(t *testing.T, env []string, args ...string) *termtest.Term {
	t.Helper()
	return termtest.Start(t, termtest.Options{
		Args: append([]string{sbwatch.Path(t)}, args...), Cols: 100, Rows: 30, Env: env,
	})
}

// checkExit checks the exit code of the program and that it has restored the terminal.
func checkExit(t *testing.T, term *termtest.Term, code int) {
	t.Helper()
	if got := term.Exit(); got != code {
		t.Errorf("exit code %d, want %d; the screen was:\n%s", got, code, term.Screen())
	}
	term.ModesRestored()
}

func TestDemoFromStartToTable(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "--speed", "15", "--interval", "300ms")
	term.Wait("running")
	term.Wait("completed")
	term.Wait("1 of 1,204")
	if first, _, _ := strings.Cut(term.Screen(), "\n"); !strings.Contains(first, "catalogue01 › ") || !strings.Contains(first, "✓ completed") {
		t.Errorf("the screen is garbled:\n%s", term.Screen())
	}
	term.Type("jjl")
	term.Wait("3 of 1,204")
	term.Press("enter")
	term.Wait("item 3 of 1,204 · page 1")
	term.Resize(60, 20)
	term.Wait("item 3 of 1,204")
	term.Resize(170, 50)
	term.Wait("│ item 3 of 1,204")
	term.Press("esc")
	term.WaitFor("the item to be gone", func() bool { return !strings.Contains(term.Screen(), "│ item 3") })
	term.Type("/kettle")
	term.Wait("/kettle/ 1 of ")
	term.Press("enter")
	term.Type("&s")
	term.WaitMatch(`name ↑`)
	term.Wait("› /kettle/")
	term.Press("esc")
	term.WaitFor("the filter to be gone", func() bool { return !strings.Contains(term.Screen(), "› /kettle/") })
	term.Press("esc")
	term.WaitFor("the order to be gone", func() bool { return !strings.Contains(term.Screen(), "name ↑") })
	term.Press("tab")
	term.WaitMatch(`column +(type|coverage)`)
	term.Press("tab")
	term.Wait("page  items")
	term.Type("5")
	term.Wait("compared with 10 earlier runs")
	term.Type("6")
	term.Wait("page 23: 4 products without a price were kept")
	term.Type("7")
	term.Wait(`"run_status"       "completed"`)
	term.Type("?")
	term.Wait("half a page down")
	term.Type("q")
	checkExit(t, term, 0)
	for _, want := range []string{"catalogue01", "1,204 items", "80 credits", "drift 0.07", "page 23", "sbwatch demo"} {
		if !strings.Contains(term.Screen(), want) {
			t.Errorf("the summary lacks %q:\n%s", want, term.Screen())
		}
	}
}

func TestQuitAndSignals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leave func(*termtest.Term)
		code  int
	}{
		"q":       {func(term *termtest.Term) { term.Type("q") }, 130},
		"ctrl+c":  {func(term *termtest.Term) { term.Press("ctrl+c") }, 130},
		"SIGINT":  {func(term *termtest.Term) { term.Signal(os.Interrupt) }, 130},
		"SIGTERM": {func(term *termtest.Term) { term.Signal(syscall.SIGTERM) }, 143},
		"SIGHUP":  {func(term *termtest.Term) { term.Signal(syscall.SIGHUP) }, 129},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := start(t, nil, "demo", "--speed", "1")
			term.Wait("running")
			c.leave(term)
			checkExit(t, term, c.code)
		})
	}
}

func TestTimeoutEndsTheDashboard(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "--speed", "1", "--timeout", "300ms")
	checkExit(t, term, 124)
}

func TestAFailedRunInTheDashboard(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "failing0001", "--speed", "100", "--interval", "100ms")
	term.Wait("element not found: a.next-page")
	term.Wait("request  req_")
	term.Type("q")
	checkExit(t, term, 1)
	if !strings.Contains(term.Screen(), "req_") || !strings.Contains(term.Screen(), "element not found") {
		t.Errorf("the summary lacks the error:\n%s", term.Screen())
	}
}

func TestVerdictFollowsTheDashboard(t *testing.T) {
	t.Parallel()
	_, env := emulated.Serve(t, emulator.Options{Speed: 100})
	term := start(t, env, "run", "--yes", "--interval", "100ms", "--coverage", "price=0.9", "drifted0001")
	term.Wait("✓ completed")
	term.Type("q")
	checkExit(t, term, 3)
	for _, want := range []string{"fail ", "coverage price 0.9", "price is missing from page 3 on", "1 of 1 rule is broken"} {
		if !strings.Contains(term.Screen(), want) {
			t.Errorf("the summary lacks %q:\n%s", want, term.Screen())
		}
	}
}

// TestNothingHostileReachesTheTerminal browses all of the hostile run and checks every byte written.
func TestNothingHostileReachesTheTerminal(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "hostile0001", "--speed", "100", "--interval", "100ms")
	term.Wait("completed")
	term.Wait("1 of 189")
	for range 14 {
		term.Type("l")
		term.Press("space")
	}
	term.Type("$G")
	term.Wait("189 of 189")
	term.Press("enter")
	term.Wait("item 189 of 189")
	for range 20 {
		term.Type("h")
	}
	term.Wait("item 169 of 189")
	term.Press("esc")
	term.Wait("169 of 189 · columns")
	term.Type("2")
	term.WaitMatch(`column +(type|coverage)`)
	for range 12 {
		term.Type("lhj")
	}
	term.Type("3")
	term.Wait("page  items")
	term.Type("567")
	term.Wait("run_status")
	term.Type("q")
	checkExit(t, term, 0)

	allowed := regexp.MustCompile(`\x1b\[[0-9;:?<=>]*[ $]?[A-Za-z]` + // colors, cursor, modes, queries
		`|\x1b\](?:2;[^\x00-\x1f\x7f]*|7501;[^\x00-\x1f\x7f]*|9;4;[0-9;]*|11;\?)(?:\x07|\x1b\\)` + // title, status, progress, background
		`|\x1b[=>78(DEM]B?|\x1bP\+q[0-9A-Fa-f;]*\x1b\\|[\r\n\x08\t]`)
	rest := allowed.ReplaceAll(term.Raw(), nil)
	if at := bytes.IndexFunc(rest, func(r rune) bool { return r < ' ' || (r >= 0x7f && r < 0xa0) || r == 0x202e }); at >= 0 {
		t.Errorf("%q reached the terminal", rest[max(0, at-30):min(len(rest), at+30)])
	}
	for _, evil := range []string{"\x1b]0;", "\x1b]52;", "\x1b]8;", "\x1b_", "\x1b[2J\x1b[3J"} {
		if bytes.Contains(term.Raw(), []byte(evil)) {
			t.Errorf("%q reached the terminal", evil)
		}
	}
}

func TestCopyGoesToTheClipboardEncoded(t *testing.T) {
	t.Parallel()
	term := start(t, nil, "demo", "m3Yc2tFvN8q", "--speed", "200", "--interval", "100ms")
	term.Wait("completed")
	term.Wait("Product A")
	term.Type("y")
	term.Wait("sent Product A")
	// The clipboard sequence is not part of the frame that reports the copy, and may arrive after it.
	term.WaitFor("the cell on the clipboard", func() bool {
		return bytes.Contains(term.Raw(), []byte("\x1b]52;c;UHJvZHVjdCBB")) // "Product A"
	})
	term.Type("q")
	checkExit(t, term, 0)
}

// TestNetworkFailureAndRecovery stops the service in the middle of a run and starts it again.
func TestNetworkFailureAndRecovery(t *testing.T) {
	t.Parallel()
	clock := emulated.NewClock()
	service, err := emulator.New(emulator.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	server := &http.Server{Handler: service}
	go func() { _ = server.Serve(listener) }()
	env := []string{"WEBSCRAPE_API_KEY=" + emulator.ExampleKey, "WEBSCRAPE_BASE_URL=http://" + address + "/v1"}
	term := start(t, env, "run", "catalogue01", "--yes", "--interval", "100ms")
	term.Wait("q quit")
	clock.Advance(30 * time.Second)
	term.WaitMatch(`[1-9]\d* so far`)
	_ = server.Close()
	term.Wait("no connection to 127.0.0.1")
	term.Wait("next try in")
	term.Wait("numbers are")
	listener, err = net.Listen("tcp", address)
	if err != nil {
		t.Skipf("the port is in use: %v", err)
	}
	server = &http.Server{Handler: service}
	t.Cleanup(func() { _ = server.Close() })
	go func() { _ = server.Serve(listener) }()
	clock.Advance(time.Hour)
	term.Type("p")
	term.Wait("completed")
	term.Wait("1 of 1,204")
	term.Type("q")
	checkExit(t, term, 0)
}

func TestItemsFromAPipeWithKeysFromTheTerminal(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = read.Close() })
	go func() {
		defer func() { _ = write.Close() }()
		for range 500 {
			_, _ = write.WriteString(`{"name":"piped","n":1}` + "\n")
		}
	}()
	term := termtest.Start(t, termtest.Options{
		Args: []string{sbwatch.Path(t), "open", "-"}, Cols: 80, Rows: 24, Stdin: read,
	})
	term.Wait("1 of 500")
	term.Type("G")
	term.Wait("500 of 500")
	term.Wait("✓ read")
	term.Type("q")
	checkExit(t, term, 0)
}

func TestASavedAnswerInTheDashboard(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "answer.json")
	answer := `{"status":"completed","data":{"id":"k7Xb9dRmQ2p","run_status":"completed","items_extracted":2,` +
		`"result":{"pages":[{"items":[{"name":"Product A"},{"name":"Product B","more":null}]}],"drift":0.02,"warnings":[]}}}`
	if err := os.WriteFile(file, []byte(answer), 0o600); err != nil {
		t.Fatal(err)
	}
	term := start(t, nil, "open", file)
	term.Wait("Product B")
	term.Wait("drift 0.02")
	clickOn(t, term, "Product B")
	term.Wait("2 of 2")
	clickOn(t, term, "Raw")
	term.Wait(`"run_status"`)
	term.Type("m")
	term.Wait("Press m")
	term.Type("q")
	checkExit(t, term, 0)
}

// clickOn sends what a terminal sends for a click on a text.
func clickOn(t *testing.T, term *termtest.Term, words string) {
	t.Helper()
	for y, line := range strings.Split(term.Screen(), "\n") {
		if before, _, found := strings.Cut(line, words); found {
			at := fmt.Sprintf("0;%d;%d", ansi.WcWidth.StringWidth(before)+1, y+1)
			term.Type("\x1b[<" + at + "M\x1b[<" + at + "m")
			return
		}
	}
	t.Fatalf("no %q on the screen:\n%s", words, term.Screen())
}

func TestRunAsksBeforeItSpends(t *testing.T) {
	t.Parallel()
	_, env := emulated.Serve(t, emulator.Options{Speed: 100})
	term := start(t, env, "run", "m3Yc2tFvN8q", "--interval", "100ms")
	term.WaitMatch(`(?i)up to [0-9,]+ of your [0-9,]+ credits`)
	term.Type("y\r")
	term.Wait("completed")
	term.Wait("Product A")
	term.Type("q")
	checkExit(t, term, 0)

	term = start(t, env, "run", "m3Yc2tFvN8q")
	term.WaitMatch(`(?i)up to [0-9,]+ of your [0-9,]+ credits`)
	term.Type("\r")
	checkExit(t, term, 130)
	if !strings.Contains(term.Screen(), "nothing was dispatched") {
		t.Errorf("the output does not say that the run was declined:\n%s", term.Screen())
	}
}

func TestNoColor(t *testing.T) {
	t.Parallel()
	term := start(t, []string{"NO_COLOR=1"}, "demo", "--speed", "100", "--interval", "100ms")
	term.Wait("completed")
	term.Wait("1 of 1,204")
	term.Type("jl")
	term.Wait("2 of 1,204")
	term.Type("q")
	checkExit(t, term, 0)
	if color := regexp.MustCompile(`\x1b\[[0-9;]*(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])[0-9;:]*m`).Find(term.Raw()); color != nil {
		t.Errorf("color despite NO_COLOR: %q", color)
	}
}

// TestReadmeFirstCommand runs the first command of README.md.
func TestReadmeFirstCommand(t *testing.T) {
	t.Parallel()
	term := termtest.Start(t, termtest.Options{
		Args: []string{goCommand(t), "run", ".", "demo", "--speed", "60"}, Cols: 100, Rows: 30,
		Env: []string{"HOME=" + os.Getenv("HOME"), "GOPATH=" + os.Getenv("GOPATH"), "GOFLAGS=" + os.Getenv("GOFLAGS"), "XDG_DATA_HOME=" + t.TempDir()},
	})
	term.Wait("completed")
	term.Wait("1 of 1,204")
	term.Type("q")
	checkExit(t, term, 0)
}

func goCommand(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command in the path")
	}
	return path
}
