package ui

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"sbwatch/internal/headless"
	"sbwatch/model/run"
)

// drawn is a model that draws each changed frame with the renderer of Bubble Tea, and counts the bytes.
type drawn struct {
	*App
	renderer *uv.TerminalRenderer
	cells    uv.ScreenBuffer
	output   bytes.Buffer
	frames   int
}

func newDrawn(app *App, w, h int) *drawn {
	d := &drawn{App: app, cells: uv.NewScreenBuffer(w, h)}
	d.renderer = uv.NewTerminalRenderer(&d.output, []string{"TERM=xterm-256color"})
	d.renderer.SetColorProfile(colorprofile.TrueColor)
	d.renderer.SetFullscreen(true)
	d.renderer.Resize(w, h)
	return d
}

func (d *drawn) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := d.App.Update(msg)
	d.cells.Clear()
	uv.NewStyledString(d.frame()).Draw(d.cells, d.cells.Bounds())
	before := d.output.Len()
	d.renderer.Render(d.cells.RenderBuffer)
	_ = d.renderer.Flush()
	if d.output.Len() > before {
		d.frames++
	}
	return d, cmd
}

// Users watch over slow connections. What changes often must therefore be drawn so that little is sent.
func TestChangedFramesAreSmall(t *testing.T) {
	const most = 50 // mean number of bytes of a changed frame
	for _, size := range [][2]int{{120, 40}, {100, 30}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				service := &fakeService{poll: func(int) (run.Answer, error) {
					pages := int64(1 + time.Since(began)/(3*time.Second))
					return running(began, pages, 29*pages), nil
				}}
				config := watching("k7Xb9dRmQ2p")
				config.Service, config.Now, config.Interval = service, time.Now, 2*time.Second
				config.Jitter = func() float64 { return 0.5 }
				config.Width, config.Height = size[0], size[1]
				model := newDrawn(New(t.Context(), config), size[0], size[1])
				player := headless.Start(model)
				player.Run(10 * time.Second)
				model.output.Reset()
				model.frames = 0
				player.Run(time.Minute)
				sent, frames := model.output.Len(), model.frames
				player.Stop()
				synctest.Wait()
				t.Logf("%d frames, %d bytes each", frames, sent/max(1, frames))
				if frames < 100 || sent > most*frames {
					t.Errorf("%d frames in a minute, %d bytes each, want at most %d", frames, sent/max(1, frames), most)
				}
			})
		})
	}
}
