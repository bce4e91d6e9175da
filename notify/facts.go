package notify

import (
	"strings"
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// The values of Facts.Status for watches that ended before their run. All other values are those of the service:
// completed, failed and cancelled.
const (
	// StatusNotStarted means that the service refused the dispatch.
	StatusNotStarted = "not_started"
	// StatusLost means that the answer to the dispatch was lost. A run may have started.
	StatusLost = "lost"
	// StatusUnknown means that the service refused requests about the run. Its status is therefore unknown.
	StatusUnknown = "unknown"
)

// Facts holds the known facts about an ended run as plain values. Values of type Text come from the service. Strings
// are printable.
type Facts struct {
	// Host is the host of the service.
	Host     string
	RunID    text.Text
	RecipeID text.Text
	// Status is how the run ended: completed, failed, cancelled, or a status such as [StatusLost].
	Status string
	// Error is the reason why the run failed, or why its watch ended before the run. It is empty if neither happened.
	Error text.Text

	Pages   optional.Value[int64]
	Items   optional.Value[int64]
	Credits optional.Value[int64]
	Drift   optional.Value[float64]
	Elapsed optional.Value[time.Duration]
	// Warnings holds the warnings of the service.
	Warnings optional.Value[[]text.Text]
	// Findings are the findings in the profile of the items. They are unknown if the items were not profiled.
	Findings optional.Value[[]Finding]
	// Rules holds the verdicts on the user's rules. It is empty if there are no rules or the run did not complete.
	Rules []Verdict
	// CheckError is the reason why the rules could not be checked, as printable text, or "" if they were checked.
	CheckError string
	// Baseline is the comparison with earlier runs. It is unknown if there was no comparison.
	Baseline optional.Value[Baseline]
}

// Finding is something about the items that looks wrong or that users should know. Its texts are printable.
type Finding struct {
	Kind     string `json:"finding"`
	Severity string `json:"severity"`
	Count    int    `json:"count"`
	Text     string `json:"text"`
}

// Verdict is a rule and its result. Its texts are printable.
type Verdict struct {
	Rule string `json:"rule"`
	// Level is ok, warn, fail or not_judged.
	Level string `json:"level"`
	Found string `json:"found"`

	isBroken bool
}

// Baseline is the comparison of a run with earlier runs of its recipe. Its texts are printable.
type Baseline struct {
	// Earlier is the number of earlier runs.
	Earlier int `json:"earlier_runs"`
	// Changes are the differences from the usual values. The most severe comes first.
	Changes []string `json:"changes"`
	// Advice is one sentence, or "" if there is no advice.
	Advice string `json:"advice"`
}

// FactsOf returns the facts about a run whose watch has ended. now is the current time.
func FactsOf(host string, w *watch.Watch, now time.Time) Facts {
	r := w.Run()
	f := Facts{
		Host: host, RunID: w.RunID(), RecipeID: w.RecipeID(), Status: r.Status().String(), Error: r.Error,
		Pages: r.Pages, Items: r.Items, Credits: r.Credits, Drift: r.Drift(), Warnings: r.Warnings(),
	}
	if !f.Items.Known() && r.Status() == run.StatusCompleted {
		f.Items = optional.Some(int64(w.Items().Total()))
	}
	if !r.Began().IsZero() && (!r.CompletedAt.IsZero() || !w.Over()) {
		f.Elapsed = optional.Some(w.Elapsed(now))
	}
	switch w.Phase() {
	case watch.PhaseGaveUp:
		f.Status = StatusUnknown
		if f.RunID.IsEmpty() {
			f.Status = StatusNotStarted
		}
	case watch.PhaseLost:
		f.Status = StatusLost
	case watch.PhaseDispatching, watch.PhasePolling, watch.PhaseEnded:
	}
	if problem := w.Problem(); problem != nil && w.Phase() != watch.PhaseEnded {
		f.Error = text.NewText(problem.Error())
	}
	return f
}

// AddProfile adds the findings in the profile of the items.
func (f *Facts) AddProfile(p *profile.Profile) {
	found := make([]Finding, len(p.Findings))
	for i := range p.Findings {
		from := &p.Findings[i]
		found[i] = Finding{Kind: from.Kind.String(), Severity: from.Severity.String(), Count: from.Count, Text: from.Text}
	}
	f.Findings = optional.Some(found)
}

// AddVerdicts adds the verdicts on the user's rules.
func (f *Facts) AddVerdicts(verdicts []rules.Verdict) {
	for _, v := range verdicts {
		level := v.Level.String()
		if v.Level == rules.NotJudged {
			level = "not_judged"
		}
		f.Rules = append(f.Rules, Verdict{Rule: v.Rule.String(), Level: level, Found: v.Found, isBroken: v.Level.IsBroken()})
	}
}

// AddBaseline adds the comparison with earlier runs.
func (f *Facts) AddBaseline(j *baseline.Judgment) {
	compared := Baseline{Earlier: j.Earlier, Changes: []string{}, Advice: j.Advice.Text}
	for _, change := range j.Changes {
		compared.Changes = append(compared.Changes, change.String())
	}
	f.Baseline = optional.Some(compared)
}

// Broken returns the number of broken rules.
func (f *Facts) Broken() int {
	n := 0
	for _, v := range f.Rules {
		if v.isBroken {
			n++
		}
	}
	return n
}

// Check returns the result of the rules: "ok", "warn" or "fail". It returns "error" if the rules could not be checked,
// and "" if there are no rules.
func (f *Facts) Check() string {
	switch {
	case f.CheckError != "":
		return "error"
	case len(f.Rules) == 0:
		return ""
	case f.Broken() > 0:
		return "fail"
	}
	for _, v := range f.Rules {
		if v.Level != rules.Holds.String() {
			return "warn"
		}
	}
	return "ok"
}

// problems returns the number of findings that are warnings or errors. The number is unknown if the items were not
// profiled.
func (f *Facts) problems() optional.Value[int64] {
	findings, known := f.Findings.Get()
	if !known {
		return optional.Value[int64]{}
	}
	n := int64(0)
	for i := range findings {
		if findings[i].Severity != profile.Note.String() {
			n++
		}
	}
	return optional.Some(n)
}

// name returns the name of the run for messages: "run k7Xb9dRmQ2p". If the run has no id, name returns the name of its
// recipe: "recipe m3Yc2tFvN8q".
func (f *Facts) name() string {
	if f.RunID.IsEmpty() {
		return "recipe " + text.Line(f.RecipeID, maxID)
	}
	return "run " + text.Line(f.RunID, maxID)
}

// Summary returns one printable line about the end of the run, such as "run k7Xb9dRmQ2p completed: 48 items on 6 pages,
// drift 0.12".
func (f *Facts) Summary() string {
	line := f.name()
	switch f.Status {
	case StatusNotStarted:
		line += " was not dispatched"
	case StatusLost:
		line += ": the answer to the dispatch was lost"
	case StatusUnknown:
		line += ": the service refused to report its status"
	default:
		line += " " + f.Status
	}
	var parts []string
	if items, known := f.Items.Get(); known {
		counted := text.Counted(items, "item")
		if pages, known := f.Pages.Get(); known {
			counted += " on " + text.Counted(pages, "page")
		}
		parts = append(parts, counted)
	}
	if drift, known := f.Drift.Get(); known {
		parts = append(parts, "drift "+text.DriftText(drift))
	}
	if warnings, _ := f.Warnings.Get(); len(warnings) > 0 {
		parts = append(parts, text.Counted(int64(len(warnings)), "warning"))
	}
	if n := f.problems().Or(0); n > 0 {
		parts = append(parts, text.Counted(n, "finding"))
	}
	if broken := f.Broken(); broken > 0 {
		parts = append(parts, text.Count(int64(broken))+" of "+text.Counted(int64(len(f.Rules)), "rule")+" broken")
	}
	if f.CheckError != "" {
		parts = append(parts, "the rules could not be checked")
	}
	figures := strings.Join(parts, ", ")
	if !f.Error.IsEmpty() {
		line += ": " + text.Line(f.Error, maxShortError)
		if figures != "" {
			figures = " (" + figures + ")"
		}
	} else if figures != "" {
		figures = ": " + figures
	}
	return line + figures
}
