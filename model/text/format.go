package text

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"sbwatch/model/optional"
)

// Clock formats a duration like a stopwatch: "0:41", "12:05", "1:02:03".
func Clock(d time.Duration) string {
	seconds := int64(max(0, d) / time.Second)
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}

// Wait formats a short duration: "84 ms", "0.5 s", "1.2 s", "12 s", "4:05", "3 days".
func Wait(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return Latency(d)
	case d < 9950*time.Millisecond:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < 100*time.Second:
		return strconv.FormatInt(int64(d.Round(time.Second)/time.Second), 10) + " s"
	case d < 48*time.Hour:
		return Clock(d)
	default:
		return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + " days"
	}
}

// Latency formats the duration of a request: "84 ms", "1.2 s".
func Latency(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "0 ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	default:
		return Wait(d)
	}
}

// Seconds formats a duration in whole seconds: "48 s", "4:05".
func Seconds(d time.Duration) string {
	if d < 100*time.Second {
		return strconv.FormatInt(int64(max(0, d)/time.Second), 10) + " s"
	}
	return Clock(d)
}

// Count formats a number with thousands separators: "1,204".
func Count(n int64) string { return humanize.Comma(n) }

// Bytes formats a number of bytes: "2.0 GB".
func Bytes(n int64) string { return humanize.Bytes(uint64(max(0, n))) }

// Number formats a number with thousands separators and as few decimals as it needs: "1,234.5".
func Number(x float64) string {
	const smallest, tooLarge, decimals = 1e-3, 1e15, 4
	if size := math.Abs(x); size != 0 && (size < smallest || size >= tooLarge) {
		return strconv.FormatFloat(x, 'g', decimals, 64)
	}
	text := strings.TrimRight(strconv.FormatFloat(math.Abs(x), 'f', decimals, 64), "0")
	whole, rest, _ := strings.Cut(text, ".")
	number, err := strconv.ParseInt(whole, 10, 64)
	if err != nil { // NaN
		return text
	}
	if whole = Count(number); rest != "" {
		whole += "." + rest
	}
	if x < 0 {
		whole = "-" + whole
	}
	return whole
}

// Counted formats a number and a noun: "1 page", "1,204 items".
func Counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}

// unknownCount is shown in place of an unknown number. An unknown number is never shown as 0.
const unknownCount = "–"

// CountOr formats a number like [Count]. For an unknown number, it returns "–".
func CountOr(n optional.Value[int64]) string {
	if v, known := n.Get(); known {
		return Count(v)
	}
	return unknownCount
}

// DriftText formats a drift with two to four decimals. A drift between 0 and 1 is never rounded to 0 or 1.
func DriftText(drift float64) string {
	text := strconv.FormatFloat(drift, 'f', -1, 64)
	switch {
	case drift == 0:
		return "0"
	case drift < 0 || drift > 1 || drift < 0.001:
		return strconv.FormatFloat(drift, 'g', -1, 64)
	case drift == 1:
		return "1"
	case len(text) < len("0.00"):
		return text + "0"
	default:
		return text[:min(len(text), len("0.0000"))]
	}
}

// Line returns t as one printable line of at most limit bytes.
func Line(t Text, limit int) string { return Shorten(Printable(Shorten(t.Raw(), limit)), limit) }

// Shorten limits s to limit bytes. If s is longer, Shorten cuts it between two characters and adds an ellipsis.
func Shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	const mark = "…"
	end := max(0, limit-len(mark))
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}
