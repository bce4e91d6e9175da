package read

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"sbwatch/internal/streams"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

const (
	savedResult = streams.Result
	savedData   = streams.Data
	savedPoll   = streams.Poll
)

func openText(text string) (run.Answer, error) { return Open(strings.NewReader(text), Options{}) }

func TestOpenKnowsTheFormsOfARun(t *testing.T) {
	const runRows = "1 {\"name\":\"A\"}\n1 {\"name\":\"B\"}\n2 {\"name\":\"C\"}"
	const bareRows = "0 {\"name\":\"A\"}\n0 {\"name\":\"B\"}"
	for _, test := range []struct{ what, text, rows, status, id string }{
		{"an answer to a poll", savedPoll, runRows, "completed", "k7Xb9dRmQ2p"},
		{"with a byte order mark", "\ufeff\n " + savedPoll + "\n", runRows, "completed", "k7Xb9dRmQ2p"},
		{"the data first", `{"data":` + savedData + `,"status":"completed","request_id":"r"}`, runRows, "completed", "k7Xb9dRmQ2p"},
		{"the result first in the data", `{"data":{"result":` + savedResult + `,"id":"k7Xb9dRmQ2p"}}`, runRows, "queued", "k7Xb9dRmQ2p"},
		{"a run under way", `{"status":"completed","request_id":"r","data":{"id":"x","run_status":"running","pages_extracted":1}}`, "", "running", "x"},
		{"the data of a poll", savedData, runRows, "completed", "k7Xb9dRmQ2p"},
		{"the data of a failed run", `{"id":"x","recipe_id":"y","run_status":"failed","error":"e"}`, "", "failed", "x"},
		{"a result", savedResult, runRows, "completed", ""},
		{"a result without pages", `{"pages":[],"mode":"replay"}`, "", "completed", ""},
		{"an array", ` [{"name":"A"},{"name":"B"}] `, bareRows, "queued", ""},
		{"an empty array", `[]`, "", "queued", ""},
		{"arrays, one after the other", "[{\"name\":\"A\"}]\n[]\n[{\"name\":\"B\"}]\n", bareRows, "queued", ""},
		{"lines", "{\"name\":\"A\"}\n{\"name\":\"B\"}\n", bareRows, "queued", ""},
		{"lines of Windows, the last without an end", "{\"name\":\"A\"}\r\n\r\n{\"name\":\"B\"}", bareRows, "queued", ""},
		{"lines that are no objects", "{\"name\":\"A\"}\n\"x\"\nnull\n12", "0 {\"name\":\"A\"}\n0 \"x\"\n0 null\n0 12", "queued", ""},
		{"one item", `{"name":"A"}`, `0 {"name":"A"}`, "queued", ""},
		{"an item without fields", `{}`, `0 {}`, "queued", ""},
		{"an item with names of ours", `{"status":"sold","data":{"a":1},"result":{"x":1},"pages":320,"id":"7"}`, `0 {"status":"sold","data":{"a":1},"result":{"x":1},"pages":320,"id":"7"}`, "queued", ""},
		{"an item with a list of pages", `{"pages":[1,2],"id":"b"}`, `0 {"pages":[1,2],"id":"b"}`, "queued", ""},
	} {
		t.Run(test.what, func(t *testing.T) {
			for how, reader := range map[string]io.Reader{"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text))} {
				answer, err := Open(reader, Options{})
				if err != nil {
					t.Fatalf("%s: %v", how, err)
				}
				if got := strings.Join(rowsOf(answer.Items), "\n"); got != test.rows {
					t.Errorf("%s: rows\n%s, want\n%s", how, got, test.rows)
				}
				if answer.Run.Status().String() != test.status || answer.Run.ID.Raw() != test.id {
					t.Errorf("%s: run %q, %s", how, answer.Run.ID, answer.Run.Status())
				}
			}
		})
	}
}

