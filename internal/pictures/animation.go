package pictures

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Frame is one screen of an animation.
type Frame struct {
	Screen string
	// Caption is a line below the screen, such as the keys that were pressed.
	Caption string
	// Shown is how long the frame is visible.
	Shown time.Duration
}

// content returns the h lines of the frame. The caption is the last line.
func (f Frame) content(h int) []string {
	lines := strings.Split(f.Screen, "\n")
	for len(lines) < h {
		lines = append(lines, "")
	}
	lines = lines[:h]
	lines[h-1] = "\x1b[1m" + f.Caption + "\x1b[m"
	return lines
}

func length(frames []Frame) time.Duration {
	var total time.Duration
	for _, f := range frames {
		total += f.Shown
	}
	return total
}

// Animation draws frames as one image that repeats them, on a terminal of w by h cells. Viewers without animations, and
// people who prefer no motion, see only one frame. The index of this frame is the parameter still.
func Animation(frames []Frame, still, w, h int) (string, error) {
	a := animation{total: length(frames), names: map[string]string{}}
	drawn := map[string]*element{}
	var backgrounds, texts []*element
	var at time.Duration
	for i, f := range frames {
		contents, err := elementsOf(strings.Join(f.content(h), "\n"), w, h)
		if err != nil {
			return "", err
		}
		for _, content := range contents {
			e, found := drawn[content]
			switch {
			case found:
			case strings.HasPrefix(content, "<rect"):
				e = &element{content: content}
				backgrounds = append(backgrounds, e)
			default:
				e = &element{content: content}
				texts = append(texts, e)
			}
			drawn[content] = e
			e.show(at, at+f.Shown)
			e.still = e.still || i == still
		}
		at += f.Shown
	}
	var body strings.Builder
	for _, e := range slices.Concat(backgrounds, texts) {
		name, attributes, _ := strings.Cut(e.content, " ")
		body.WriteString(name + a.class(e) + " " + attributes + "\n")
	}
	return opening(w, h) + a.style() + body.String() + "</svg>\n", nil
}

// element is a part of an animated image that is visible only at certain times.
type element struct {
	content string
	visible []span
	still   bool // whether viewers without animations see the element
}

// span is a time span of the animation.
type span struct{ from, to time.Duration }

// show makes the element visible from the start to the end of a time span. The spans must be added in the order of
// time.
func (e *element) show(start, end time.Duration) {
	if n := len(e.visible); n > 0 && e.visible[n-1].to >= start {
		e.visible[n-1].to = end
		return
	}
	e.visible = append(e.visible, span{start, end})
}

// animation collects the keyframes of an image.
type animation struct {
	total     time.Duration
	names     map[string]string // names of the keyframes, by the content of the keyframes
	keyframes strings.Builder
}

// class returns the class attribute that makes an element visible during its time spans.
func (a *animation) class(e *element) string {
	if len(e.visible) == 1 && e.visible[0] == (span{0, a.total}) {
		return ""
	}
	var steps strings.Builder
	if e.visible[0].from > 0 {
		steps.WriteString("0%{visibility:hidden}")
	}
	for _, s := range e.visible {
		fmt.Fprintf(&steps, "%.2f%%{visibility:visible}", a.percent(s.from))
		fmt.Fprintf(&steps, "%.2f%%{visibility:hidden}", a.percent(s.to))
	}
	name, found := a.names[steps.String()]
	if !found {
		name = fmt.Sprintf("k%d", len(a.names))
		a.names[steps.String()] = name
		fmt.Fprintf(&a.keyframes, "@keyframes %s{%s}\n.%s{animation-name:%s}\n", name, steps.String(), name, name)
	}
	if e.still {
		return fmt.Sprintf(` class="f s %s"`, name)
	}
	return fmt.Sprintf(` class="f %s"`, name)
}

func (a *animation) percent(at time.Duration) float64 {
	return 100 * float64(at) / float64(a.total)
}

// style returns the style sheet. It contains only the keyframes that earlier calls of the method class have added.
func (a *animation) style() string {
	return fmt.Sprintf("<style>\n.f{visibility:hidden;animation:%dms step-end infinite}\n.s{visibility:visible}\n", a.total.Milliseconds()) +
		a.keyframes.String() +
		"@media (prefers-reduced-motion:reduce){.f{animation:none}}\n</style>\n"
}

// Cast returns frames as a recording for asciinema (version 2), on a terminal of w by h cells. After the first frame,
// it contains only the lines that change.
func Cast(frames []Frame, title string, w, h int) (string, error) {
	header, err := json.Marshal(map[string]any{
		"version": 2, "width": w, "height": h, "title": title, "env": map[string]string{"TERM": "xterm-256color"},
	})
	if err != nil {
		return "", fmt.Errorf("write a recording: %w", err)
	}
	var out strings.Builder
	out.Write(append(header, '\n'))
	shown := make([]string, h)
	var at time.Duration
	for i, f := range frames {
		var change strings.Builder
		if i == 0 {
			change.WriteString("\x1b[?25l\x1b[2J") // hide the cursor, clear the screen
		}
		for y, line := range f.content(h) {
			if line != shown[y] {
				fmt.Fprintf(&change, "\x1b[%d;1H\x1b[2K%s\x1b[m", y+1, line)
				shown[y] = line
			}
		}
		event, err := json.Marshal([]any{at.Seconds(), "o", change.String()})
		if err != nil {
			return "", fmt.Errorf("write a recording: %w", err)
		}
		out.Write(append(event, '\n'))
		at += f.Shown
	}
	end, err := json.Marshal([]any{at.Seconds(), "o", ""})
	if err != nil {
		return "", fmt.Errorf("write a recording: %w", err)
	}
	out.Write(append(end, '\n'))
	return out.String(), nil
}
