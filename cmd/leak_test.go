package cmd

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/api/emulator"
	"sbwatch/internal/headless"
	"sbwatch/internal/testrun"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/ui"
)

// hiddenPart returns a part of the key that must never be shown. The beginning of the key may be shown.
func hiddenPart() string { return strings.TrimPrefix(emulator.ExampleKey, "wsg_live_")[4:20] }

// echo is a service that repeats the API key wherever its answers can contain text.
type echo struct {
	t      *testing.T
	answer func(w http.ResponseWriter, r *http.Request, key string)

	mu       sync.Mutex
	requests int
	packed   bool
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests++
	key := r.Header.Get("X-API-Key")
	if key != emulator.ExampleKey {
		e.t.Errorf("%s: X-API-Key is %q", r.URL, key)
	}
	r.Header.Del("X-API-Key")
	if sent := fmt.Sprint(r.Method, r.RequestURI, r.Host, r.Header, r.TransferEncoding); strings.Contains(sent, hiddenPart()) {
		e.t.Errorf("the key was sent outside of its header: %s", sent)
	}
	w.Header().Set("X-Request-ID", key)
	w.Header().Set("Server", key)
	if e.packed {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		defer func() { _ = packed.Close() }()
		w = packedWriter{w, packed}
	}
	e.answer(w, r, key)
}

// asked returns the number of requests.
func (e *echo) asked() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.requests
}

type packedWriter struct {
	http.ResponseWriter
	packed io.Writer
}

func (w packedWriter) Write(p []byte) (int, error) { return w.packed.Write(p) }

// escaped returns the key with JSON escapes.
func escaped(key string) string {
	return fmt.Sprintf(`\u%04x`, key[0]) + key[1:12] + fmt.Sprintf(`\u%04X`, key[12]) + key[13:]
}

// echoRun returns a handler that answers with a run that contains the key in every text.
func echoRun(status string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, r *http.Request, key string) {
		data := `"run_id":"run-KEY","id":"KEY","recipe_id":"KEY","run_status":"` + status + `","error":` +
			map[bool]string{true: `"failed: KEY ESC"`, false: "null"}[status == "failed"] +
			`,"started_at":"2026-05-21T12:00:00Z","completed_at":"2026-05-21T12:01:00Z","KEY":"KEY","result":{"mode":"KEY","drift":0.5,` +
			`"warnings":["KEY","ESC",{"KEY":1}],"pages":[{"items":[{"KEY":"ESC","b":"https://shop.example/?k=KEY","c":["KEY"]},{"ESC":{"d":"KEY"}}]}]}`
		switch {
		case r.Method == http.MethodPost:
			w.WriteHeader(http.StatusAccepted)
		case strings.HasSuffix(r.URL.Path, "/usage"):
			data = `"runs_used_30d":1,"last_run":{"id":"KEY","status":"ESC","created_at":"2026-05-21T12:00:00Z"}`
		}
		_, _ = io.WriteString(w, strings.NewReplacer("KEY", key, "ESC", escaped(key)).Replace(`{"status":"completed","request_id":"KEY","data":{`+data+"}}"))
	}
}

// echoError returns a handler that answers with an error. KEY in body is replaced by the key, and ESC by the key with
// JSON escapes.
func echoError(status int, body string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, key string) {
		w.Header().Set("Retry-After", key)
		w.Header().Set("Location", "http://"+key+".example/"+key)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, strings.NewReplacer("KEY", key, "ESC", escaped(key)).Replace(body))
	}
}

func echoes() map[string]func(http.ResponseWriter, *http.Request, string) {
	return map[string]func(http.ResponseWriter, *http.Request, string){
		"completed":    echoRun("completed"),
		"failed":       echoRun("failed"),
		"unknown":      echoRun("KEY"),
		"unauthorized": echoError(401, `{"error":{"code":"KEY","message":"ESC KEY","details":{"KEY":"ESC"}},"request_id":"KEY"}`),
		"limited":      echoError(429, `{"error":{"code":"rate_limited","message":"KEY","details":{"reason":"KEY","KEY":1}}}`),
		"plain error":  echoError(403, `{"error":"KEY"}`),
		"text":         echoError(410, "KEY"),
		"HTML":         echoError(404, "<html>KEY"),
		"redirect":     echoError(302, ""),
		"cut":          echoError(200, `{"data":{"result":{"pages":[{"items":[{"a":"KEY"},{"KEY`),
		"not JSON":     echoError(200, "KEY"),
	}
}

