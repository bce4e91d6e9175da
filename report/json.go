package report

import (
	"encoding/json"
	"io"
	"math"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// jsonLines writes the state of a run as JSON; see [Lines].
type jsonLines struct {
	out  io.Writer
	file text.Text
}

// NewJSONLines returns [Lines] that writes a JSON object for each change of a run. Each object is on its own line.
func NewJSONLines(out io.Writer) Lines { return jsonLines{out: out} }

// NewJSONLinesOf is like NewJSONLines, for one of several files. Each object contains the name of the file, unless
// file is empty.
func NewJSONLinesOf(out io.Writer, file text.Text) Lines { return jsonLines{out, file} }

// jsonRun is the JSON form of a run without its items. The fields have the same names as in the API. Unknown values are
// null.
type jsonRun struct {
	RunID     *text.Text   `json:"run_id"`
	RecipeID  *text.Text   `json:"recipe_id"`
	RunStatus text.Text    `json:"run_status"`
	Pages     *int64       `json:"pages_extracted"`
	Items     *int64       `json:"items_extracted"`
	Credits   *int64       `json:"credits_used"`
	Drift     *float64     `json:"drift"`
	Mode      *text.Text   `json:"mode"`
	Warnings  *[]text.Text `json:"warnings"`
	Error     *text.Text   `json:"error"`
	Elapsed   *float64     `json:"elapsed_seconds"`
	File      *text.Text   `json:"file,omitempty"`
}

func (l jsonLines) dispatched(_ time.Time, watch *watch.Watch) error {
	// The service reports the status running from the dispatch on.
	return l.write(jsonRun{
		RunID:     textOrNull(watch.RunID()),
		RecipeID:  textOrNull(watch.RecipeID()),
		RunStatus: text.NewText(run.StatusRunning.String()),
	})
}

func (l jsonLines) state(now time.Time, watch *watch.Watch, repeated bool) (bool, error) {
	if repeated {
		return false, nil
	}
	return true, l.write(newJSONRun(now, watch))
}

func (l jsonLines) end(now time.Time, watch *watch.Watch) error {
	object := newJSONRun(now, watch)
	object.File = textOrNull(l.file)
	return l.write(object)
}

func newJSONRun(now time.Time, watch *watch.Watch) jsonRun {
	run := watch.Run()
	object := jsonRun{
		RunID:     textOrNull(watch.RunID()),
		RecipeID:  textOrNull(watch.RecipeID()),
		RunStatus: run.StatusSent,
		Pages:     orNull(run.Pages),
		Items:     orNull(itemCount(watch)),
		Credits:   orNull(run.Credits),
		Drift:     orNull(run.Drift()),
		Mode:      textOrNull(run.Mode()),
		Warnings:  orNull(run.Warnings()),
		Error:     textOrNull(run.Error),
	}
	if object.RunStatus.IsEmpty() {
		object.RunStatus = text.NewText(statusWord(watch))
	}
	if object.Warnings != nil && *object.Warnings == nil {
		object.Warnings = &[]text.Text{} // the run has no warnings: write [] instead of null
	}
	isRunning := !watch.Over() // the elapsed time of an unfinished run in a file is unknown
	if !run.Began().IsZero() && (isRunning || !run.CompletedAt.IsZero()) {
		seconds := math.Round(watch.Elapsed(now).Seconds()*1000) / 1000
		object.Elapsed = &seconds
	}
	return object
}

func orNull[T any](o optional.Value[T]) *T {
	if value, known := o.Get(); known {
		return &value
	}
	return nil
}

func textOrNull(t text.Text) *text.Text {
	if t.IsEmpty() {
		return nil
	}
	return &t
}

func (l jsonLines) write(object any) error {
	return encodeLine(l.out, object)
}

// encodeLine writes a JSON object and a newline with one call of Write. It does not escape HTML characters.
func encodeLine(out io.Writer, object any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return WriteError(encoder.Encode(object))
}
