package read

import (
	"bytes"
	"regexp"

	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
)

// Patterns for the text before the first array or object.
const (
	// scriptPattern matches JavaScript before JSON: an assignment, a JSONP call, or a statement that prevents other
	// pages from including the data.
	scriptPattern = `^\s*(?:/\*\*/\s*)?(?:\)\]\}'?,?|(?:while|for)\s*\((?:1|true|;;)\);|export\s+default|` +
		`(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.]*(?:\["[^"\n]*"\])?\s*[=(])\s*[\[{]`
	// commentPattern matches JavaScript comments.
	commentPattern = `^\s*(?:(?://[^\n]*\n|/\*(?s:.*?)\*/)\s*)+[\[{]`
)

// skipScript skips JavaScript before the JSON. It reports whether there was any.
func (f *reader) skipScript() bool {
	begin, _ := f.sample(jsonLines)
	match := regexp.MustCompile(scriptPattern).Find(begin)
	if match == nil {
		return false
	}
	before := len(match) - 1
	value := begin[before+1:]
	value = value[jsonscan.Space(value, 0):]
	const begins = `{["'}]-_$`
	if len(value) == 0 || bytes.IndexByte([]byte(begins), value[0]) < 0 && !isWordByte(value[0]) {
		return false
	}
	f.note(run.NoteScript, f.Offset(), "")
	f.Advance(before)
	f.isScript = true
	return true
}

func isWordByte(c byte) bool { return c|' ' >= 'a' && c|' ' <= 'z' || c >= '0' && c <= '9' }

// beginsWithComment reports whether the text starts with a comment, and an array or object follows the comment.
func (f *reader) beginsWithComment() bool {
	begin, _ := f.sample(sampleLines)
	return regexp.MustCompile(commentPattern).Match(begin)
}

// isScriptEnd reports whether c may belong to the JavaScript after the JSON.
func (f *reader) isScriptEnd(c byte) bool { return f.isScript && (c == ')' || c == ';') }

// isPage reports whether a text is certainly an HTML page, even if the file has another ending, such as .json.
func isPage(text []byte) bool {
	text = bytes.ToLower(text[jsonscan.Space(text, 0):min(len(text), 1<<10)])
	return bytes.HasPrefix(text, []byte("<!doctype")) || bytes.HasPrefix(text, []byte("<html"))
}
