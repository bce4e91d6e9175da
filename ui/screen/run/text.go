package run

import (
	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// warningLines returns the full text of all notices and warnings: first those of sbwatch, then those of the service.
func (s *status) warningLines(w int) []string {
	p := s.env.Painter
	lines := append(s.adviceLines(w), s.attention(w)...)
	if endedBadly(s.watch.Run()) {
		lines = append(outcomeView{s}.failedLines(w), lines...)
	}
	warnings, known := s.watch.Run().Warnings().Get()
	if len(lines) > 0 && len(warnings) > 0 {
		lines = append(lines, "")
	}
	for i, warning := range warnings {
		lines = append(lines, draw.Marked("!", p.Warning, s.wrapText(warning, w-2))...)
		if len(lines) > maxLines && i < len(warnings)-1 {
			return append(lines, p.Muted.Render("… and "+text.Counted(int64(len(warnings)-1-i), "more warning")))
		}
	}
	switch {
	case !known:
		lines = append(lines, "", p.Muted.Render("the service sent no list of warnings"))
	case len(warnings) == 0:
		lines = append(lines, "", p.Muted.Render("the service sent no warnings"))
	}
	return lines
}

// maxLines is the number of lines after which no more warnings are laid out.
const maxLines = 5_000
