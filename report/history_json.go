package report

import (
	"io"
	"math"
	"time"

	"sbwatch/history"
	"sbwatch/model/baseline"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// jsonRecipe is the JSON form of a recipe in the history. Unknown values are null.
type jsonRecipe struct {
	RecipeID text.Text       `json:"recipe_id"`
	Host     text.Text       `json:"host"`
	Runs     int             `json:"runs"`
	LastRun  jsonRecordedRun `json:"last_run"`
	Advice   *jsonAdvice     `json:"advice"`
}

// jsonRecordedRun is the JSON form of a run in the history. Fields that also exist in the API have the same names
// there.
type jsonRecordedRun struct {
	RunID       text.Text  `json:"run_id"`
	RecipeID    text.Text  `json:"recipe_id"`
	Host        text.Text  `json:"host"`
	RunStatus   string     `json:"run_status"`
	CreatedAt   *time.Time `json:"created_at"`
	StartedAt   *time.Time `json:"started_at"`
	CompletedAt *time.Time `json:"completed_at"`
	Pages       *int64     `json:"pages_extracted"`
	Items       *int64     `json:"items_extracted"`
	Credits     *int64     `json:"credits_used"`
	Drift       *float64   `json:"drift"`
	Error       *text.Text `json:"error"`
	// CutShort is "plan" or "credits" if one of these limits ended the run early.
	CutShort    *string `json:"cut_short"`
	Warnings    int     `json:"warnings"`
	Findings    int     `json:"findings"`
	BrokenRules int     `json:"broken_rules"`
	// Archive is the path of the file with the archived items, relative to the location of the archive.
	Archive *string `json:"archive"`
}

// jsonJudgedRun is the JSON form of a run and its differences from earlier runs.
type jsonJudgedRun struct {
	jsonRecordedRun

	// Compared is the number of earlier runs in the comparison.
	Compared int                `json:"compared_with"`
	Changes  []jsonChange       `json:"changes"`
	Advice   *jsonAdvice        `json:"advice"`
	Coverage map[string]float64 `json:"coverage"`
}

// jsonAdvice is the JSON form of the advice about a recipe.
type jsonAdvice struct {
	// Advice is "re-author", "look-at-site" or "watch".
	Advice  string      `json:"advice"`
	Text    string      `json:"text"`
	Columns []text.Text `json:"columns"`
	Since   *time.Time  `json:"since"`
}

// jsonChange is the JSON form of a difference between a run and earlier runs.
type jsonChange struct {
	// Change is "differs", "faded", "vanished" or "appeared".
	Change   string     `json:"change"`
	Severity string     `json:"severity"`
	Subject  string     `json:"subject"`
	Column   *text.Text `json:"column"`
	Worse    bool       `json:"worse"`
	Now      *float64   `json:"now"`
	Median   *float64   `json:"usual_median"`
	Low      *float64   `json:"usual_low"`
	High     *float64   `json:"usual_high"`
	// LastRun is the id of the last run that had the vanished column.
	LastRun *text.Text `json:"last_run"`
	Text    string     `json:"text"`
}

// WriteRecipesJSON writes one JSON object per recipe, each on its own line.
func WriteRecipesJSON(out io.Writer, recipes []history.Judged) error {
	for i := range recipes {
		r := &recipes[i]
		object := jsonRecipe{
			RecipeID: text.NewText(r.ID), Host: text.NewText(r.Host), Runs: r.Count, LastRun: newJSONRecordedRun(&r.Runs[0]),
		}
		if newest := r.Newest(); newest != nil {
			object.Advice = newJSONAdvice(newest.Advice)
		}
		if err := encodeLine(out, object); err != nil {
			return err
		}
	}
	return nil
}

// WriteRecipeJSON writes one JSON object per run of a recipe, each on its own line, newest first.
func WriteRecipeJSON(out io.Writer, r *history.Judged, options HistoryOptions) error {
	for i := range r.Runs[:min(len(r.Runs), options.Runs)] {
		judgment := &r.Judgments[i]
		object := jsonJudgedRun{
			jsonRecordedRun: newJSONRecordedRun(&r.Runs[i]), Compared: judgment.Earlier,
			Changes: newJSONChanges(judgment.Changes), Advice: newJSONAdvice(judgment.Advice), Coverage: map[string]float64{},
		}
		for _, c := range r.Runs[i].Columns {
			object.Coverage[c.Name.String()] = c.Coverage()
		}
		if err := encodeLine(out, object); err != nil {
			return err
		}
	}
	return nil
}

func newJSONRecordedRun(r *history.Summary) jsonRecordedRun {
	object := jsonRecordedRun{
		RunID: r.ID, RecipeID: r.RecipeID, Host: text.NewText(r.Host), RunStatus: r.Status.String(),
		CreatedAt: timeOrNull(r.CreatedAt), StartedAt: timeOrNull(r.StartedAt), CompletedAt: timeOrNull(r.CompletedAt),
		Pages: orNull(r.Pages), Items: orNull(r.Items), Credits: orNull(r.Credits), Drift: orNull(r.Drift), Error: textOrNull(r.Error),
		Warnings: r.Warnings, Findings: r.Findings, BrokenRules: r.Broken,
	}
	switch r.Cut {
	case run.CutByPlan:
		object.CutShort = new("plan")
	case run.CutByCredits:
		object.CutShort = new("credits")
	default:
	}
	if !r.Archive.IsEmpty() {
		object.Archive = new(text.Printable(r.Archive.Name))
	}
	return object
}

func newJSONAdvice(a baseline.Advice) *jsonAdvice {
	word := ""
	switch a.Kind {
	case baseline.AdviceReAuthor:
		word = "re-author"
	case baseline.AdviceSite:
		word = "look-at-site"
	case baseline.AdviceWatch:
		word = "watch"
	case baseline.AdviceNone:
		return nil
	}
	return &jsonAdvice{Advice: word, Text: a.Text, Columns: append([]text.Text{}, a.Columns...), Since: timeOrNull(a.Since)}
}

func newJSONChanges(changes []baseline.Change) []jsonChange {
	objects := []jsonChange{}
	for _, c := range changes {
		objects = append(objects, jsonChange{
			Change: [...]string{"differs", "faded", "vanished", "appeared"}[c.Kind], Severity: c.Severity.String(),
			Subject: c.Subject.String(), Column: textOrNull(c.Column), Worse: c.Worse,
			Now: finite(c.Now), Median: finite(c.Usual.Median), Low: finite(c.Usual.Low), High: finite(c.Usual.High),
			LastRun: textOrNull(c.LastRun), Text: c.String(),
		})
	}
	return objects
}

// finite returns x. It returns nil if x is infinite or not a number, because JSON has no such values.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
