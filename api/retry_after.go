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

// Limits on a Retry-After header.
const (
	// maxRetryAfter is the maximum wait. It replaces a longer wait, which could exceed the range of a duration.
	maxRetryAfter = 365 * 24 * time.Hour
	// maxDelayDigits is the maximum number of digits of a wait in seconds. A longer value is invalid.
	maxDelayDigits = 32
	// maxRetryAfterShown is the maximum number of characters of an invalid value that are shown in a message.
	maxRetryAfterShown = 40
)

// parseRetryAfter parses the value of a Retry-After header according to RFC 9110: a number of seconds, or a date in
// one of the three formats of HTTP. A date in the past is a wait of 0. ok is false if value is neither.
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

// isDelay reports whether value has the form of a delay in seconds.
func isDelay(value string) bool {
	isDigit := func(r rune) bool { return '0' <= r && r <= '9' }
	return value != "" && len(value) <= maxDelayDigits && strings.TrimLeftFunc(value, isDigit) == ""
}

// addRetryAfter adds to a problem the wait from the Retry-After header. If the header is invalid, it is ignored, and
// the summary of the problem says so.
func (c *Client) addRetryAfter(problem *run.Problem, header http.Header) {
	values := header.Values("Retry-After")
	if len(values) == 0 {
		return
	}
	value := strings.Trim(values[0], " \t")
	wait, ok := parseRetryAfter(value, c.now())
	if !ok {
		shown := c.safe(value, maxRetryAfterShown)
		problem.Summary = text.NewText(fmt.Sprintf("%s; cannot read the Retry-After header \"%s\"", problem.Summary.Raw(), shown))
		return
	}
	problem.RetryAfter = optional.Some(wait)
}
