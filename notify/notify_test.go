package notify

import (
	"strings"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// watchOf returns the watch of an ended run.
func watchOf(r run.Run) *watch.Watch {
	w := watch.OpenedWatch(run.Answer{Run: r, Items: item.Table{}})
	return &w
}

func completed(id string) run.Run {
	return run.Run{
		ID: text.NewText(id), RecipeID: text.NewText("m3Yc2tFvN8q"), StatusSent: text.NewText("completed"),
		Pages: optional.Some(int64(6)), Items: optional.Some(int64(48)), Credits: optional.Some(int64(12)),
		StartedAt: time.Unix(100, 0), CompletedAt: time.Unix(103, 0),
		Result: optional.Some(run.Result{Drift: optional.Some(0.12), Warnings: optional.Some([]text.Text{})}),
	}
}

// hostile returns texts that could harm a shell, a terminal or a log if they were used unchanged.
func hostile() map[string]string {
	return map[string]string{
		"new lines":    "a\nSBWATCH_STATUS=completed\r\nb",
		"escapes":      "\x1b]0;owned\a\x1b[2J\x9b31m",
		"substitution": "$(touch owned)`touch owned`; touch owned; && touch owned | touch owned",
		"quotes":       `'"; touch owned; '"`,
		"NUL":          "a\x00b",
		"invalid":      "\xff\xfe\xc3",
		"bidi":         "a\u202eb\u200b",
		"large":        strings.Repeat("x\x1b", 500_000),
	}
}
