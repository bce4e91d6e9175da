package read

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"sbwatch/internal/streams"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
)

// jsonCase is a text and the expected result of reading it.
type jsonCase struct {
	what, text string
	at         string
	isDefault  bool   // at is from the config file
	rows       string // expected rows, joined by spaces
	notes      string // expected notes, joined by "; "
	problem    string // start of the expected problem; empty if there is none
}

func (c jsonCase) check(t *testing.T) {
	t.Helper()
	for how, source := range map[string]io.Reader{"whole": strings.NewReader(c.text), "byte by byte": iotest.OneByteReader(strings.NewReader(c.text))} {
		options := Options{Name: "x.ndjson", At: c.at}
		if c.isDefault {
			options.AtPlace = "config.toml: line 3"
		}
		answer, err := Open(source, options)
		var rows, notes []string
		for i := range answer.Items.Len() {
			rows = append(rows, string(answer.Items.Row(i)))
		}
		for _, note := range answer.Notes.Sorted() {
			notes = append(notes, note.String())
		}
		if got := strings.Join(rows, " "); got != c.rows {
			t.Errorf("%s, %s: items %s\nwant %s", c.what, how, got, c.rows)
		}
		if got := strings.Join(notes, "; "); got != c.notes {
			t.Errorf("%s, %s: notes %q\nwant %q", c.what, how, got, c.notes)
		}
		if c.problem == "" && err != nil {
			t.Errorf("%s, %s: %v", c.what, how, err)
		}
		if c.problem != "" && !strings.HasPrefix(problemOf(t, err).Summary.Raw(), c.problem) {
			t.Errorf("%s, %s: problem %q, want %q", c.what, how, problemOf(t, err).Summary.Raw(), c.problem)
		}
	}
}

func TestDamagedLinesAreSkipped(t *testing.T) {
	for _, test := range []jsonCase{
		{
			what: "a torn line", text: "{\"id\":1}\n{\"id\":2,\"na\n{\"id\":3}\n{\"id\":4}\n", rows: `{"id":1} {"id":3} {"id":4}`,
			problem: "skipped a line that is not JSON (line 2): invalid JSON after 20 bytes, in line 2",
		},
		{
			what: "torn between values", text: "{\"id\":1}\n{\"id\":2,\n{\"id\":3}\n{\"id\":4", rows: `{"id":1} {"id":3}`,
			problem: "2 lines that are not JSON were skipped (lines 2, 4): invalid JSON after 18 bytes, in line 3",
		},
		{
			what: "torn in an inner list", text: "{\"id\":1,\"l\":[\n{\"id\":2}\n{\"id\":3}\n", rows: `{"id":2} {"id":3}`,
			problem: "skipped a line that is not JSON (line 1)",
		},
		{
			what: "the last line cut", text: "{\"id\":1}\n{\"id\":2,\"na", rows: `{"id":1}`,
			problem: "cut short after 20 bytes, in line 2",
		},
		{what: "two values on a line", text: "{\"id\":1}{\"id\":2}\n{\"id\":3} {\"id\":4}\n", rows: `{"id":1} {"id":2} {"id":3} {"id":4}`},
		{
			what: "garbage before a value", text: "{\"id\":1}\ndata: {\"id\":2}\n{\"id\":3}\n", rows: `{"id":1} {"id":3}`,
			problem: "skipped a line that is not JSON (line 2): invalid JSON after 9 bytes",
		},
		{
			what: "garbage behind a value", text: "{\"id\":1}\n{\"id\":2} oops\n{\"id\":3}\n", rows: `{"id":1} {"id":2} {"id":3}`,
			problem: "skipped a line that is not JSON (line 2)",
		},
		{
			what: "lines of a log", text: "{\"id\":1}\n2024-01-31 12:00 INFO page 2\n\n12 items so far\nINFO: ok\n\"quoted\": 1\n{\"id\":2}\n", rows: `{"id":1} {"id":2}`,
			problem: "4 lines that are not JSON were skipped (lines 2, 4, 5, …)",
		},
		{
			what: "values over lines", text: "{\n  \"id\": 1,\n  \"a\": {\n    \"b\": tru\n  }\n}\n{\n  \"id\": 2\n}\n", rows: "{\n  \"id\": 2\n}",
			problem: "6 lines that are not JSON were skipped (lines 1, 2, 3, …): invalid JSON after 34 bytes, in line 4",
		},
		{
			what: "a line in an array", text: "[\n{\"id\":1},\n{\"id\":2,\"na\n{\"id\":3},\n{\"id\":4}\n]\n", rows: `{"id":1} {"id":3} {"id":4}`,
			problem: "skipped a line that is not JSON (line 3)",
		},
		{
			what: "the last line in an array", text: "[\n  {\"id\":1},\n  {\"id\":2,\"na\n]\n", rows: `{"id":1}`,
			problem: "skipped a line that is not JSON (line 3)",
		},
		{what: "a list and more", text: "[1]]\n[2]\n", rows: `1 2`, problem: "skipped a line that is not JSON (line 1)"},
		{what: "nothing else", text: "{\"id\":1,\"na\n{\"id\n", problem: "invalid JSON after 11 bytes, in line 1"},
	} {
		test.check(t)
	}
}

