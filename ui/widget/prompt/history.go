package prompt

// History holds previous inputs, newest first.
type History []string

// maxHistory is the maximum number of lines in a history.
const maxHistory = 100

// Add puts a line at the front. It removes an earlier equal line, and the oldest lines beyond the maximum.
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
