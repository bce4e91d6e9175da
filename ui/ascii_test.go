package ui

import (
	"strings"
	"testing"
)

func TestASCIITerminalsGetASCII(t *testing.T) {
	for _, scene := range allScenes() {
		testScene(t, scene, func(t *testing.T, s *stage) {
			t.Helper()
			s.config.ASCII = true
			s.env.Painter = s.config.painter(s.env.Painter.Method)
			frame := frameOf(t, s)
			view := s.View()
			all := frame + view.WindowTitle + view.ProgramStatus.Title + view.ProgramStatus.Message
			if at := strings.IndexFunc(all, func(r rune) bool { return r > '~' }); at >= 0 {
				t.Errorf("%q is not ASCII in\n%s", all[at:at+4], frame)
			}
		})
	}
}
