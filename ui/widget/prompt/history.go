package prompt

// History is what was entered earlier, the newest first.
type History []string

// maxHistory is how many lines a history keeps.
const maxHistory = 100

// Add puts a line at the front. An earlier one that is the same, and what is too old, is dropped.
func (h *History) Add(text string) {
	if text == "" {
		return
	}
	lines := History{text}
	for _, line := range *h {
		if line != text && len(lines) < maxHistory {
			lines = append(lines, line)
		}
	}
	*h = lines
}
