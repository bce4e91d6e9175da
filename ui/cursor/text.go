package cursor

import (
	"fmt"

	"sbwatch/model/text"
)

// Of formats a number and its total, such as "3 of 1,204".
func Of(n, total int) string { return text.Count(int64(n)) + " of " + text.Count(int64(total)) }

// Range formats a range and its total, such as "1-20 of 1,204".
func Range(from, to, total int) string {
	return fmt.Sprintf("%s-%s", text.Count(int64(from)), Of(to, total))
}
