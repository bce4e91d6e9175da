package cmd

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"

	"sbwatch/api/emulator"
)

// TestMain makes this test binary run as the program if its name is sbwatch, for scripts and tests that need a process.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sbwatch": func() { os.Exit(Main(ThisProcess())) },
	})
}

// TestScripts runs the scripts in testdata/script. In addition to the commands of testscript they can use:
//
//	service [flags of the emulator]   starts an emulator and sets the environment to use it
//	answers STATUS TYPE FILE          starts a server with a fixed answer and sets the environment to use it
//	exits CODE COMMAND...             runs a command and checks its exit code
//	receiver FILE STATUS...           starts a server that answers with the statuses in turn, sets $RECEIVER to its address, and writes each request to a line of FILE
//	night N ITEMS PRICED DRIFT        writes nightN.json, the answer for run nightN with ITEMS items, of which PRICED have a price
//	ports NAME...                     sets variables to free ports of the loopback interface
//	reaches PORT                      waits until something listens on a port
//	quiet                             checks that standard error is empty, except for the message that a slow machine is recording the run
//	complains TEXT                    checks that standard error is one printable line that contains the text
func TestScripts(t *testing.T) {
	cases, err := filepath.Abs("../files/read/testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv(keyVariable, emulator.ExampleKey)
			env.Setenv("EXAMPLE_KEY", emulator.ExampleKey)
			env.Setenv("TZ", "UTC")
			env.Setenv("XDG_DATA_HOME", env.Getenv("WORK")+"/.data")
			env.Setenv("XDG_CONFIG_HOME", env.Getenv("WORK")+"/.config")
			env.Setenv("CASES", cases)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"service":   scriptService,
			"answers":   scriptAnswers,
			"exits":     scriptExits,
			"complains": scriptComplains,
			"quiet":     scriptQuiet,
			"ports":     scriptPorts,
			"reaches":   scriptReaches,
			"night":     scriptNight,
			"receiver":  scriptReceiver,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

func scriptService(ts *testscript.TestScript, _ bool, args []string) {
	var options emulator.Options
	var limits emulatorLimits
	flags := pflag.NewFlagSet("service", pflag.ContinueOnError)
	addEmulatorFlags(flags, &options, 1000)
	limits.addTo(flags)
	addServiceFlags(flags, &options)
	ts.Check(flags.Parse(args))
	limits.apply(flags, &options)
	service, err := emulator.New(options)
	ts.Check(err)
	scriptServe(ts, service)
}

func scriptAnswers(ts *testscript.TestScript, _ bool, args []string) {
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	body := ts.ReadFile(args[2])
	scriptServe(ts, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", args[1])
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
}

func scriptServe(ts *testscript.TestScript, handler http.Handler) {
	server := httptest.NewServer(handler)
	ts.Defer(server.Close)
	ts.Setenv(baseURLVariable, server.URL+"/v1")
}

func scriptReceiver(ts *testscript.TestScript, _ bool, args []string) {
	file, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	var mu sync.Mutex
	statuses := args[1:]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprintf(file, "%s %s %s %s", r.Method, r.URL.Path, r.Header.Get("Content-Type"), body)
		status, _ := strconv.Atoi(statuses[0])
		statuses = statuses[min(1, len(statuses)-1):]
		w.WriteHeader(status)
	}))
	ts.Defer(func() {
		server.Close()
		_ = file.Close()
	})
	ts.Setenv("RECEIVER", server.URL)
}

func scriptNight(ts *testscript.TestScript, _ bool, args []string) {
	night, err := strconv.Atoi(args[0])
	ts.Check(err)
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	priced, err := strconv.Atoi(args[2])
	ts.Check(err)
	var items []string
	for i := range count {
		price := ""
		if i < priced {
			price = fmt.Sprintf(`,"price":%d`, 10+i)
		}
		items = append(items, fmt.Sprintf(`{"sku":"s%d"%s}`, i, price))
	}
	answer := fmt.Sprintf(`{"status":"completed","request_id":"req_1","data":{"id":"night%d","recipe_id":"m3Yc2tFvN8q","run_status":"completed",
"started_at":"2026-10-%02dT03:00:00Z","completed_at":"2026-10-%02dT03:01:30Z","pages_extracted":1,"items_extracted":%d,"credits_used":2,
"result":{"drift":%s,"warnings":[],"pages":[{"items":[%s]}]}}}`, night, night, night, count, args[3], strings.Join(items, ","))
	ts.Check(os.WriteFile(ts.MkAbs("night"+args[0]+".json"), []byte(answer), 0o600))
}

func scriptExits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code, err = exit.ExitCode(), nil
	}
	ts.Check(err)
	if code != want {
		ts.Fatalf("%s exits with %d, want %d", strings.Join(args[1:], " "), code, want)
	}
}

func scriptPorts(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		_, port, err := net.SplitHostPort(listener.Addr().String())
		ts.Check(err)
		ts.Setenv(name, port)
		defer func() { ts.Check(listener.Close()) }() // all ports stay in use until the end, so that they differ
	}
}

func scriptReaches(ts *testscript.TestScript, _ bool, args []string) {
	for range 6000 { // 30 s
		conn, err := net.Dial("tcp", "127.0.0.1:"+args[0])
		if err == nil {
			ts.Check(conn.Close())
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	ts.Fatalf("nothing listens on port %s", args[0])
}

// said returns what the last command wrote to standard error, without the message of [fast].
func said(ts *testscript.TestScript) string { return fast(ts.ReadFile("stderr")) }

// fast returns standard error without the message of a slow machine that the run is being recorded.
func fast(stderr string) string {
	return strings.ReplaceAll(stderr, "sbwatch: recording the run\n", "")
}

func scriptQuiet(ts *testscript.TestScript, _ bool, _ []string) {
	if stderr := said(ts); stderr != "" {
		ts.Fatalf("standard error is %q, want nothing", stderr)
	}
}

func scriptComplains(ts *testscript.TestScript, _ bool, args []string) {
	if err := oneSafeLine(said(ts)); err != nil {
		ts.Fatalf("%v", err)
	}
	if stderr := said(ts); !strings.Contains(stderr, args[0]) {
		ts.Fatalf("standard error is %q, want %q in it", stderr, args[0])
	}
}

// oneSafeLine checks that text is one error line of sbwatch, without control characters and without the key.
func oneSafeLine(text string) error {
	line, ended := strings.CutSuffix(text, "\n")
	switch {
	case !ended || strings.Contains(line, "\n"):
		return fmt.Errorf("not one line: %q", text)
	case !strings.HasPrefix(line, "sbwatch: "):
		return fmt.Errorf("not of sbwatch: %q", text)
	case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) }):
		return fmt.Errorf("control characters in %q", text)
	case strings.Contains(line, "wsg_live_"):
		return fmt.Errorf("the key is in %q", text)
	default:
		return nil
	}
}
