package watch

import (
	"strings"

	"sbwatch/model/text"
)

// Deliveries counts the deliveries of webhooks and their effects. The receiver counts what arrives. The monitor counts
// the effects.
type Deliveries struct {
	// Received counts the deliveries that have the secret and a readable body. It includes Repeated.
	Received int64
	// Confirmed counts the deliveries after which a poll confirmed that the run has ended.
	Confirmed int64
	// Unconfirmed counts the deliveries after which a poll found that the run has not ended, or that the service does
	// not know it.
	Unconfirmed int64
	// Repeated counts further deliveries for the same run. They have no effect.
	Repeated int64
	// UnknownRun counts deliveries for runs that are not watched. They have no effect.
	UnknownRun int64
	// Missed counts runs that ended without a delivery, although deliveries for earlier runs arrived.
	Missed int64

	// Forged counts requests without the secret.
	Forged int64
	// Malformed counts requests that have the secret but are not deliveries. It also counts connections without a
	// readable request.
	Malformed int64
	// TooLarge and Slow count requests that were not read to the end because they were too large or too slow.
	TooLarge, Slow int64
	// Overflowed counts deliveries that were refused because too many deliveries were waiting. It also counts
	// connections that were closed because too many connections were open.
	Overflowed int64
}

// Plus returns the sum of two sets of counts.
func (d Deliveries) Plus(o Deliveries) Deliveries {
	return Deliveries{
		Received: d.Received + o.Received, Confirmed: d.Confirmed + o.Confirmed, Unconfirmed: d.Unconfirmed + o.Unconfirmed,
		Repeated: d.Repeated + o.Repeated, UnknownRun: d.UnknownRun + o.UnknownRun, Missed: d.Missed + o.Missed,
		Forged: d.Forged + o.Forged, Malformed: d.Malformed + o.Malformed, TooLarge: d.TooLarge + o.TooLarge, Slow: d.Slow + o.Slow,
		Overflowed: d.Overflowed + o.Overflowed,
	}
}

// Refused returns the number of requests that the receiver refused.
func (d Deliveries) Refused() int64 {
	return d.Forged + d.Malformed + d.TooLarge + d.Slow + d.Overflowed
}

// IsOdd reports whether the user should see the counts: deliveries are missing, or something other than a delivery for
// a watched run has arrived.
func (d Deliveries) IsOdd() bool {
	return d.Refused() > 0 || d.Unconfirmed > 0 || d.UnknownRun > 0 || d.Missed > 0
}

// String returns the counts that are not 0 on one line, such as "3 received, 2 confirmed, 1 forged".
func (d Deliveries) String() string {
	var parts []string
	for _, part := range []struct {
		count int64
		what  string
	}{
		{d.Received, "received"},
		{d.Confirmed, "confirmed"},
		{d.Unconfirmed, "not confirmed"},
		{d.Repeated, "repeated"},
		{d.UnknownRun, "for other runs"},
		{d.Missed, "missed"},
		{d.Forged, "forged"},
		{d.Malformed, "malformed"},
		{d.TooLarge, "too large"},
		{d.Slow, "too slow"},
		{d.Overflowed, "too many at once"},
	} {
		if part.count > 0 {
			parts = append(parts, text.Count(part.count)+" "+part.what)
		}
	}
	if len(parts) == 0 {
		return "none received"
	}
	return strings.Join(parts, ", ")
}