func TestAlmostJSONIsRead(t *testing.T) {
	for _, test := range []jsonCase{
		{
			what: "numbers that are not finite", text: "{\"id\":1,\"x\":NaN}\n{\"id\":2,\"x\":Infinity}\n{\"id\":3,\"x\":1.5}\n[-Infinity]\n",
			rows: `{"id":1,"x":NaN} {"id":2,"x":Infinity} {"id":3,"x":1.5} [-Infinity]`, notes: "3 numbers are NaN or Infinity (lines 1, 2, 4)",
		},
		{
			what: "a mark in the middle", text: "{\"id\":1}\n\ufeff{\"id\":2}\n{\"id\":3}\n", rows: `{"id":1} {"id":2} {"id":3}`,
			notes: "skipped a byte order mark inside the file (line 2)",
		},
		{
			what: "a comma behind each line", text: "{\"id\":1},\n{\"id\":2},\n{\"id\":3},\n", rows: `{"id":1} {"id":2} {"id":3}`,
			notes: "3 extra commas were skipped, or missing ones added (lines 1, 2, 3)",
		},
		{
			what: "commas before brackets", text: "[{\"id\":1,},\n{\"l\":[1,],},]", rows: `{"id":1 } {"l":[1 ] }`,
			notes: "4 extra commas were skipped, or missing ones added (lines 1, 2)",
		},
		{what: "no commas", text: "[{\"id\":1}\n{\"id\":2}]", rows: `{"id":1} {"id":2}`, notes: "an extra comma was skipped, or a missing one added (line 2)"},
		{
			what: "comments", text: "[ // the items\n{\"id\":1 /* one */},\n/* two */ {\"id\":2}]", rows: `{"id":1  } {"id":2}`,
			notes: "3 values were repaired: their quotes, escapes or comments are not valid JSON (lines 1, 2, 3)",
		},
		{
			what: "Python", text: "{'id': 1, 'name': \"it's\", 'ok': True, 'x': None}\n", rows: `{"id": 1, "name": "it's", "ok": true, "x": null}`,
			notes: "repaired a value: its quotes, escapes or comments are not valid JSON (line 1)",
		},
		{
			what: "line breaks and tabs in a string", text: "{\"a\":\"x\ty\nz\"}\n{\"a\":2}\n", rows: `{"a":"x\ty\nz"} {"a":2}`,
			notes: "repaired a value: its quotes, escapes or comments are not valid JSON (line 1)",
		},
		{what: "record separators", text: "\x1e{\"id\":1}\n\x1e{\"id\":2}\n", rows: `{"id":1} {"id":2}`},
		{what: "a key twice and half a pair", text: `{"a":1,"a":"\ud800"}`, rows: `{"a":1,"a":"\ud800"}`},
	} {
		test.check(t)
	}
}

