package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// refusalFaults returns faults that answer with an error: those that the service is known to send, and some others.
// After an error answer to a dispatch, no run was started, except for some errors with a status of 5xx.
func refusalFaults() []fault {
	var faults []fault
	for _, e := range []struct {
		status int
		code   string
	}{
		{400, "invalid_request"},
		{401, "unauthorized"},
		{402, "insufficient_credits"},
		{402, "email_verification_required"},
		{403, "forbidden"},
		{404, "not_found"},
		{409, "conflict"},
		{409, "account_deletion_pending"},
		{422, "validation_failed"},
		{410, "gone"},
		{418, "teapot"},
		{408, "timeout"},
		{425, "too_early"},
		{451, ""},
		{500, "internal_error"},
		{502, "service_unavailable"},
		{503, ""},
		{504, ""},
		{500, "rate_limited"},
	} {
		faults = append(faults, refusal(e.status, e.code, e.status < 500))
		if e.status >= 500 {
			faults = append(faults, refusal(e.status, e.code, false), refusal(e.status, e.code, true))
		}
	}
	for range 8 { // added several times because they are the most frequent
		faults = append(faults, fault{name: "429", refuses: true, write: (*exchange).sendRateLimited})
	}
	return faults
}

// refusal returns a fault that answers with an error status. The body is an error in the service's format, an error in
// another format, HTML, or empty.
func refusal(status int, code string, refuses bool) fault {
	return fault{name: fmt.Sprintf("%d %s", status, code), refuses: refuses, write: func(x *exchange) {
		message := Quote(text(x.dice))
		body := pick(x.dice, []string{
			`{"status":"error","error":{"code":` + Quote(code) + `,"message":` + message + `},"request_id":"req_1"}`,
			`{"status":"error","error":{"code":` + Quote(code) + `,"message":` + message + `,"details":{"balance":-1,"required":1e400,"x":` + message + `}}}`,
			`{"error":` + message + `}`,
			`{"error":{"code":7,"message":["x"],"details":"no"}}`,
			"<html>" + code + "</html>",
			"",
		})
		x.send(status, []byte(body), nil)
	}}
}

// sendRateLimited answers 429 with a random Retry-After header and random details of the limit. Both may be missing or
// invalid.
func (x *exchange) sendRateLimited() {
	wait := pick(x.dice, []string{
		"", "1", "0", "5", "30", "-1", "0.0000001", "1.5", "1_0", "Inf", "NaN", "1e400", "+3", " 7 ", "0x10", "99999999999999999999", "86400",
		time.Now().Add(7 * time.Second).UTC().Format(http.TimeFormat), time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat),
		"Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "1, 2", "\u0661",
	})
	details := pick(x.dice, []string{
		`{"reason":"rate_limit_per_min","limit_per_min":60}`, `{"reason":"rate_limit_per_min","limit_per_min":0}`, `{"reason":"rate_limit_per_min","limit_per_min":-1}`,
		`{"reason":"rate_limit_per_min","limit_per_min":1e18}`, `{"reason":"max_concurrent_requests","max_concurrent":2}`,
		`{"reason":"max_concurrent_requests","max_concurrent":0}`, `{"reason":"max_concurrent_requests","max_concurrent":99999999999999999999}`,
		`{"reason":"?"}`, `{}`, `null`, `[]`, `"x"`,
	})
	extra := []string{"Retry-After", wait}
	if wait == "" {
		extra = nil
	}
	x.send(http.StatusTooManyRequests, []byte(`{"status":"error","error":{"code":"rate_limited","message":"slow down","details":`+details+`}}`), extra)
}