func TestOpenGivesTheFieldsAround(t *testing.T) {
	answer, err := openText(savedPoll)
	if err != nil {
		t.Fatal(err)
	}
	if answer.CreditsRemaining.Or(0) != 494 || answer.RequestID.Raw() != "req_aB3xY9Kp" || answer.Run.Drift().Or(0) != 0.02 {
		t.Errorf("answer %+v", answer)
	}
	for _, test := range []struct{ text, envelope string }{
		{savedResult, "{\n  \"pages\": [\n    {\n      \"items\": \"2 items\"\n    },\n    {\n      \"items\": \"1 item\"\n    }\n  ],\n  \"mode\""},
		{savedData, "{\n  \"id\": \"k7Xb9dRmQ2p\""},
		{`[1,2]`, `"2 items"`},
	} {
		answer, err := openText(test.text)
		if err != nil || !strings.HasPrefix(answer.Envelope.Raw(), test.envelope) {
			t.Errorf("%s: %v, envelope %s", test.text, err, answer.Envelope.Raw())
		}
	}
}

func TestOpenSaysWhatCannotBeRead(t *testing.T) {
	for _, test := range []struct{ what, text, says string }{
		{"nothing", "", "it is empty"},
		{"space", " \r\n\t", "it is empty"},
		{"a byte order mark alone", "\ufeff", "it is empty"},
		{"gzip cut at once", "\x1f\x8b\x08\x00\x00", "cut short after 5 bytes of gzip"},
		{"zstd cut at once", "\x28\xb5\x2f\xfd\x00", "cut short after 0 bytes unpacked from zstd"},
		{"Parquet cut", "PAR1\x15\x00\x15", "cut short after 0 items (the end of the Parquet file, which locates its columns, is missing"},
		{"Parquet of rubbish", "PAR1\x15\x00\x15\x00\x00\x00\x00\x00PAR1", "it cannot be read (the Parquet file is broken: its metadata ends too early)"},
		{"encrypted Parquet", "PARE\x15\x00\x15\x00\x00\x00\x00\x00PARE", "it is an encrypted Parquet file: decrypt it first"},
		{"zip", "PK\x03\x04\x14", "a zip archive"},
		{"a program", "\x7fELF\x02\x01\x01\x00", "it is not JSON"},
		{"text", "hello, world\n", "it is not JSON"},
		{"lines of text", "it is not,\nany CSV", "it is not JSON"},
		{"lines without a comma", "one\ntwo\n", "it is not JSON"},
		{"a program of two lines", "\x7fELF,\x02\n\x01,\x01\n", "it is not JSON"},
		{"a page", "<!DOCTYPE html><html>", "HTML"},
		{"PDF", "%PDF-1.4\r\n%\xe2\xe3\xcf\xd3\r\n1 0 obj\r\n", "it is a PDF document"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "it is a picture"},
		{"bzip2", "BZh91AY&SY\x00", "it is compressed with bzip2: unpack it first"},
		{"xz", "\xfd7zXZ\x00\x00", "it is compressed with xz: unpack it first"},
		{"7z", "7z\xbc\xaf\x27\x1c", "it is a 7z archive: unpack it first"},
	} {
		answer, err := openText(test.text)
		problem := problemOf(t, err)
		if problem.Kind != run.ProblemInput || !strings.Contains(problem.Summary.Raw(), test.says) || problem.NextStep.IsEmpty() {
			t.Errorf("%s: kind %d, %v", test.what, problem.Kind, problem)
		}
		if answer.Items.Len() != 0 {
			t.Errorf("%s: %d items", test.what, answer.Items.Len())
		}
	}
}

func TestOpenOfADirectory(t *testing.T) {
	directory, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = directory.Close() }()
	_, err = Open(directory, Options{})
	if problem := problemOf(t, err); problem.Kind != run.ProblemInput || problem.Summary.Raw() != "it is a directory" {
		t.Errorf("%v", problem)
	}
}

