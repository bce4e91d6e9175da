package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"

	"sbwatch/internal/golden"
	"sbwatch/model/item"
	"sbwatch/model/run"
)

// imageStage is a dashboard with an item that has the address of an image.
type imageStage struct {
	*stage
	fetched []string
	err     error
	raw     strings.Builder // what was sent to the terminal in addition to frames
}

func newImageStage(t *testing.T, w, h int, address string) *imageStage {
	t.Helper()
	return newTmuxStage(t, w, h, address, nil)
}

// newTmuxStage is like newImageStage. If inTmux is not nil, the program runs in tmux.
func newTmuxStage(t *testing.T, w, h int, address string, inTmux func(context.Context) bool) *imageStage {
	t.Helper()
	s := &imageStage{}
	value, err := json.Marshal(address)
	if err != nil {
		t.Fatal(err)
	}
	items := itemsOf(t, []string{`{"image":` + string(value) + `,"name":"Lamp"}`})
	s.stage = newStage(Config{Load: noLoad, ImagesInTmux: inTmux, FetchImage: func(_ context.Context, address string) (image.Image, error) {
		s.fetched = append(s.fetched, address)
		if s.err != nil {
			return nil, s.err
		}
		return image.NewRGBA(image.Rect(0, 0, 300, 200)), nil
	}}, w, h)
	s.follow(s.update(loadedMsg{answer: run.Answer{Items: items}}))
	return s
}

// tell sends a message and runs the commands that follow. It notes what they send to the terminal.
func (s *imageStage) tell(msg tea.Msg) {
	_, cmd := s.Update(msg)
	for _, next := range messagesOf(cmd) {
		if raw, isRaw := next.(tea.RawMsg); isRaw {
			_, _ = fmt.Fprint(&s.raw, raw.Msg)
			continue
		}
		s.tell(next)
	}
}

// asks presses the key that shows an image, and then sends the answers of the terminal. All of them arrive in time.
func (s *imageStage) asks(answers ...tea.Msg) {
	_, cmd := s.Update(keyPress("I"))
	for _, answer := range answers {
		s.tell(answer)
	}
	for _, late := range messagesOf(cmd) {
		if raw, isRaw := late.(tea.RawMsg); isRaw {
			_, _ = fmt.Fprint(&s.raw, raw.Msg)
			continue
		}
		s.tell(late)
	}
}

func kittyAnswer() tea.Msg {
	return uv.KittyGraphicsEvent{Options: kitty.Options{ID: 5727}, Payload: []byte("OK")}
}

func attributes(all ...int) tea.Msg { return uv.PrimaryDeviceAttributesEvent(all) }

func TestImages(t *testing.T) {
	const address = "https://shop.example/lamp.png"
	for name, c := range map[string]struct {
		address string
		err     error
		answers []tea.Msg
		fetches bool
		shows   string // in the frame
		sends   string // to the terminal
		removes string // after a key
	}{
		"kitty": {
			answers: []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, kittyAnswer(), attributes(62)},
			fetches: true, shows: "300x200", sends: "\x1b_Ga=T,f=100,C=1,q=2,i=5727,c=30,r=10,m=0;", removes: "\x1b_Ga=d,d=I,i=5727,q=2\x1b\\",
		},
		"sixels": {
			answers: []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, attributes(62, 4)},
			fetches: true, shows: "300x200", sends: "\x1bP0;1q\"1;1;300;200#0;", removes: "clear",
		},
		"no images":          {answers: []tea.Msg{attributes(62, 22)}, shows: "This terminal cannot show images. Nothing was fetched."},
		"no answer":          {shows: "This terminal cannot show images"},
		"an answer too late": {answers: []tea.Msg{attributes(62), kittyAnswer(), attributes(62, 4)}, shows: "This terminal cannot show images"},
		"not understood":     {answers: []tea.Msg{uv.KittyGraphicsEvent{Options: kitty.Options{ID: 5727}, Payload: []byte("EINVAL")}, attributes(62)}, shows: "This terminal cannot show images"},
		"an error": {
			err: errors.New("it is \x1b[31mred"), answers: []tea.Msg{kittyAnswer(), attributes(62)}, fetches: true, shows: `No image: it is \x1b[31mred`,
		},
		"no address": {address: "lamp", shows: "not a URL"},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				if c.address == "" {
					c.address = address
				}
				s := newImageStage(t, 100, 30, c.address)
				before := frameOf(t, s.stage)
				s.err = c.err
				s.asks(c.answers...)
				if frame := frameOf(t, s.stage); !strings.Contains(frame, c.shows) {
					t.Errorf("no %q in\n%s", c.shows, frame)
				}
				if got := len(s.fetched) > 0; got != c.fetches {
					t.Errorf("fetched %v", s.fetched)
				}
				if sent := s.raw.String(); !strings.Contains(sent, c.sends) || c.sends == "" && strings.Contains(sent, "a=T") {
					t.Errorf("sent %.200q, want %q", sent, c.sends)
				}
				if sent := s.raw.String(); c.sends != "" && !strings.Contains(sent, "\x1b7"+ansi.CursorPosition(36, 10)) {
					t.Errorf("the image is not in the box: %.200q", sent)
				}
				s.raw.Reset()
				_, cmd := s.Update(keyPress("esc"))
				left := ""
				for _, msg := range messagesOf(cmd) {
					left += "clear"
					if raw, isRaw := msg.(tea.RawMsg); isRaw {
						left = fmt.Sprint(raw.Msg)
					}
				}
				if left != c.removes && c.address == address {
					t.Errorf("removed by %q, want %q", left, c.removes)
				}
				if after := frameOf(t, s.stage); after != before && c.address == address {
					t.Errorf("after the image:\n%s", after)
				}
			})
		})
	}
}

