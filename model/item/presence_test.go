package item_test

import (
	"strings"
	"testing"

	"sbwatch/model/item"
)

func TestPresenceOfStrings(t *testing.T) {
	for _, test := range []struct {
		sent string
		want item.Presence
	}{
		{`""`, item.EmptyText},
		{`" "`, item.Blank},
		{`"\u00a0\n\t` + "\u2003" + `"`, item.Blank},
		{`"\\"`, item.Present},
		{`"\n\u0000"`, item.Present},
		{`"` + strings.Repeat(" ", 1000) + `x"`, item.Present},
		{`"` + strings.Repeat(`\n`, 1000) + `"`, item.Blank},
		{`"` + strings.Repeat(`\n`, 40_000) + `x"`, item.Present},
		{`"` + `\n` + `"`, item.Blank},
		{`"` + `\u00a0\u0020\t` + `"`, item.Blank},
		{`"` + `\n` + strings.Repeat("\u00a0", 100) + `"`, item.Blank},
		{`"` + `\n` + strings.Repeat("\u00a0", 100) + "x" + `"`, item.Present},
		{`"` + strings.Repeat(" ", 5000) + `\u0020` + `"`, item.Blank},
		{`"` + `\u00e9` + `"`, item.Present},
		{`"` + `\"` + `"`, item.Present},
		{`"` + strings.Repeat("é", 100) + `\n` + `"`, item.Present},
		{`"` + " \xff" + `"`, item.Present},
	} {
		if got := item.NewCell([]byte(test.sent)).Presence(); got != test.want {
			t.Errorf("%.20q is %v, want %v", test.sent, got, test.want)
		}
	}
}
