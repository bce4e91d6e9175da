package picker_test

import (
	"fmt"
	"image"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/picker"
)

func painter() draw.Painter { return draw.New(theme.Mono(), ansi.WcWidth) }

func columns() *picker.Picker {
	var choices []picker.Choice
	for i, name := range []string{
		"name", "list price", "price", "", "検索結果の表示", "👩‍👩‍👧 family", "\x1b[31mred\u202e", "a name that is far too long for a picker to show it whole",
		"brand", "rating", "in_stock", "dims.w", "dims.h", "tags", "url",
	} {
		choices = append(choices, picker.Choice{Name: text.NewText(name), ID: i})
	}
	choices[8].Note, choices[7].Note = "hidden", "hidden"
	return picker.New(picker.Options{Title: "column", Choices: choices})
}

func types(p *picker.Picker, text string) {
	for _, r := range text {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func TestView(t *testing.T) {
	pt := painter()
	for _, size := range [][2]int{{14, 8}, {40, 10}, {100, 30}} {
		w, h := size[0], size[1]
		var lines []string
		for _, text := range []string{"", "pri", "PRICE", "検", "no such column", "a long text that does not fit into the box of the picker"} {
			p := columns()
			types(p, text)
			view := p.View(pt, w, h)
			if len(view) > h {
				t.Errorf("%dx%d: %d lines", w, h, len(view))
			}
			lines = append(lines, view...)
		}
		p := columns()
		for range 9 {
			p.Update(tea.KeyPressMsg{Code: tea.KeyDown})
		}
		lines = append(lines, p.View(pt, w, h)...)
		name := fmt.Sprintf("picker-%dx%d", w, h)
		golden.Check(t, name, golden.Marked(t, lines, w, pt.Method))
	}
}

func TestChoosing(t *testing.T) {
	key := func(code rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: code} }
	p := columns()
	types(p, "pri")
	if choice, ok := p.Choice(); !ok || choice.Name.Raw() != "price" {
		t.Errorf("a name that begins with the text is not first: %v", choice)
	}
	p.Update(key(tea.KeyDown))
	p.Update(key(tea.KeyDown))
	if event := p.Update(key(tea.KeyEnter)); event != picker.Chosen {
		t.Errorf("enter: event %d", event)
	}
	if choice, _ := p.Choice(); choice.ID != 1 {
		t.Errorf("chosen: %+v", choice)
	}
	p.Update(tea.PasteMsg{Content: "nothing like it"})
	if _, ok := p.Choice(); ok || p.Update(key(tea.KeyEnter)) != picker.None || p.Update(key(tea.KeyUp)) != picker.None {
		t.Error("something can be chosen where nothing matches")
	}
	if event := p.Update(key(tea.KeyEscape)); event != picker.Canceled {
		t.Errorf("esc: event %d", event)
	}
}

func TestSeveralChoices(t *testing.T) {
	p := columns()
	p = picker.New(picker.Options{Title: "columns", Choices: p.Choices, IsMulti: true, Enter: "show only these"})
	ctrlA := tea.KeyPressMsg{Code: 'a', Mod: tea.ModCtrl}
	space := tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	if len(p.Checked()) != 0 {
		t.Errorf("checked at first: %v", p.Checked())
	}
	if p.Update(ctrlA); len(p.Checked()) != 15 {
		t.Errorf("ctrl+a checks %v", p.Checked())
	}
	p.Update(ctrlA)
	for _, name := range []string{"name", "url", "tags", "tags"} {
		types(p, name)
		p.Update(space)
	}
	if got := p.Checked(); len(got) != 2 || got[0] != 0 || got[1] != 14 {
		t.Errorf("checked %v, want name and url", got)
	}
	if one, _ := p.Choice(); one.ID != 13 {
		t.Errorf("the cursor is at %d, not where it was", one.ID)
	}
	golden.Check(t, "picker-multi", golden.Marked(t, p.View(painter(), 60, 20), 60, ansi.WcWidth))
	if p.Update(tea.KeyPressMsg{Code: tea.KeyDelete}) != picker.None {
		t.Error("delete does something")
	}
	p.Delete = "remove"
	if p.Update(tea.KeyPressMsg{Code: tea.KeyDelete}) != picker.Deleted {
		t.Error("delete does nothing")
	}
}

// TestClick clicks on every line of a picker and compares the choice with the text of the line.
func TestClick(t *testing.T) {
	const w, h = 60, 16
	for _, cursor := range []int{0, 8, 14} {
		for y := range h {
			p := columns()
			p.Select(cursor)
			lines := p.View(painter(), w, h)
			if y >= len(lines) {
				continue
			}
			isChoice := p.Click(painter(), w, h, image.Pt(5, y))
			after := p.View(painter(), w, h)
			const cut = 7 // the choice whose name does not fit
			if choice, _ := p.Choice(); isChoice && choice.ID != cut && !strings.Contains(lines[y], choice.Name.String()) {
				t.Errorf("line %d %q: chose %q", y, lines[y], choice.Name)
			}
			if isChoice && ansi.Strip(after[y]) != ansi.Strip(lines[y]) {
				t.Errorf("the click moved line %d: %q is now %q", y, lines[y], after[y])
			}
			if p.Click(painter(), w, h, image.Pt(0, y)) {
				t.Errorf("line %d: the border is a choice", y)
			}
		}
	}
	p := columns()
	p.Scroll(3)
	if choice, _ := p.Choice(); choice.ID != 3 {
		t.Errorf("scrolled to %d", choice.ID)
	}
	types(p, "no such column")
	p.Scroll(-3)
	if p.Click(painter(), w, h, image.Pt(5, 2)) {
		t.Error("a click on the line that nothing matches chooses")
	}
	if _, found := p.Choice(); found {
		t.Error("a choice without matches")
	}
}