func TestOpenKeepsWhatStandsBeforeABrokenTail(t *testing.T) {
	poll := savedPoll[:strings.Index(savedPoll, `{"name":"B"}`)+3]
	for _, test := range []struct {
		what, text, id string
		items          int
		says           string
	}{
		{"a poll cut in an item", poll, "k7Xb9dRmQ2p", 1, "cut short after 185 bytes, in line 1"},
		{"lines cut", "{\"a\":1}\n{\"a\":2}\n{\"a\":", "", 2, "cut short after 21 bytes, in line 3"},
		{"a line that is no JSON", "{\"a\":1}\n{\"a\":2}\noops\n{\"a\":3}\n", "", 3, "invalid JSON after 16 bytes, in line 3 (unexpected o)"},
		{"zeros at the end", "{\"a\":1}\n\x00\x00\x00\x00", "", 1, "invalid JSON after 8 bytes, in line 2 (unexpected byte 0x00)"},
		{"an array cut", "[{\"a\":1},\n{\"a\":2}\n", "", 2, "cut short after 18 bytes, in line 3"},
		{"two answers", savedPoll + "\n" + savedPoll, "k7Xb9dRmQ2p", 3, "in line 2 (unexpected data after the answer)"},
		{"an array and more", "[1]]", "", 1, "invalid JSON after 3 bytes, in line 1 (unexpected ])"},
	} {
		for how, reader := range map[string]io.Reader{"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text))} {
			answer, err := Open(reader, Options{})
			problem := problemOf(t, err)
			if problem.Kind != run.ProblemInput || !strings.Contains(problem.Summary.Raw(), test.says) {
				t.Errorf("%s, %s: %v", test.what, how, problem)
			}
			if answer.Items.Len() != test.items || answer.Run.ID.Raw() != test.id {
				t.Errorf("%s, %s: %d items, run %q", test.what, how, answer.Items.Len(), answer.Run.ID)
			}
			if !strings.Contains(problem.NextStep.Raw(), text.Counted(int64(test.items), "item")) {
				t.Errorf("%s, %s: next step %q", test.what, how, problem.NextStep)
			}
		}
	}
}

func TestOpenCountsLinesFarFromTheBeginning(t *testing.T) {
	_, err := openText(strings.Repeat("{\"a\":\"0123456789\"}\n", 50_000) + "{\n\n!")
	if got := problemOf(t, err).Summary.Raw(); !strings.Contains(got, "after 950,003 bytes, in line 50,003") {
		t.Error(got)
	}
}

func TestOpenOfASourceThatFails(t *testing.T) {
	broken := errors.New("input/output \x1b[31merror")
	answer, err := Open(io.MultiReader(strings.NewReader("{\"a\":1}\n"), iotest.ErrReader(broken)), Options{})
	problem := problemOf(t, err)
	if !errors.Is(err, broken) || answer.Items.Len() != 1 || !strings.Contains(problem.Error(), "reading failed after 8 bytes") {
		t.Errorf("%d items, %v", answer.Items.Len(), err)
	}
	if strings.Contains(problem.Error(), "\x1b") {
		t.Errorf("%q reaches the terminal", problem.Error())
	}
}

func TestOpenOfASavedRefusal(t *testing.T) {
	_, err := openText(`{"status":"error","request_id":"req_1","error":{"code":"not_found","message":"Run not found"}}`)
	if problem := problemOf(t, err); problem.Code.Raw() != "not_found" || problem.RequestID.Raw() != "req_1" {
		t.Errorf("%v", problem)
	}
}

