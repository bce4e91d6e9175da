package api

import (
	"errors"

	"sbwatch/model/jsonscan"
)

// form is how a run was saved.
type form int

const (
	// formItems: items and arrays of items, one after the other.
	formItems form = iota
	// formResult, formData, formEnvelope: an answer to a poll, or the part of it.
	formResult
	formData
	formEnvelope
)

// formWindow is how much of a text is looked at, in bytes, before it is taken for items.
const formWindow = 64 << 10

// form finds out how the run was saved, reading no more than it takes to be sure.
func (d *decoder) form() form {
	for {
		f, sure := formOf(d.rest())
		if sure || len(d.rest()) >= formWindow || d.grow() != nil {
			return f
		}
	}
}

// formOf judges a text by its first value, as far as it is there, and tells whether more of it could change that.
//
// An item may well have keys named data, result, pages or status, so a name alone says nothing. A result is an object
// with an array of pages that have items, or with mode, drift or warnings beside it. The data of a poll is one with such
// a result, or with an id and at least two other fields of a run. An envelope is one with such data, or with a status and
// a request id beside data or an error. Whatever else there is holds items.
func formOf(text []byte) (f form, sure bool) {
	fields, ended := peek(text)
	switch {
	case fields.isEnvelope():
		return formEnvelope, true
	case fields.isData():
		return formData, true
	case fields.isResult():
		return formResult, true
	default:
		return formItems, ended
	}
}

// peeked has the values of an object, each as far as it is there.
type peeked object

// peek looks into an object, and tells whether it is there to its end. Anything else has no fields, and has ended.
func peek(text []byte) (fields peeked, ended bool) {
	if len(text) == 0 || text[0] != '{' {
		return nil, true
	}
	fields = peeked{}
	for {
		text = text[1:] // the brace, or the comma
		text = text[jsonscan.Space(text, 0):]
		key, err := jsonscan.Value(text)
		if err != nil || text[0] != '"' {
			return fields, !errors.Is(err, jsonscan.ErrShort)
		}
		name := string(jsonscan.AppendDecoded(nil, text[1:key-1]))
		text = text[jsonscan.Space(text, key):]
		if len(text) == 0 || text[0] != ':' {
			return fields, len(text) > 0
		}
		text = text[jsonscan.Space(text, 1):]
		value, err := jsonscan.Value(text)
		if err != nil {
			fields[name] = text
			return fields, !errors.Is(err, jsonscan.ErrShort)
		}
		fields[name] = text[:value]
		text = text[jsonscan.Space(text, value):]
		if len(text) == 0 || text[0] != ',' {
			return fields, len(text) > 0
		}
	}
}

// begins tells whether a field's value begins with a byte.
func (p peeked) begins(key string, first byte) bool { return len(p[key]) > 0 && p[key][0] == first }

// count is how many of some keys are there.
func (p peeked) count(keys ...string) int {
	n := 0
	for _, key := range keys {
		if _, there := p[key]; there {
			n++
		}
	}
	return n
}

func (p peeked) isEnvelope() bool {
	if data, _ := peek(p["data"]); data.isData() {
		return true
	}
	return p.begins("status", '"') && p.begins("request_id", '"') && (p.begins("data", '{') || p.begins("error", '{'))
}

func (p peeked) isData() bool {
	if result, _ := peek(p["result"]); result.isResult() {
		return true
	}
	return p.begins("id", '"') && p.count("recipe_id", "run_status", "pages_extracted", "items_extracted") >= 2
}

func (p peeked) isResult() bool {
	if !p.begins("pages", '[') {
		return false
	}
	pages := p["pages"]
	page, _ := peek(pages[jsonscan.Space(pages, 1):])
	return page.begins("items", '[') || p.count("mode", "drift", "warnings") > 0
}
