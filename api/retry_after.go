package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Limits of a Retry-After.
const (
	// maxRetryAfter keeps a wait within what a duration can hold.
	maxRetryAfter = 365 * 24 * time.Hour
	// maxDelayDigits is how long a number of seconds may be written. A longer one is not read at all.
	maxDelayDigits = 32
	// maxRetryAfterShown is how many characters are shown of a Retry-After that cannot be read.
	maxRetryAfterShown = 40
)

// parseRetryAfter reads a Retry-After as RFC 9110 defines it: whole seconds in decimal digits, or a date in one of the three
// formats of HTTP. A date in the past is no wait. It reports whether value is any of these.
func parseRetryAfter(value string, now time.Time) (wait time.Duration, ok bool) {
	if isDelay(value) {
		value = strings.TrimLeft(value, "0")
		if value == "" {
			return 0, true
		}
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter, true
		}
		return time.Duration(seconds) * time.Second, true
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(0, date.Sub(now)), maxRetryAfter), true
}

// isDelay reports whether value is a number of seconds, by its form.
func isDelay(value string) bool {
	isDigit := func(r rune) bool { return '0' <= r && r <= '9' }
	return value != "" && len(value) <= maxDelayDigits && strings.TrimLeftFunc(value, isDigit) == ""
}

// addRetryAfter completes a problem by how long the service asks to wait. A Retry-After that cannot be read is ignored, and
// the problem says so.
func (c *Client) addRetryAfter(problem *run.Problem, header http.Header) {
	values := header.Values("Retry-After")
	if len(values) == 0 {
		return
	}
	value := strings.Trim(values[0], " \t")
	wait, ok := parseRetryAfter(value, c.now())
	if !ok {
		shown := c.safe(value, maxRetryAfterShown)
		problem.Summary = text.NewText(fmt.Sprintf("%s; cannot read its Retry-After \"%s\"", problem.Summary.Raw(), shown))
		return
	}
	problem.RetryAfter = optional.Some(wait)
}
