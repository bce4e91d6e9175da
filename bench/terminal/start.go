package main

import (
	"math/rand/v2"
	"time"

	"sbwatch/bench/answers"
	"sbwatch/bench/report"
)

// maxFirstText is the maximum time from the start until text is visible, even if the service does not answer.
const maxFirstText = 100 * time.Millisecond

// measureStart measures the time from the start of each program to its first visible text. The programs take turns.
func (b *bench) measureStart(rounds int) ([]report.Line, error) {
	run, err := answers.Dispatch(b.emulator, recipe)
	if err != nil {
		return nil, err
	}
	minimal := program{"minimal", []string{b.minimal}}
	silent := b.watchOf("watch, a service that never answers", run, b.silent)
	programs := []program{
		minimal,
		b.watchOf("watch", run, b.service),
		{"demo", []string{b.sbwatch, "demo"}},
		{"open", []string{b.sbwatch, "open", b.saved}},
		silent,
	}
	took := map[string][]time.Duration{}
	for round := range rounds + 1 {
		for _, i := range rand.Perm(len(programs)) {
			first, err := b.startOnce(programs[i])
			if err != nil {
				return nil, err
			}
			if round > 0 { // the first round only warms up the file cache
				took[programs[i].name] = append(took[programs[i].name], first)
			}
		}
	}
	var lines []report.Line
	other := report.Median(took[minimal.name])
	for _, p := range programs[1:] {
		ours := report.Median(took[p.name])
		lines = append(lines, report.Line{
			What: "to the first text: " + p.name,
			Ours: report.Time(ours), Other: report.Time(other) + " minimal program",
			Ratio: float64(ours) / float64(other), Target: 1.3,
		})
	}
	first := report.Median(took[silent.name])
	return append(lines, report.Line{
		What: "before the first answer", Ours: report.Time(first), Other: report.Time(maxFirstText) + " limit",
		Ratio: float64(first) / float64(maxFirstText), Target: 1,
	}), nil
}

func (b *bench) startOnce(p program) (time.Duration, error) {
	s, err := b.start(p)
	if err != nil {
		return 0, err
	}
	first, err := s.firstText()
	if _, leaveErr := s.leave(); err == nil {
		err = leaveErr
	}
	return first, err
}
