package prompt

// History holds earlier inputs, the newest first.
type History []string

// maxHistory is the maximum number of lines in a history.
const maxHistory = 100

// Add adds a line at the front and removes an earlier line with the same text. If there are more than maxHistory lines,
// it removes the oldest.
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
