package alert

import (
	"encoding/base64"
	"strings"
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

func ended(r run.Run) *watch.Watch {
	w := watch.OpenedWatch(run.Answer{Run: r, Items: item.Table{}})
	return &w
}

func TestMessage(t *testing.T) {
	completed := ended(run.Run{
		ID: text.NewText("k7Xb9dRmQ2p"), StatusSent: text.NewText("completed"), Items: optional.Some(int64(1204)),
		Result: optional.Some(run.Result{Drift: optional.Some(0.12), Warnings: optional.Some([]text.Text{text.NewText("x")})}),
	})
	failed := ended(run.Run{ID: text.NewText("b"), StatusSent: text.NewText("failed"), Error: text.NewText("page 4:\n\x1b]9;x\a" + strings.Repeat("long ", 200_000))})
	cancelled := ended(run.Run{ID: text.NewText("c"), StatusSent: text.NewText("cancelled")})
	refused := watch.NewDispatchWatch(text.NewText("m3Yc2tFvN8q"))
	refused.DispatchFailed(&run.Problem{Kind: run.ProblemCredits, Summary: text.NewText("not enough credits")})
	for name, test := range map[string]struct {
		runs   []*watch.Watch
		broken int
		want   string
	}{
		"completed":      {[]*watch.Watch{completed}, 0, "run k7Xb9dRmQ2p completed: 1,204 items, drift 0.12, 1 warning"},
		"failed":         {[]*watch.Watch{failed}, 0, `run b failed: page 4:\n\x1b]9;x\x07long long long long long long long long long long long long long long long long long long long l…`},
		"cancelled":      {[]*watch.Watch{cancelled}, 0, "run c cancelled"},
		"refused":        {[]*watch.Watch{&refused}, 0, "recipe m3Yc2tFvN8q: the watch has ended: not enough credits"},
		"several":        {[]*watch.Watch{completed, failed, completed}, 0, "3 runs ended: 2 completed, 1 failed"},
		"broken":         {[]*watch.Watch{completed}, 1, "run k7Xb9dRmQ2p completed: 1,204 items, drift 0.12, 1 warning, 1 rule broken"},
		"several broken": {[]*watch.Watch{completed, completed}, 2, "2 runs ended: 2 completed, 2 with broken rules"},
		"all kinds":      {[]*watch.Watch{&refused, cancelled, failed, completed}, 0, "4 runs ended: 1 completed, 1 failed, 1 cancelled, 1 with unknown result"},
	} {
		var b Batch
		for _, w := range test.runs {
			b.Add(w, test.broken)
		}
		if got := b.Message(); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestDetect(t *testing.T) {
	nine, seven, kitty := Terminal{protocol: osc9}, Terminal{protocol: osc777}, Terminal{protocol: osc99}
	for environ, want := range map[string]Terminal{
		"":                               {},
		"TERM=xterm-256color":            {},
		"TERM=linux TERM_PROGRAM=kitty":  {},
		"TERM=dumb KITTY_WINDOW_ID=1":    {},
		"TERM_PROGRAM=iTerm.app":         nine,
		"LC_TERMINAL=iTerm2":             nine,
		"TERM_PROGRAM=WezTerm":           seven,
		"TERM_PROGRAM=ghostty":           seven,
		"TERM=xterm-ghostty":             seven,
		"TERM=foot-extra":                seven,
		"TERM=rxvt-unicode-256color":     seven,
		"VTE_VERSION=7600":               seven,
		"TERM=xterm-kitty":               kitty,
		"KITTY_WINDOW_ID=3":              kitty,
		"TERM_PROGRAM=Apple_Terminal":    {},
		"TERM=tmux-256color TMUX=/tmp/t": {},
		"TERM=tmux-256color TERM_PROGRAM=tmux TMUX=/tmp/t KITTY_WINDOW_ID=3": {protocol: osc99, throughTmux: true},
		"TERM=screen STY=1.x KITTY_WINDOW_ID=3":                              {},
		"ZELLIJ=0 TERM=xterm-kitty":                                          {},
	} {
		got := Detect(func(name string) string {
			for entry := range strings.FieldsSeq(environ) {
				if value, found := strings.CutPrefix(entry, name+"="); found {
					return value
				}
			}
			return ""
		})
		if got != want {
			t.Errorf("%q: got %+v, want %+v", environ, got, want)
		}
	}
}

func TestSequence(t *testing.T) {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, test := range []struct {
		terminal Terminal
		want     string
	}{
		{Terminal{}, "\a"},
		{Terminal{protocol: osc9}, "\x1b]9;sbwatch: 4;1;run a\x1b\\\a"},
		{Terminal{protocol: osc777}, "\x1b]777;notify;sbwatch;4;1;run a\x1b\\\a"},
		{Terminal{protocol: osc99}, "\x1b]99;i=sbwatch:d=0:e=1:p=title;" + encode("sbwatch") + "\x1b\\\x1b]99;i=sbwatch:d=1:e=1:p=body;" + encode("4;1;run a") + "\x1b\\\a"},
		{Terminal{protocol: osc9, throughTmux: true}, "\x1bPtmux;\x1b\x1b]9;sbwatch: 4;1;run a\x1b\x1b\\\x1b\\\a"},
	} {
		if got := test.terminal.Sequence("sbwatch", "4;1;run a"); got != test.want {
			t.Errorf("%+v: got %q, want %q", test.terminal, got, test.want)
		}
	}
}

func TestTextCannotEndTheSequence(t *testing.T) {
	for _, sent := range []string{"a\x1b\\\x1b]0;owned\a", "a\ab", "a\x9cb", "a\nb", "a\x00b", "a\u009cb", strings.Repeat("\x1b", 1<<20)} {
		for p := bellOnly; p <= osc99; p++ {
			plain := Terminal{protocol: p}
			got, want := plain.Sequence(sent, sent), plain.Sequence("t", "m")
			controls := func(s string) string {
				return strings.Map(func(r rune) rune {
					if r < ' ' || r >= 0x7f && r < 0xa0 {
						return r
					}
					return -1
				}, s)
			}
			if controls(got) != controls(want) || len(got) > 1200 {
				t.Errorf("%.40q in protocol %d becomes %.300q", sent, p, got)
			}
		}
	}
}

func TestParseMode(t *testing.T) {
	for _, word := range Modes() {
		if mode, err := ParseMode(word); err != nil || mode.String() != word {
			t.Errorf("%s: got %v, %v", word, mode, err)
		}
	}
	if _, err := ParseMode("sometimes"); err == nil {
		t.Error("an unknown mode is accepted")
	}
}
