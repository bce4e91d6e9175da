package wire

import (
	"sbwatch/model/jsonscan"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// ReadRun parses the JSON from [Decoder.Around], which has no items. Any field may be missing. ReadRun returns the same
// errors as [ParseEnvelope].
func ReadRun(content []byte) (run.Answer, error) {
	opened, err := ParseEnvelope(content)
	if err != nil {
		return run.Answer{}, err
	}
	return run.Answer{
		Run:              runOf(opened.data),
		Envelope:         Indent(content),
		RequestID:        cut(opened.RequestID, maxID),
		CreditsRemaining: opened.CreditsRemaining,
	}, nil
}

// HasRun reports whether an answer is about a run. Answers to dispatches and usage requests are not.
func HasRun(content []byte) bool {
	envelope, _ := parseObject(content)
	data, _ := envelope.object("data")
	return peeked(data).count("id", "pages_extracted", "items_extracted", "result") > 0
}

func runOf(data object) run.Run {
	r := run.Run{
		ID:          cut(data.text("id"), maxID),
		RecipeID:    cut(data.text("recipe_id"), maxID),
		StatusSent:  cut(data.text("run_status"), maxID),
		Pages:       data.count("pages_extracted"),
		Items:       data.count("items_extracted"),
		Credits:     data.count("credits_used"),
		CreatedAt:   data.moment("created_at"),
		StartedAt:   data.moment("started_at"),
		CompletedAt: data.moment("completed_at"),
		Error:       cut(data.reason("error"), maxText),
	}
	if result, ok := data.object("result"); ok {
		r.Result = optional.Some(run.Result{
			Mode:     cut(result.text("mode"), maxID),
			Drift:    result.number("drift"),
			Warnings: result.texts("warnings"),
		})
	}
	return r
}

// indentLevels is the number of levels of nesting that Indent puts on separate lines.
const indentLevels = 20

// maxIndented is the maximum size of indented JSON, in bytes. There is a maximum because deeply nested arrays with many
// values would need very many spaces.
const maxIndented = 4 * maxSkeleton

// indentedSize estimates the size of content after indentation, in bytes.
func indentedSize(content []byte) int {
	size, depth := len(content), 0
	inString, escaped := false, false
	for _, c := range content {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{' || c == '[':
			depth++
			size += 2*min(depth, indentLevels) + 1
		case c == '}' || c == ']':
			depth--
			size += 2*min(depth, indentLevels) + 1
		case c == ',':
			size += 2*min(depth, indentLevels) + 1
		}
	}
	return size
}

// Indent returns JSON with one value per line. It does not change numbers or the order of keys. Values nested deeper
// than indentLevels stay on the line of the value around them. If the result would be larger than maxIndented, Indent
// returns content unchanged.
func Indent(content []byte) text.Text {
	if indentedSize(content) > maxIndented {
		return text.NewText(string(content))
	}
	if n, err := jsonscan.Value(content); err != nil || n != len(content) {
		return text.NewText(string(content))
	}
	return text.NewText(string(jsonscan.AppendIndented(nil, content, indentLevels)))
}