func TestWrappedLists(t *testing.T) {
	const two = `{"title":"A","price":1} {"title":"B","price":2}`
	const wrapper = `{"total":2,"articles":[{"title":"A","price":1},{"title":"B","price":2}]}`
	const lists = `{"a":[{"x":1}],"b":{"c":[{"y":1},{"y":2}]},"empty":[],"words":["w"]}`
	const keyed = `{"s1":{"n":1},"s2":{"n":NaN},"s3":{}}`
	for _, test := range []jsonCase{
		{what: "one list", text: wrapper, rows: two, notes: "the items were read from the list articles"},
		{what: "an empty list", text: `{"total":0,"items":[]}`, notes: "the items were read from the list items; the list of items is empty"},
		{what: "an empty list and no errors", text: `{"errors":[],"data":[],"page":1}`, notes: "the items were read from the list data; the list of items is empty"},
		{
			what: "an empty list in the first of several lines", text: "{\"page\":1,\"list\":[]}\n{\"page\":2,\"list\":[{\"id\":2}]}\n", rows: `{"id":2}`,
			notes: "the items were read from the list list",
		},
		{what: "an item with an empty list", text: `{"name":"A","tags":[]}`, rows: `{"name":"A","tags":[]}`},
		{what: "two empty lists", text: `{"data":[],"included":[]}`, rows: `{"data":[],"included":[]}`},
		{what: "an item of an empty list", text: `{"a" : []}`, rows: `{"a" : []}`},
		{what: "an empty list after a value of its name", text: `{"b":0,"b":[]}`, rows: `{"b":0,"b":[]}`},
		{what: "an empty key", text: `{"page":1,"":[]}`, rows: `{"page":1,"":[]}`},
		{what: "a list of numbers", text: `{"total":2,"ids":[1,2]}`, rows: `{"total":2,"ids":[1,2]}`},
		{what: "one list, asked for", text: wrapper, at: "articles", rows: two},
		{what: "the whole", text: wrapper, at: ".", rows: wrapper},
		{
			what: "a list further inside", text: `{"data":{"list":[{"id":1},{"id":NaN},]}}`, rows: `{"id":1} {"id":NaN}`,
			notes: "the items were read from the list data.list; a number is NaN or Infinity (line 1); an extra comma was skipped, or a missing one added (line 1)",
		},
		{
			what: "lines of wrappers", text: "{\"page\":1,\"list\":[{\"id\":1}]}\n{\"page\":2,\"list\":[{\"id\":2}]}\n{\"end\":true}\n", rows: `{"id":1} {"id":2}`,
			notes: "the items were read from the list list; skipped a value that has no list at list (line 3)",
		},
		{
			what: "lines of items with lists", text: "{\"name\":\"A\",\"sizes\":[{\"w\":1}]}\n{\"name\":\"B\",\"sizes\":[]}\n",
			rows: `{"name":"A","sizes":[{"w":1}]} {"name":"B","sizes":[]}`,
		},
		{what: "lines of items with lists, asked for", text: "{\"name\":\"A\",\"sizes\":[{\"w\":1}]}\n{\"name\":\"B\",\"sizes\":[7]}\n", at: "sizes", rows: `{"w":1} 7`},
		{what: "an array of wrappers", text: `[{"list":[{"id":1}]},{"list":[{"id":2}]}]`, at: "list", rows: `{"id":1} {"id":2}`},
		{what: "several lists", text: lists, rows: lists, notes: "the file was read as one item, although it contains 2 lists: a (1 item), b.c (2 items)"},
		{what: "one of several lists", text: lists, at: "b.c", rows: `{"y":1} {"y":2}`},
		{what: "an object", text: lists, at: "b", rows: `{"c":[{"y":1},{"y":2}]}`},
		{what: "objects by key, asked for", text: keyed, at: "*", rows: `{"(key)":"s1","n":1} {"(key)":"s2","n":NaN} {"(key)":"s3"}`, notes: "a number is NaN or Infinity (line 1)"},
		{
			what: "objects by key", text: `{"s1":{"n":1},"s2":{"n":2}}`, rows: `{"s1":{"n":1},"s2":{"n":2}}`,
			notes: "the file was read as one item, although it contains one object under each key (--at '*' reads these objects as items)",
		},
		{what: "a key with a dot", text: `{"a.b":[{"x":1}],"a":{"b":[{"x":2}]}}`, at: "a.b", rows: `{"x":1}`},
		{what: "an empty list, asked for", text: `{"data":{"list":[]}}`, at: "data.list", notes: "the list of items is empty"},
		{what: "no such list", text: wrapper, at: "artikel", problem: "it has no list at artikel"},
	} {
		test.check(t)
	}
}

