package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// object is a JSON object whose values are not decoded yet. A field that is absent, null or of an unexpected type is
// not an error, but unknown.
type object map[string]json.RawMessage

// parseObject parses a JSON object. It returns false if raw is not an object.
func parseObject(raw []byte) (object, bool) {
	var fields object
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, false
	}
	return fields, fields != nil
}

// has reports whether a field is present and not null.
func (o object) has(key string) bool {
	raw := o[key]
	return len(raw) > 0 && string(raw) != "null"
}

func (o object) object(key string) (object, bool) { return parseObject(o[key]) }

// text returns a string field, or "" if the field is absent or not a string.
func (o object) text(key string) text.Text { return parseText(o[key]) }

func parseText(raw json.RawMessage) text.Text {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return text.Text{}
	}
	return text.NewText(s)
}

// maxExactFloat is the largest n for which a float64 can represent all integers from 0 to n exactly.
const maxExactFloat = 1 << 53

// integer returns an integer field. The field may be written as 6, 6.0 or 6e0. A value outside the range of int64 is
// treated as unknown.
func (o object) integer(key string) optional.Value[int64] {
	raw := o[key]
	if !isNumber(raw) {
		return optional.Value[int64]{}
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return optional.Some(n)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > maxExactFloat {
		return optional.Value[int64]{}
	}
	return optional.Some(int64(f))
}

// count returns an integer field that is a number of pages, items or the like. A negative number is treated as unknown.
func (o object) count(key string) optional.Value[int64] {
	if n := o.integer(key); n.Or(0) >= 0 {
		return n
	}
	return optional.Value[int64]{}
}

// number returns a number field. A value that a float64 cannot represent, such as 1e400, is treated as unknown.
func (o object) number(key string) optional.Value[float64] {
	raw := o[key]
	if !isNumber(raw) {
		return optional.Value[float64]{}
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return optional.Value[float64]{}
	}
	return optional.Some(f)
}

// isNumber reports whether a valid JSON value is a number.
func isNumber(raw json.RawMessage) bool {
	return len(raw) > 0 && (raw[0] == '-' || (raw[0] >= '0' && raw[0] <= '9'))
}

// truth returns a boolean field.
func (o object) truth(key string) optional.Value[bool] {
	switch string(o[key]) {
	case "true":
		return optional.Some(true)
	case "false":
		return optional.Some(false)
	default:
		return optional.Value[bool]{}
	}
}

// moment returns a field with an RFC 3339 time, in UTC. It returns the zero time if the field does not contain such a
// time.
func (o object) moment(key string) time.Time {
	moment, err := time.Parse(time.RFC3339, o.text(key).Raw())
	if err != nil {
		return time.Time{}
	}
	return moment.UTC()
}

// texts returns a field with an array of strings. Elements that are null are left out; elements of other types are
// returned as JSON.
func (o object) texts(key string) optional.Value[[]text.Text] {
	var elements []json.RawMessage
	if err := json.Unmarshal(o[key], &elements); err != nil || elements == nil {
		return optional.Value[[]text.Text]{}
	}
	texts := make([]text.Text, 0, min(len(elements), maxTexts))
	for i, element := range elements {
		if len(texts) == maxTexts {
			more := text.Count(int64(len(elements)-i)) + " more were left out"
			return optional.Some(append(texts, text.NewText(more)))
		}
		if string(element) != "null" {
			texts = append(texts, cut(wording(element), maxText))
		}
	}
	return optional.Some(texts)
}

// Limits on the fields of a run: the number of texts in a list, and the lengths of an id and of other text, in bytes.
const (
	maxTexts = 10_000
	maxID    = 1 << 10
	maxText  = 64 << 10
)

// cut shortens a text to limit bytes, or slightly fewer, and adds an ellipsis.
func cut(s text.Text, limit int) text.Text {
	raw := s.Raw()
	if len(raw) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(raw[limit]) {
		limit--
	}
	return text.NewText(strings.Clone(raw[:limit]) + "…")
}

// wording returns a value as text. A string is decoded. Any other value is returned as JSON on one line.
func wording(raw json.RawMessage) text.Text {
	if len(raw) > 0 && raw[0] == '"' {
		return parseText(raw)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, raw); err != nil {
		return text.Text{}
	}
	return text.NewText(line.String())
}

// reason returns a field with the reason for a failure, which is a string or an object with a message. It returns "" if
// there is no reason.
func (o object) reason(key string) text.Text {
	if fields, ok := o.object(key); ok && !fields.text("message").IsEmpty() {
		return fields.text("message")
	}
	s := wording(o[key])
	if isString := len(o[key]) > 0 && o[key][0] == '"'; !isString && slices.Contains([]string{"null", "false", "{}", "[]"}, s.Raw()) {
		return text.Text{}
	}
	return s
}