// fieldFaults returns faults that remove fields of an answer or give them wrong values.
func fieldFaults() []fault {
	edit := func(name string, change func(x *exchange, answer, data map[string]any)) fault {
		return fault{name: name, write: func(x *exchange) { x.sendEdited(change) }}
	}
	value := func(x *exchange) any { return pick(x.dice, oddValues()) }
	return []fault{
		edit("a field is missing", func(x *exchange, _, data map[string]any) { delete(data, anyKey(x, data)) }),
		edit("fields are null", func(x *exchange, _, data map[string]any) {
			for _, key := range sortedKeys(data) {
				if x.dice.IntN(2) == 0 {
					data[key] = nil
				}
			}
		}),
		edit("a field has the wrong type", func(x *exchange, _, data map[string]any) { data[anyKey(x, data)] = value(x) }),
		edit("all fields have the wrong type", func(x *exchange, _, data map[string]any) {
			for _, key := range sortedKeys(data) {
				data[key] = value(x)
			}
		}),
		edit("no data", func(_ *exchange, answer, _ map[string]any) { delete(answer, "data") }),
		edit("null data", func(_ *exchange, answer, _ map[string]any) { answer["data"] = nil }),
		edit("odd data", func(x *exchange, answer, _ map[string]any) { answer["data"] = value(x) }),
		edit("an error with the status of a success", func(_ *exchange, answer, _ map[string]any) {
			answer["status"], answer["error"] = "error", map[string]any{"code": "internal_error", "message": "no"}
		}),
		edit("hostile text", func(x *exchange, answer, data map[string]any) {
			for _, key := range []string{"run_status", "error", "recipe_id", "created_at"} {
				if x.dice.IntN(2) == 0 {
					data[key] = json.RawMessage(Quote(text(x.dice)))
				}
			}
			answer["request_id"] = json.RawMessage(Quote(text(x.dice)))
		}),
		edit("the key", func(x *exchange, answer, data map[string]any) {
			key := x.r.Header.Get("X-API-Key")
			for _, field := range []string{"run_status", "error", "recipe_id", "created_at"} {
				if x.dice.IntN(2) == 0 {
					data[field] = pick(x.dice, []string{key, "a" + key + "b", key + key, " " + key})
				}
			}
			answer["request_id"], answer[key] = key, key
			x.w.Header().Set("X-Request-ID", key)
		}),
		edit("odd balance", func(x *exchange, answer, _ map[string]any) { answer["credits_remaining"] = value(x) }),
	}
}

// structureFaults returns faults that give an answer extra content or the wrong structure.
func structureFaults() []fault {
	return []fault{
		{name: "the status of the envelope is wrong", harmless: true, write: func(x *exchange) {
			x.sendEdited(func(x *exchange, answer, _ map[string]any) {
				if x.seen.Status < 300 {
					answer["status"] = pick(x.dice, []any{"queued", "running", "failed", "done", "", nil})
				}
			})
		}},
		{name: "unknown fields", harmless: true, write: func(x *exchange) {
			x.sendEdited(func(x *exchange, answer, data map[string]any) {
				answer["new"], data["new"] = pick(x.dice, oddValues()), json.RawMessage(Quote(text(x.dice)))
			})
		}},
		{name: "a list", write: func(x *exchange) { x.send(x.status(), append(append([]byte("["), x.body()...), ']'), nil) }},
		{name: "twice", write: func(x *exchange) { x.send(x.status(), append(bytes.Clone(x.body()), x.body()...), nil) }},
		{name: "deep nesting", write: func(x *exchange) {
			depth := 1 + x.dice.IntN(20_000)
			x.send(x.status(), []byte(`{"data":`+strings.Repeat(`{"a":[`, depth)+strings.Repeat("]}", depth)+`}`), nil)
		}},
		{name: "key twice", write: func(x *exchange) {
			x.send(x.status(), bytes.Replace(x.body(), []byte(`"data":`), []byte(`"data":{"id":"evil","run_status":"completed"},"data":`), 1), nil)
		}},
	}
}

