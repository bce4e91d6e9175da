// Terminal measures sbwatch in a pseudo terminal and compares it with a minimal Bubble Tea program. It measures the
// time to the first visible text, the amount of output, and the CPU time of a watch.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"sbwatch/bench/report"
)

func main() {
	sbwatch := flag.String("sbwatch", "bench/out/sbwatch", "the `program`")
	minimal := flag.String("minimal", "bench/out/minimal", "the minimal `program`")
	part := flag.String("part", "start", "what to measure: start or watch")
	rounds := flag.Int("rounds", 31, "start: how often each program starts; medians are printed")
	lasts := flag.Duration("for", time.Minute, "watch: how long to watch")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measure(ctx, *part, *sbwatch, *minimal, *rounds, *lasts)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "terminal:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, part, sbwatch, minimal string, rounds int, lasts time.Duration) error {
	if rounds <= 0 || lasts <= 0 {
		return errors.New("-rounds and -for must be greater than 0")
	}
	b, err := newBench(ctx, sbwatch, minimal)
	if err != nil {
		return err
	}
	defer b.close()
	var lines []report.Line
	switch part {
	case "start":
		lines, err = b.measureStart(rounds)
	case "watch":
		lines, err = b.measureWatch(lasts)
	default:
		err = fmt.Errorf("unknown part %q", part)
	}
	if err != nil {
		return err
	}
	return report.Print(os.Stdout, part, lines)
}