// If the service repeats the key, no command writes it to its output, to a file or anywhere else.
func TestTheKeyIsWrittenNowhere(t *testing.T) {
	t.Parallel()
	for name, answer := range echoes() {
		for _, packed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, packed %v", name, packed), func(t *testing.T) {
				t.Parallel()
				service := &echo{t: t, answer: answer, packed: packed}
				server := httptest.NewServer(service)
				defer server.Close()
				folder := t.TempDir()
				wait := []string{"--timeout", "20ms", "--interval", "100ms"}
				for _, args := range [][]string{
					{"usage"},
					{"usage", "--json"},
					append([]string{"watch", "r1"}, wait...),
					append([]string{"run", "--yes", "--json", "c1"}, wait...),
					append([]string{"check", "r1", "--min-items", "1"}, wait...),
					append([]string{"export", "r1", "-o", filepath.Join(folder, "items.csv")}, wait...),
					append([]string{"export", "r1", "--format", "ndjson"}, wait...),
				} {
					var out bytes.Buffer
					Main(Process{
						Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now,
						Environ: []string{keyVariable + "=" + emulator.ExampleKey, baseURLVariable + "=" + server.URL, "XDG_DATA_HOME=" + folder},
					})
					if strings.Contains(out.String(), hiddenPart()) {
						t.Errorf("%q writes the key: %s", args, out.String())
					}
				}
				if service.asked() == 0 {
					t.Error("got no requests")
				}
				wantNoKeyIn(t, folder)
			})
		}
	}
}

// wantNoKeyIn checks that no file in a folder contains the key.
func wantNoKeyIn(t *testing.T, folder string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(folder, name))
		if strings.Contains(string(content)+name, hiddenPart()) {
			t.Errorf("%s contains the key: %s", name, content)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The dashboard does not show the key on any screen or in the title, and does not copy it.
func TestTheKeyIsOnNoScreen(t *testing.T) {
	t.Parallel()
	for name, answer := range echoes() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				player := headless.Start(ui.New(ctx, ui.Config{
					Watch: testrun.Dispatch("c1"), Service: hostileClient(t, &echo{t: t, answer: answer}),
					Interval: time.Second, Now: time.Now, Jitter: func() float64 { return 0 }, Width: 200, Height: 50, Commands: report.Commands{},
				}))
				player.Run(3 * time.Second)
				for _, key := range []rune{0, tea.KeyTab, tea.KeyEnter, tea.KeyEscape, tea.KeyTab, tea.KeyTab, tea.KeyTab, 'e', tea.KeyEscape, '?'} {
					player.SendAfter(0, tea.KeyPressMsg{Code: key})
					player.Run(time.Second)
					view := player.Model.View()
					if shown := view.Content + view.WindowTitle + fmt.Sprint(view.ProgramStatus); strings.Contains(shown, hiddenPart()) {
						t.Errorf("after key press %d the API key is shown: %s", key, shown)
					}
				}
				cancel()
				player.Stop()
				synctest.Wait()
				if app, ok := player.Model.(*ui.App); ok {
					wantNoKeyInWatch(t, &app.Watches()[0])
				}
			})
		})
	}
}

// wantNoKeyInWatch checks that the raw texts of a watch, which can be copied and exported, do not contain the key.
func wantNoKeyInWatch(t *testing.T, watch *watch.Watch) {
	t.Helper()
	answer, _ := watch.Answer()
	texts := []text.Text{watch.RunID(), watch.RecipeID(), answer.Envelope, answer.RequestID, answer.Run.Error}
	if problem := watch.Problem(); problem != nil {
		texts = append(texts, problem.Summary, problem.Message, problem.Details, problem.Code, problem.RequestID, text.NewText(problem.Error()))
	}
	for i := range watch.Items().Len() {
		texts = append(texts, text.NewText(string(watch.Items().Row(i))))
	}
	for _, text := range texts {
		if strings.Contains(text.Raw(), hiddenPart()) {
			t.Errorf("the key is in %s", text)
		}
	}
}
