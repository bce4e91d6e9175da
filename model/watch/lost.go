package watch

import "fmt"

// LostVerdict returns a printable sentence for a dispatch whose answer was lost. The sentence says whether a run seems
// to have started. isChecking is true while the account's usage is being read to find out.
func (w *Watch) LostVerdict(isChecking bool) string {
	last, judged := w.LostRun().Get()
	switch {
	case !judged && isChecking:
		return "Checking the account's usage for a new run."
	case !judged:
		return "The account's usage could not be read either, so it is unknown whether a run has started."
	case last.ID.IsEmpty():
		return "The account's usage shows no new run so far."
	}
	created := ""
	if !last.CreatedAt.IsZero() {
		created = ", created at " + last.CreatedAt.Local().Format("15:04:05")
	}
	return fmt.Sprintf("The account's newest run, %s (%s%s), may be this run.", last.ID, last.Status, created)
}
