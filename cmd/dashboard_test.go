package cmd

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui"
)

func TestIsLightBackground(t *testing.T) {
	for value, want := range map[string]bool{
		"0;15": true, "0;default;15": true, "0;7": true,
		"15;0": false, "7;8": false, "": false, "nonsense": false, "0;default": false, "0;230": false,
	} {
		if got := isLightBackground(value); got != want {
			t.Errorf("COLORFGBG=%q: light %v, want %v", value, got, want)
		}
	}
}

func TestReadsUTF8(t *testing.T) {
	for _, test := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{want: true},
		{lang: "C.UTF-8", want: true},
		{lang: "en_US.utf8", want: true},
		{lang: "C"},
		{lang: "POSIX"},
		{lang: "de_DE.ISO-8859-1@euro"},
		{ctype: "UTF-8", lang: "C", want: true}, // macOS
		{all: "C", ctype: "UTF-8", lang: "en_US.UTF-8"},
		{ctype: "C", lang: "en_US.UTF-8"},
	} {
		environ := map[string]string{"LC_ALL": test.all, "LC_CTYPE": test.ctype, "LANG": test.lang}
		if got := readsUTF8(func(name string) string { return environ[name] }); got != test.want {
			t.Errorf("%v: %v, want %v", environ, got, test.want)
		}
	}
}

// The dashboard gets the answer to the request that was sent before it opened, and does not repeat the request.
func TestFirstAnswerIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &slowPoll{}
		w := watch.NewWatch(text.NewText("k7Xb9dRmQ2p"))
		first, stop, refusal := askFirst(t.Context(), service, &w, time.Now)
		defer stop()
		if refusal != nil {
			t.Fatal(refusal)
		}
		for i := range 2 {
			answer, err := first.Poll(t.Context(), "k7Xb9dRmQ2p", func(item.Table) {})
			if err != nil || answer.RequestID.Raw() != strconv.Itoa(i+1) {
				t.Errorf("poll %d got answer %s, %v", i+1, answer.RequestID, err)
			}
		}
	})
}

// A dispatch that was sent before the dashboard opened is neither repeated nor forgotten.
func TestFirstDispatchIsHandedOver(t *testing.T) {
	for name, isOpened := range map[string]bool{"to the dashboard": true, "to one that closes at once": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service := &slowFirstDispatch{}
				w := watch.NewDispatchWatch(text.NewText("m3Yc2tFvN8q"))
				first, stop, refusal := askFirst(t.Context(), service, &w, time.Now)
				defer stop()
				if refusal != nil || !w.DispatchUnanswered() {
					t.Fatalf("refusal %v, unanswered %v", refusal, w.DispatchUnanswered())
				}
				keeper := keepDispatch(first)
				keeper.first, _ = first.(*headStart)
				if isOpened {
					go func() { _, _ = keeper.Dispatch(t.Context(), "m3Yc2tFvN8q") }()
					synctest.Wait()
				}
				keeper.await(&w)
				if service.dispatches != 1 || w.RunID().Raw() != "k7Xb9dRmQ2p" {
					t.Errorf("%d dispatches, run %q", service.dispatches, w.RunID())
				}
			})
		})
	}
}

// slowFirstDispatch answers a dispatch after two seconds.
type slowFirstDispatch struct {
	ui.Service
	dispatches int
}

// Usage answers at once.
func (*slowFirstDispatch) Usage(context.Context) (run.Usage, error) { return run.Usage{}, nil }

// Dispatch answers after two seconds.
func (s *slowFirstDispatch) Dispatch(context.Context, string) (run.Dispatch, error) {
	s.dispatches++
	time.Sleep(2 * time.Second)
	return run.Dispatch{RunID: text.NewText("k7Xb9dRmQ2p")}, nil
}

// slowPoll answers polls after three seconds and numbers the answers.
type slowPoll struct {
	ui.Service
	polls int
}

// Poll answers with the number of the poll.
func (s *slowPoll) Poll(context.Context, string, func(item.Table)) (run.Answer, error) {
	s.polls++
	time.Sleep(3 * time.Second)
	return run.Answer{RequestID: text.NewText(strconv.Itoa(s.polls))}, nil
}
