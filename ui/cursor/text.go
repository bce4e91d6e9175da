package cursor

import (
	"fmt"

	"sbwatch/model/text"
)

// Of writes a number out of a total: "3 of 1,204".
func Of(n, total int) string { return text.Count(int64(n)) + " of " + text.Count(int64(total)) }

// Range writes which of a total show: "1-20 of 1,204".
func Range(from, to, total int) string {
	return fmt.Sprintf("%s-%s", text.Count(int64(from)), Of(to, total))
}