func TestDefaultPathIsIgnoredIfItDoesNotFit(t *testing.T) {
	const ignored = "the default --at data.list of the config file does not fit this file and is ignored"
	const repaired = "repaired a value: its quotes, escapes or comments are not valid JSON (line 1)"
	const answer = `{"status":"completed","request_id":"r","data":{"id":"k7Xb9dRmQ2p","recipe_id":"m","run_status":"completed","result":{"pages":[{"items":[{"x":1}]}]}}}`
	for _, test := range []jsonCase{
		{what: "it fits", text: `{"status":"ok","request_id":"r","data":{"list":[{"x":1}]}}`, rows: `{"x":1}`},
		{what: "it fits the elements of an array", text: ` [ {"data":{"list":[{"x":1}]}}]`, rows: `{"x":1}`},
		{what: "it fits a text that is almost JSON", text: `{'data':{'list':[{'x':1}]}}`, rows: `{"x":1}`, notes: repaired},
		{what: "an empty list", text: `{"data":{"list":[]}}`, notes: "the list of items is empty"},
		{what: "an array", text: `[{"x":1}]`, rows: `{"x":1}`, notes: ignored},
		{what: "an empty array", text: `[ ]`, notes: ignored + "; the list of items is empty"},
		{what: "lines", text: "\n{\"x\":1}\n{\"x\":2}\n", rows: `{"x":1} {"x":2}`, notes: ignored},
		{what: "a text sequence", text: "\x1e{\"x\":1}\n", rows: `{"x":1}`, notes: ignored},
		{what: "another wrapper", text: `{"total":1,"items":[{"x":1}]}`, rows: `{"x":1}`, notes: "the items were read from the list items; " + ignored},
		{what: "a saved answer", text: answer, rows: `{"x":1}`, notes: ignored},
		{what: "CSV", text: "x,y\n1,2\n3,4\n", rows: `{"x":1,"y":2} {"x":3,"y":4}`, notes: ignored},
		{what: "no value at all", text: "// nothing\n", notes: repaired, problem: "it has no list at data.list"},
	} {
		test.at, test.isDefault = "data.list", true
		test.check(t)
	}
}

// FuzzJSON reads arbitrary text as JSON, as a whole and in parts. Both must give the same items, and each item must be
// valid JSON.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		"{\"id\":1}\n{\"id\":2,\"na\n{\"id\":3}\n", `{"n":2,"list":[{"a":NaN},{"b":1,}]}`, "[1,\n{\"a\n{'b':None}\n]", "\x1e{}\n\ufeff{}, // c\n2024-01 x\n{}",
		`{"a":[{}],"b":[{}]}`, "{\"a\":\"\x01\\x41\n\"}", "[{}{}]",
	} {
		for _, at := range []string{"", "list", "*", "."} {
			f.Add([]byte(text), []byte{2, 40}, at)
		}
	}
	f.Fuzz(func(t *testing.T, text, sizes []byte, at string) {
		whole, wholeErr := Open(strings.NewReader("{"+string(text)), Options{Name: "x.ndjson", At: at})
		parts, partsErr := Open(streams.Parts([]byte("{"+string(text)), sizes), Options{Name: "x.ndjson", At: at})
		if (wholeErr == nil) != (partsErr == nil) || strings.Join(rowsOf(whole.Items), "\n") != strings.Join(rowsOf(parts.Items), "\n") {
			t.Fatalf("%q: %v in one part, %v in many\n%q\n%q", text, wholeErr, partsErr, rowsOf(whole.Items), rowsOf(parts.Items))
		}
		for i := range whole.Items.Len() {
			if finite, _ := jsonscan.AppendFinite(nil, whole.Items.Row(i)); !json.Valid(finite) {
				t.Fatalf("%q: item %q", text, whole.Items.Row(i))
			}
		}
		if at == "" && wholeErr == nil && whole.Items.Total() == 0 && whole.Run.Status() == run.StatusQueued && len(whole.Notes) == 0 {
			t.Fatalf("%q: nothing there", text)
		}
	})
}