// TestOpenOfAnswersThatAreNotToAPoll checks that other answers of the service are refused.
func TestOpenOfAnswersThatAreNotToAPoll(t *testing.T) {
	for _, test := range []struct{ what, text, says string }{
		{"a dispatch", `{"status":"queued","request_id":"r","data":{"run_id":"x","recipe_id":"y","run_status":"running","poll_url":"/v1/smartbrowse/runs/x","created_at":"2026-05-21T12:00:00Z"}}`, "that does not describe a run"},
		{"usage", `{"status":"completed","request_id":"r","data":{"runs_used_30d":1,"cost_per_page":2,"last_run":null},"credits_remaining":3}`, "that does not describe a run"},
		{"an error without an envelope", ` {"error":"Invalid \u001b[31mAPI key"} `, `it is an error message of the service: Invalid \x1b[31mAPI key`},
	} {
		answer, err := openText(test.text)
		if problem := problemOf(t, err); problem.Kind != run.ProblemInput || !strings.Contains(problem.Error(), test.says) {
			t.Errorf("%s: %v", test.what, problem)
		}
		if answer.Items.Len() != 0 {
			t.Errorf("%s: %d items", test.what, answer.Items.Len())
		}
	}
	for what, text := range map[string]string{
		"an item with an error and more": `{"error":"out of stock","name":"A"}`,
		"errors, a line each":            "{\"error\":\"a\"}\n{\"error\":\"b\"}\n",
		"an array of one error":          `[{"error":"a"}]`,
		"an error that is no text":       `{"error":null}`,
	} {
		if answer, err := openText(text); err != nil || answer.Items.Len() == 0 {
			t.Errorf("%s: %v, %d items", what, err, answer.Items.Len())
		}
	}
}

// TestOpenStreams checks that items from a pipe are reported as soon as they arrive.
func TestOpenStreams(t *testing.T) {
	for _, begin := range []string{savedPoll[:strings.Index(savedPoll, `,{"name":"B"}`)+1], "[{\"name\":\"A\"},", "{\"name\":\"A\"}\n"} {
		source, writer := io.Pipe()
		told := make(chan int, 10)
		done := make(chan error, 1)
		go func() {
			_, err := Open(source, Options{OnItems: func(items item.Table) { told <- items.Len() }})
			done <- err
		}()
		if _, err := io.WriteString(writer, begin); err != nil {
			t.Fatal(err)
		}
		if items := <-told; items != 1 {
			t.Errorf("%s: told of %d items", begin, items)
		}
		_ = writer.Close()
		if err := <-done; (err == nil) != strings.HasSuffix(begin, "\n") {
			t.Errorf("%s: %v", begin, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, text := range []string{savedPoll, savedData, savedResult, "[1,2]", "{\"a\":1}\n{\"b\":2}\n3", "\ufeff{}", "\x1f\x8b", `{"pages":[{"items":[`, `{"data":{"result":{"pages":[`} {
		f.Add([]byte(text), []byte{3})
	}
	f.Fuzz(func(t *testing.T, text, sizes []byte) {
		whole, wholeErr := Open(strings.NewReader(string(text)), Options{})
		parts, partsErr := Open(streams.Parts(text, sizes), Options{})
		if (wholeErr == nil) != (partsErr == nil) || wholeErr != nil && wholeErr.Error() != partsErr.Error() {
			t.Fatalf("%q: %v in one part, %v in many", text, wholeErr, partsErr)
		}
		if strings.Join(rowsOf(whole.Items), "\n") != strings.Join(rowsOf(parts.Items), "\n") || whole.Envelope != parts.Envelope {
			t.Fatalf("%q: items %q in one part, %q in many", text, rowsOf(whole.Items), rowsOf(parts.Items))
		}
		if wholeErr != nil && problemOf(t, wholeErr).Summary.IsEmpty() {
			t.Fatalf("%q: an error without words", text)
		}
	})
}

// rowsOf returns the rows of a table, each with the number of its page.
func rowsOf(items item.Table) []string {
	var rows []string
	for i := range items.Len() {
		rows = append(rows, fmt.Sprintf("%d %s", items.Page(i), items.Row(i)))
	}
	return rows
}

func problemOf(t *testing.T, err error) *run.Problem {
	t.Helper()
	problem, ok := errors.AsType[*run.Problem](err)
	if !ok {
		t.Fatalf("error is %T (%v), want a *run.Problem", err, err)
	}
	return problem
}

// readerFunc is an io.Reader that calls a function.
type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