// TestImagesInDataURLs checks that an image in a data: URL is shown without a host, and that its data do not fill the
// box.
func TestImagesInDataURLs(t *testing.T) {
	const data = "iVBORw0KGgo"
	kitty := []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, kittyAnswer(), attributes(62)}
	for name, c := range map[string]struct {
		address string
		answers []tea.Msg
		shows   string
		fetches bool
	}{
		"png":       {"data:image/png;base64," + data, kitty, "data:image/png;base64, 35 B", true},
		"upper":     {"DATA:Image/PNG;base64," + data, kitty, "DATA:Image/PNG;base64, 35 B", true},
		"large":     {"data:image/webp;base64," + strings.Repeat(data, 100_000), kitty, "data:image/webp;base64, 1.1 MB", true},
		"hostile":   {"data:image/\x1b[31m" + strings.Repeat("x", 300), kitty, `data:image/\x1b[31mxxx`, true},
		"too large": {"data:image/png;base64," + strings.Repeat("A", 33<<20), kitty, "No image: the address is larger than 34 MB", false},
		"no images": {"data:image/png;base64," + data, []tea.Msg{attributes(62)}, "This terminal cannot show images.  ", false},
		"text":      {"data:text/plain;base64," + data, kitty, "not a URL", false},
		"no type":   {"data:,hello", kitty, "not a URL", false},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				s := newImageStage(t, 100, 30, c.address)
				s.asks(c.answers...)
				frame := frameOf(t, s.stage)
				if !strings.Contains(frame, c.shows) || strings.Contains(frame, "open in browser") || strings.Contains(frame, "etch") {
					t.Errorf("no %q in\n%s", c.shows, frame)
				}
				if isFetched := len(s.fetched) == 1 && s.fetched[0] == c.address; isFetched != c.fetches {
					t.Errorf("%d addresses were decoded", len(s.fetched))
				}
				if s.does("o"); strings.Contains(frameOf(t, s.stage), "esc close") {
					t.Error("a key does not close the box")
				}
			})
		})
	}
}

// TestNothingIsFetchedBeforeTheKey checks that moving over addresses and opening items fetches nothing.
func TestNothingIsFetchedBeforeTheKey(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newImageStage(t, 160, 40, "https://shop.example/lamp.png")
		s.does("l", "h", "enter", "j", "k", "esc", "2", "1", "y")
		s.tell(kittyAnswer())
		s.tell(attributes(62, 4))
		if len(s.fetched) > 0 {
			t.Errorf("fetched %v", s.fetched)
		}
	})
}

// TestAnImageFollowsTheWindow checks that a resize removes the image and shows it again in the new box.
// TestOnlySecureImages checks that no box opens for an address that is not fetched, inside and outside tmux.
func TestOnlySecureImages(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		const address = "http://shop.example/lamp.png"
		for name, s := range map[string]*imageStage{
			"terminal": newImageStage(t, 100, 30, address),
			"tmux":     newTmuxStage(t, 100, 30, address, func(context.Context) bool { return true }),
		} {
			s.does("I")
			if frame := frameOf(t, s.stage); !strings.Contains(frame, "only from https:// addresses") {
				t.Errorf("%s: no message:\n%s", name, frame)
			}
		}
	})
}

func TestAnImageFollowsTheWindow(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newImageStage(t, 100, 30, "https://shop.example/lamp.png")
		s.asks(uv.CellSizeEvent{Width: 10, Height: 20}, kittyAnswer(), attributes(62))
		s.raw.Reset()
		s.tell(tea.WindowSizeMsg{Width: 40, Height: 12})
		if sent := s.raw.String(); !strings.HasPrefix(sent, "\x1b_Ga=d,d=I") || !strings.Contains(sent, ",c=15,r=5,m=0;") {
			t.Errorf("sent %.300q", sent)
		}
		for _, size := range [][2]int{{39, 9}, {1, 1}, {40, 10}, {300, 100}} {
			s.raw.Reset()
			s.tell(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			frameOf(t, s.stage)
			if isShown := strings.Contains(s.raw.String(), "a=T"); isShown != (size[0] >= 40) {
				t.Errorf("%v: sent %.300q", size, s.raw.String())
			}
		}
		if len(s.fetched) != 1 {
			t.Errorf("fetched %d times", len(s.fetched))
		}
	})
}

