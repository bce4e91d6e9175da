// Many measures the cost per run of watching many runs, and compares it with the cost per run of watching a tenth of
// them. The cost is the CPU time and the memory of the monitor and of the reporter, which writes events as JSON. The
// simulated time is half an hour. The service answers immediately.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"time"

	benchreport "sbwatch/bench/report"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// targetRatio is the maximum ratio of two costs per run: the cost with many runs to the cost with few runs.
const targetRatio = 1.25

func main() {
	rounds := flag.Int("rounds", 7, "number of measurements; medians are printed")
	few := flag.Int("few", 100, "the smaller number of runs")
	many := flag.Int("many", 1000, "the larger number of runs")
	length := flag.Duration("length", 30*time.Minute, "how long the runs are watched")
	flag.Parse()
	err := errors.New("-rounds, -few, -many and -length must be greater than 0")
	if *rounds > 0 && *few > 0 && *many > 0 && *length > 0 {
		err = compare(*rounds, *few, *many, *length)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "many:", err)
		os.Exit(1)
	}
}

// cost is the cost of watching one run.
type cost struct {
	cpu    time.Duration // CPU time per minute
	memory int64         // memory in bytes
}

// compare measures watching few runs and watching many runs in turn, and prints the table.
func compare(rounds, few, many int, length time.Duration) error {
	var cpuFew, cpuMany []time.Duration
	var memoryFew, memoryMany []int64
	for range rounds {
		fewer, err := measure(few, length)
		if err != nil {
			return err
		}
		more, err := measure(many, length)
		if err != nil {
			return err
		}
		cpuFew, cpuMany = append(cpuFew, fewer.cpu), append(cpuMany, more.cpu)
		memoryFew, memoryMany = append(memoryFew, fewer.memory), append(memoryMany, more.memory)
	}
	with := " with " + strconv.Itoa(few)
	return benchreport.Print(os.Stdout, fmt.Sprintf("watching %d runs, 60 requests per minute", many), []benchreport.Line{{
		What: "CPU per minute for each run",
		Ours: benchreport.Time(benchreport.Median(cpuMany)), Other: benchreport.Time(benchreport.Median(cpuFew)) + with,
		Ratio: benchreport.RatioOfPairs(cpuMany, cpuFew), Target: targetRatio,
	}, {
		What: "memory per run",
		Ours: text.Bytes(benchreport.Median(memoryMany)), Other: text.Bytes(benchreport.Median(memoryFew)) + with,
		Ratio: float64(benchreport.Median(memoryMany)) / float64(benchreport.Median(memoryFew)), Target: targetRatio,
	}})
}

// measure watches runs that read a page per minute and do not end.
func measure(runs int, length time.Duration) (cost, error) {
	start := time.Date(2026, time.May, 21, 12, 0, 0, 0, time.UTC)
	before := heap()
	m := monitor.New(2*time.Second, func() float64 { return 0.5 })
	m.Limit(monitor.Limits{PerMinute: 60, Concurrent: 5})
	for i := range runs {
		m.Add(start, watch.NewWatch(text.NewText(fmt.Sprintf("run%08d", i))))
	}
	reporter := &report.Reporter{Monitor: m, Lines: report.NewJSONLines(io.Discard), Say: func(string) {}, Interval: 2 * time.Second}
	began := time.Now()
	reporter.Begin(start)
	for now := start; now.Before(start.Add(length)); {
		var events []monitor.Event
		for _, request := range m.Due(now) {
			events = append(events, m.Apply(now, answer(request, start, now))...)
		}
		if err := reporter.Report(now, append(m.Tick(now), events...)); err != nil {
			return cost{}, err
		}
		next := reporter.NextHeartbeat()
		if due, waiting := m.Next(); waiting && due.Before(next) {
			next = due
		}
		now = next.Add(time.Nanosecond)
	}
	took := time.Since(began)
	memory := heap() - before
	runtime.KeepAlive(reporter)
	perMinute := time.Duration(float64(took) / length.Minutes())
	return cost{cpu: perMinute / time.Duration(runs), memory: memory / int64(runs)}, nil
}

// answer returns the answer to a request.
func answer(request monitor.Request, start, now time.Time) monitor.Answer {
	answer := monitor.Answer{Request: request, Took: 50 * time.Millisecond}
	if request.Kind == watch.RequestPoll {
		pages := 1 + int64(now.Sub(start)/time.Minute)
		answer.Poll.Run = run.Run{
			ID: request.ID, RecipeID: text.NewText("catalogue01"), StatusSent: text.NewText("running"),
			Pages: optional.Some(pages), Items: optional.Some(30 * pages), Credits: optional.Some(2 * pages),
			CreatedAt: start, StartedAt: start,
		}
	}
	return answer
}

// heap returns the size of the objects on the heap, in bytes.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