// TestOpenReadsJSONInScripts reads JSON in JavaScript, after comments and after record separators. The name of the file
// must not matter.
func TestOpenReadsJSONInScripts(t *testing.T) {
	const skipped = "skipped JavaScript before the JSON (line 1)"
	for _, test := range []struct{ what, text, notes string }{
		{"JSONP", "callback([{\"a\":1},{\"a\":2}]);\n", skipped},
		{"JSONP with a guard", "/**/ jQuery.cb_12([{\"a\":1},{\"a\":2}]);", skipped},
		{"a variable", "var data = [{\"a\":1},\n{\"a\":2}];\n", skipped},
		{"a wrapper", "window.__DATA__ = {\"total\":2,\"items\":[{\"a\":1},{\"a\":2}]};\n", "the items were read from the list items; " + skipped},
		{"a member", "window[\"x\"] = [{\"a\":1},{\"a\":2}]", skipped},
		{"a module", "export default [{\"a\":1},{\"a\":2}];", skipped},
		{"a guard", ")]}'\n[{\"a\":1},{\"a\":2}]", skipped},
		{"a guard with a comma", ")]}',\n[{\"a\":1},{\"a\":2}]", skipped},
		{"a loop", "while(1);[{\"a\":1},{\"a\":2}]", skipped},
		{"a comment", "// scraped\n[{\"a\":1},{\"a\":2}]", "repaired a value: its quotes, escapes or comments are not valid JSON (line 1)"},
		{"a sequence", "\x1e{\"a\":1}\n\x1e{\"a\":2}\n", ""},
	} {
		for _, name := range []string{"", "x", "x.json", "x.ndjson", "x.js"} {
			for how, source := range map[string]io.Reader{"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text))} {
				answer, err := Open(source, Options{Name: name})
				var notes []string
				for _, note := range answer.Notes.Sorted() {
					notes = append(notes, note.String())
				}
				if got := strings.Join(plainRows(answer.Items), " "); got != `{"a":1} {"a":2}` || err != nil || strings.Join(notes, "; ") != test.notes {
					t.Errorf("%s as %q, %s: items %s, notes %q, %v", test.what, name, how, got, notes, err)
				}
			}
		}
	}
}

// TestOpenRefusesScriptsAndPages checks that JavaScript without JSON is refused, and so is an HTML page with a name
// that ends in .csv.
func TestOpenRefusesScriptsAndPages(t *testing.T) {
	for _, test := range []struct{ name, text, says string }{
		{"x.js", "function f() { return 1 }\n", "it is not JSON"},
		{"x.js", "var a = [];\nvar b = 1;\n", ""},
		{"x.csv", "<!DOCTYPE html>\n<html>\n<body>404</body></html>\n", "it is an HTML page"},
		{"x.csv", "\n<HTML lang=\"en\">\n<body>404</body></html>\n", "it is an HTML page"},
		{"x.ndjson", "<html>", "it is an HTML page"},
	} {
		answer, err := Open(strings.NewReader(test.text), Options{Name: test.name})
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %d items, %v, want %q", test.text, answer.Items.Len(), err, test.says)
		}
	}
}