func TestGoldenImageBox(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		for _, size := range [][2]int{{40, 10}, {60, 20}, {80, 24}, {120, 40}, {200, 60}} {
			s := newImageStage(t, size[0], size[1], "https://shop.example/images/\x1b[31m/a/long/path/to/a/lamp/with/a/shade.png?width=1200")
			s.asks(kittyAnswer(), attributes(62))
			golden.Check(t, fmt.Sprintf("image-%dx%d", size[0], size[1]), frameOf(t, s.stage))
		}
	})
}

// screenOutput collects what a program writes to its terminal.
type screenOutput struct {
	mu      sync.Mutex
	written strings.Builder
	changed chan struct{}
}

func (o *screenOutput) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.written.Write(b)
	select {
	case o.changed <- struct{}{}:
	default:
	}
	return len(b), nil
}

// wait waits until the output has a text, and returns the index of its end.
func (o *screenOutput) wait(t *testing.T, words string) int {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		o.mu.Lock()
		at := strings.LastIndex(o.written.String(), words)
		o.mu.Unlock()
		if at >= 0 {
			return at + len(words)
		}
		select {
		case <-o.changed:
		case <-limit:
			t.Fatalf("%q was not written: %.2000q", words, o.written.String())
		}
	}
}

// TestImagesReachTheTerminal runs the real program with a terminal that answers. The image comes after the frame with
// the box, and is removed before the program ends.
func TestImagesReachTheTerminal(t *testing.T) {
	config := Config{
		Width: 100, Height: 30, Now: time.Now, Jitter: func() float64 { return 0 }, Interval: time.Second,
		Load: func(context.Context, func(item.Table)) (run.Answer, error) {
			return run.Answer{Items: itemsOf(t, []string{`{"image":"https://shop.example/lamp.png"}`})}, nil
		},
		FetchImage: func(context.Context, string) (image.Image, error) {
			return image.NewRGBA(image.Rect(0, 0, 300, 200)), nil
		},
	}
	keys, typed := io.Pipe()
	out := &screenOutput{changed: make(chan struct{}, 1)}
	program := tea.NewProgram(New(t.Context(), config), tea.WithInput(keys), tea.WithOutput(out), tea.WithWindowSize(100, 30), tea.WithoutSignalHandler(),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	ended := make(chan error, 1)
	go func() {
		_, err := program.Run()
		ended <- err
	}()
	kind := func(words string) { _, _ = io.WriteString(typed, words) }
	out.wait(t, "lamp.png")
	kind("I")
	out.wait(t, "\x1b[16t")
	kind("\x1b[6;20;10t\x1b_Gi=5727;OK\x1b\\\x1b[?62;c")
	shown := out.wait(t, "\x1b_Ga=T,f=100,C=1,q=2,i=5727,c=30,r=10,m=0;")
	if box := out.wait(t, "300x200"); box > shown {
		t.Error("the box was drawn after the image")
	}
	kind("q")
	out.wait(t, "\x1b_Ga=d,d=I,i=5727,q=2\x1b\\")
	kind("q")
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestImagesInTmux checks that tmux gets no command that it does not understand, that the image is sent through tmux,
// and that its cells have placeholders.
func TestImagesInTmux(t *testing.T) {
	const query = "\x1bPtmux;\x1b\x1b_Gi=5727,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\x1b\\\x1b\\"
	for name, c := range map[string]struct {
		canShow bool
		answers []tea.Msg
		shows   string
	}{
		"shown":      {true, []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, attributes(1, 2), kittyAnswer()}, "300x200"},
		"not passed": {true, []tea.Msg{attributes(1, 2)}, "tmux set -g allow-passthrough on"},
		"refused":    {false, []tea.Msg{attributes(1, 2)}, "cannot show images inside tmux"},
		"sixels":     {false, []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, attributes(1, 4)}, "300x200"},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				s := newTmuxStage(t, 100, 30, "https://shop.example/lamp.png", func(context.Context) bool { return c.canShow })
				_, asked := s.Update(keyPress("I"))
				for _, msg := range messagesOf(asked) {
					_, next := s.Update(msg)
					for _, answer := range c.answers {
						s.tell(answer)
					}
					for _, late := range messagesOf(next) {
						if raw, isRaw := late.(tea.RawMsg); isRaw {
							_, _ = fmt.Fprint(&s.raw, raw.Msg)
							continue
						}
						s.tell(late)
					}
				}
				frame, sent := frameOf(t, s.stage), s.raw.String()
				if !strings.Contains(strings.Join(strings.Fields(frame), " "), c.shows) {
					t.Errorf("no %q in\n%s", c.shows, frame)
				}
				if strings.Contains(sent, query) != c.canShow || strings.Contains(strings.ReplaceAll(sent, "\x1b\x1b_G", ""), "\x1b_G") {
					t.Errorf("sent %.300q", sent)
				}
				isPlaced := strings.Count(frame, "\U0010eeee") == 300
				if wantsPlaced := name == "shown"; isPlaced != wantsPlaced || strings.Contains(sent, "a=T,U=1,f=100,q=2,i=87,c=30,r=10,m=0;") != wantsPlaced {
					t.Errorf("placeholders: %v; sent %.300q", isPlaced, sent)
				}
			})
		})
	}
}
