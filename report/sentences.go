package report

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// sentencePause is the minimum time between two sentences about progress. A screen reader needs some seconds for each.
const sentencePause = 5 * time.Second

// Sentences writes each change of a run as a full sentence, for screen readers. Use [NewSentences] to create one.
type Sentences struct {
	// Source is the name of the opened file. Sentences about a run without an id begin with "File" and this name.
	Source text.Text
	// Course returns how the runs of a recipe usually proceed, to estimate how long a run will still take. Course may
	// be nil.
	Course func(recipe text.Text) baseline.Course

	out io.Writer
	// last holds the last sentence about the progress of each run, by run id. The sentence does not include the time.
	last map[string]progress
	// lastAt is the time of the last sentence about the progress of any run.
	lastAt time.Time
}

// progress is the status and the counts of an unfinished run in the last sentence about the run.
type progress struct{ status, counts string }

// NewSentences returns a Sentences that writes to out.
func NewSentences(out io.Writer) *Sentences {
	return &Sentences{out: out, last: map[string]progress{}}
}

func (s *Sentences) dispatched(_ time.Time, watch *watch.Watch) error {
	return s.write("Recipe " + watch.RecipeID().String() + " was dispatched as run " + watch.RunID().String() + ".")
}

func (s *Sentences) state(now time.Time, watch *watch.Watch, repeated bool) (bool, error) {
	id := watch.RunID().Raw()
	current := progress{status: statusWord(watch)}
	if items := itemCount(watch).Or(0); items > 0 || watch.Run().Pages.Or(0) > 0 {
		current.counts = strings.Join(knownCounts(watch), ", ")
	}
	last, isKnown := s.last[id]
	isPaused := now.Sub(s.lastAt) < sentencePause && !s.lastAt.IsZero()
	if !repeated && isKnown && (last == current || last.status == current.status && isPaused) {
		return false, nil
	}
	s.last[id], s.lastAt = current, now
	verb := " is "
	if repeated || last == current {
		verb = " is still "
	}
	sentence := s.subject(watch) + verb + current.status
	if current.counts != "" {
		sentence += ": " + current.counts
	}
	if elapsed := watch.Elapsed(now); elapsed >= time.Second && watch.Run().Status() == run.StatusRunning {
		sentence += ", after " + spoken(elapsed) + s.timeLeft(watch, elapsed)
	}
	return true, s.write(sentence + ".")
}

// timeLeft returns how long a run will probably still take, such as "; about 40 seconds left", or "" if this is
// unknown.
func (s *Sentences) timeLeft(watch *watch.Watch, elapsed time.Duration) string {
	if s.Course == nil || watch.RecipeID().IsEmpty() {
		return ""
	}
	estimate, known := s.Course(watch.RecipeID()).Estimate(watch.Run().Pages, elapsed).Get()
	switch {
	case !known:
		return ""
	case estimate.Overdue > 0:
		return "; longer than usual"
	default:
		return "; about " + spoken(rounded(estimate.Left)) + " left"
	}
}

// rounded rounds an estimate of 5 minutes or more to whole minutes, and a shorter estimate to multiples of 5 seconds.
func rounded(d time.Duration) time.Duration {
	if d >= 5*time.Minute {
		return d.Round(time.Minute)
	}
	return max(5*time.Second, d.Round(5*time.Second))
}

func (s *Sentences) end(_ time.Time, watch *watch.Watch) error {
	delete(s.last, watch.RunID().Raw())
	r := watch.Run()
	sentence := s.subject(watch)
	switch status := statusWord(watch); status {
	case "opened", run.StatusCancelled.String():
		sentence += " was " + status
	default:
		sentence += " " + status
	}
	if !r.Began().IsZero() && !r.CompletedAt.IsZero() {
		sentence += " after " + spoken(r.Elapsed(r.CompletedAt))
	}
	counts := knownCounts(watch)
	if drift, known := r.Drift().Get(); known && r.Status() == run.StatusCompleted {
		counts = append(counts, "drift "+text.DriftText(drift))
	}
	if len(counts) > 0 {
		sentence += " with " + joinList(counts)
	}
	sentence += "."
	warnings, known := r.Warnings().Get()
	if !known {
		return s.write(sentence)
	}
	if len(warnings) == 0 {
		return s.write(sentence + " No warnings.")
	}
	lines := []string{sentence + " " + text.Counted(int64(len(warnings)), "warning") + "."}
	for _, warning := range warnings {
		lines = append(lines, asSentence("Warning: "+warning.String()))
	}
	return s.write(lines...)
}