// oddValues returns JSON values that are wrong or unusual for a field, such as -1, 1e400 and very long texts.
func oddValues() []any {
	raw := func(text string) any { return json.RawMessage(text) }
	return []any{
		nil, true, -1,
		raw("1e400"), raw("-1e-400"), raw("6.5"), raw("99999999999999999999999999"),
		"", "7", "completed",
		[]any{},
		[]any{nil, []any{}},
		map[string]any{},
		map[string]any{"id": 1},
		raw(`"\ud800"`), raw("\"\xff\""), raw(`"\u0000\u001b[2J"`), "0001-01-01T00:00:00Z", "9999-12-31T23:59:60+99:99", strings.Repeat("x", 5000),
	}
}

// runFaults returns faults that answer a poll with something other than the real state of the run.
func runFaults() []fault {
	edit := func(name string, change func(x *exchange, data map[string]any)) fault {
		return fault{name: name, write: func(x *exchange) {
			x.sendEdited(func(x *exchange, _, data map[string]any) { change(x, data) })
		}}
	}
	set := func(name string, key string, values ...any) fault {
		return edit(name, func(x *exchange, data map[string]any) { data[key] = pick(x.dice, values) })
	}
	return []fault{
		set("back to queued", "run_status", "queued"),
		set("unknown status", "run_status", "paused", "COMPLETED", "complete", " completed", "failed\u200b", "\x1b[31mcompleted"),
		set("another run", "id", "k7Xb9dRmQ2q", "../../usage", "a/b?c#d", "%2e%2e", " ", "\x1b[2J", strings.Repeat("x", 3000)),
		set("another recipe", "recipe_id", "zzzzzzzzzzz", "../x"),
		set("fewer pages", "pages_extracted", 0, -1),
		set("fewer items", "items_extracted", 0, -5),
		set("many items", "items_extracted", json.RawMessage("9223372036854775807"), json.RawMessage("1e18")),
		set("odd times", "started_at", "2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "tomorrow", 5),
		set("end time of a run that has not ended", "completed_at", "2026-01-01T00:00:00Z"),
		edit("items of a run that has not ended", func(x *exchange, data map[string]any) {
			data["result"] = json.RawMessage(`{"pages":[{"items":[` + strings.Join(Items(x.dice.Uint64(), 3), ",") + `]}],"drift":7,"warnings":"none"}`)
		}),
		edit("an odd result", func(x *exchange, data map[string]any) { data["result"] = pick(x.dice, oddValues()) }),
		edit("odd pages", func(x *exchange, data map[string]any) {
			data["result"] = map[string]any{"pages": pick(x.dice, oddValues()), "drift": pick(x.dice, oddValues()), "warnings": pick(x.dice, oddValues()), "mode": pick(x.dice, oddValues())}
		}),
	}
}

// sendEdited parses the JSON of the answer, passes it to the function change, and sends the result. It sends large
// answers, and answers that are not objects, unchanged.
func (x *exchange) sendEdited(change func(x *exchange, answer, data map[string]any)) {
	var answer map[string]any
	decoder := json.NewDecoder(bytes.NewReader(x.body()))
	decoder.UseNumber()
	if len(x.body()) > 64<<10 || decoder.Decode(&answer) != nil || answer == nil {
		x.sendUnchanged()
		return
	}
	data, _ := answer["data"].(map[string]any)
	if data == nil {
		data = map[string]any{}
	}
	change(x, answer, data)
	body, err := appendJSON(nil, answer)
	if err != nil {
		x.sendUnchanged()
		return
	}
	x.send(x.status(), body, nil)
}

// appendJSON encodes value like encoding/json, but copies a [json.RawMessage] unchanged, valid or not.
func appendJSON(dst []byte, value any) ([]byte, error) {
	switch value := value.(type) {
	case json.RawMessage:
		return append(dst, value...), nil
	case map[string]any:
		dst = append(dst, '{')
		for i, key := range sortedKeys(value) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, Quote(key)...)
			dst = append(dst, ':')
			var err error
			if dst, err = appendJSON(dst, value[key]); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	default:
		text, err := json.Marshal(value)
		return append(dst, text...), err
	}
}

func sortedKeys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }

func anyKey(x *exchange, object map[string]any) string {
	if len(object) == 0 {
		return "id"
	}
	return pick(x.dice, sortedKeys(object))
}