// subject returns the subject of a sentence, such as "Run k7Xb9dRmQ2p".
func (s *Sentences) subject(watch *watch.Watch) string {
	switch id := watch.RunID(); {
	case !id.IsEmpty():
		return "Run " + id.String()
	case !s.Source.IsEmpty():
		return "File " + s.Source.String()
	default:
		return "The run"
	}
}

func (s *Sentences) write(sentences ...string) error {
	_, err := io.WriteString(s.out, strings.Join(sentences, "\n")+"\n")
	return WriteError(err)
}

// knownCounts returns the counts of a run that are known, such as "3 pages", "87 items" and "6 credits".
func knownCounts(watch *watch.Watch) []string {
	var counts []string
	for _, count := range []struct {
		n    optional.Value[int64]
		noun string
	}{{watch.Run().Pages, "page"}, {itemCount(watch), "item"}, {watch.Run().Credits, "credit"}} {
		if n, known := count.n.Get(); known {
			counts = append(counts, text.Counted(n, count.noun))
		}
	}
	return counts
}

// joinList joins strings to a list in a sentence, such as "a", "a and b" or "a, b and c".
func joinList(parts []string) string {
	last := len(parts) - 1
	if last < 1 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// spoken returns a duration as a person would say it, such as "1 minute 30 seconds".
func spoken(d time.Duration) string {
	seconds := int64(max(0, d) / time.Second)
	var parts []string
	for _, unit := range []struct {
		n    int64
		noun string
	}{{seconds / 3600, "hour"}, {seconds / 60 % 60, "minute"}, {seconds % 60, "second"}} {
		if unit.n > 0 {
			parts = append(parts, text.Counted(unit.n, unit.noun))
		}
	}
	if len(parts) == 0 {
		return "less than a second"
	}
	return strings.Join(parts, " ")
}

// asSentence returns a text with a capital letter at the start and a full stop at the end.
func asSentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if first != utf8.RuneError {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}

// WriteVerdictSentences writes one sentence per rule, and then one sentence per finding, for at most maxFindings
// findings. The parameter id is the id of the run, or empty if there is only one run.
func WriteVerdictSentences(out io.Writer, id text.Text, verdicts []rules.Verdict, findings []profile.Finding) error {
	var b strings.Builder
	if !id.IsEmpty() {
		b.WriteString("Results of run " + id.String() + ".\n")
	}
	for _, v := range verdicts {
		b.WriteString(asSentence("rule "+v.Rule.String()+" "+levelPhrase(v.Level)+": "+v.Found+examples(v.Rows, v.Pages)) + "\n")
	}
	if len(findings) == 0 {
		b.WriteString("No findings in the items.\n")
	} else {
		b.WriteString(asSentence(text.Counted(int64(len(findings)), "finding")+" in the items") + "\n")
	}
	for i := range findings[:min(len(findings), maxFindings)] {
		f := &findings[i]
		b.WriteString(asSentence(f.Severity.String()+": "+f.Text+examples(f.Rows, nil)) + "\n")
	}
	if more := len(findings) - maxFindings; more > 0 {
		b.WriteString("There are " + strconv.Itoa(more) + " more findings: --json lists them all.\n")
	}
	_, err := io.WriteString(out, b.String())
	return WriteError(err)
}

// levelPhrase returns the result of a rule for the end of a sentence, such as "is met".
func levelPhrase(level rules.Level) string {
	switch level {
	case rules.Holds:
		return "is met"
	case rules.Warns:
		return "gives a warning"
	case rules.Broken:
		return "is broken"
	default:
		return "could not be judged"
	}
}

// WriteBaselineSentences writes the advice, and the differences between a run and earlier runs, one sentence per line.
// If there are no differences, it says so. If there are no earlier runs, it writes nothing.
func WriteBaselineSentences(out io.Writer, j *baseline.Judgment) error {
	var b strings.Builder
	if j.Advice.Kind != baseline.AdviceNone {
		b.WriteString(asSentence("advice: "+j.Advice.Text) + "\n")
	}
	for _, c := range j.Changes {
		b.WriteString(asSentence(c.Severity.String()+": "+c.String()) + "\n")
	}
	if j.Earlier > 0 && len(j.Changes) == 0 {
		b.WriteString("The run is as usual: nothing differs from " + comparison(j) + ".\n")
	}
	_, err := io.WriteString(out, b.String())
	return WriteError(err)
}
