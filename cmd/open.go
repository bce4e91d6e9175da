package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/cmd/machine"
	"sbwatch/cmd/recording"
	"sbwatch/cmd/tty"
	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/ui"
	"sbwatch/waitfile"
)

func (p *program) openCommand() *cobra.Command {
	var flags openFlags
	c := &cobra.Command{
		Use:   "open [flags] FILE|RUN_ID|-...",
		Short: "Browse a recorded run, a saved answer, or items as JSON, NDJSON, CSV or Parquet",
		Long: `Browse files. A file is a saved answer to a poll (complete, or only its data or result), or it has items as a JSON array,
NDJSON (one item per line), CSV or Parquet. It can be compressed with gzip or zstd. - is standard input; keys then come from
the terminal. If no file has the given name, open looks for a run with this id in the history, which needs no key
and no network.

Several files are shown in tabs: ] and [ switch to the next and the previous one, B lists them. Patterns such as 'runs/*.json'
are expanded if the shell has not done it. A file is read when it is first shown; the others are read one after another
while there is room. All files together stay below --max-memory: if necessary, the file that was shown longest ago is
dropped, and read again when you return to it.

--compute adds columns to the items.
` + formulaHelp() + `

If standard output is not a terminal, open writes one line with the counts, and then the warnings. With several files, a
line with the name of the file comes first; with --json, each object has the name as its file.`,
		Example: "  sbwatch open answer.json\n  sbwatch open items.csv.gz\n  sbwatch open a.json b.csv 'runs/*.parquet'\n  sbwatch open k7Xb9dRmQ2p\n  curl -s ... | sbwatch open -",
		Args:    someArgs("file name or run id"),
		RunE: func(c *cobra.Command, args []string) error {
			names, repeated := distinctFiles(expandPatterns(args))
			if repeated != "" {
				warn(p, repeated)
			}
			flags.watch.compute.begin(p, c)
			return openAll(c.Context(), p, names, flags)
		},
	}
	flags.watch.addOutputTo(c)
	flags.watch.limits.addTo(c)
	c.Flags().BoolVar(&flags.record, "record", false, "record the run of a saved answer in the history, as run and watch do")
	flags.reading.addTo(c)
	return c
}

type openFlags struct {
	watch   watchFlags
	reading readingFlags
	record  bool
	// name is the name of the file, for output in JSON lines. It is empty if there is only one file.
	name text.Text
}

// expandPatterns replaces each pattern, such as "runs/*.json", with the names of the matching files. Some shells pass
// patterns to programs unchanged. Numbers in the names are sorted by value, so that run2.json precedes run10.json. A
// pattern that matches nothing, or that is itself the name of a file, is kept.
func expandPatterns(args []string) []string {
	var names []string
	for _, arg := range args {
		found := []string{arg}
		if _, err := os.Lstat(arg); err != nil && strings.ContainsAny(arg, "*?[") {
			if matches, err := filepath.Glob(arg); err == nil && len(matches) > 0 {
				found = slices.SortedStableFunc(slices.Values(matches), func(a, b string) int { return parse.CompareNatural([]byte(a), []byte(b)) })
			}
		}
		names = append(names, found...)
	}
	return names
}

// distinctFiles returns one name for each file. It leaves out other names of the same file, such as ./a.json after
// a.json. The message tells the user which names are left out, or is "".
func distinctFiles(names []string) (distinct []string, message string) {
	type properties struct {
		size     int64
		modified time.Time
	}
	type file struct {
		name string
		info fs.FileInfo
	}
	seen := map[properties][]file{}
	isSeen := map[string]bool{}
	var earlier, repeated []string
	for _, name := range names {
		first := name
		if info, err := os.Stat(name); err == nil {
			key := properties{info.Size(), info.ModTime()}
			i := slices.IndexFunc(seen[key], func(f file) bool { return os.SameFile(f.info, info) })
			if i >= 0 {
				first = seen[key][i].name
			} else {
				seen[key] = append(seen[key], file{name, info})
			}
		}
		if isSeen[first] {
			earlier, repeated = append(earlier, first), append(repeated, name)
			continue
		}
		isSeen[name] = true
		distinct = append(distinct, name)
	}
	switch {
	case len(repeated) == 0:
	case len(repeated) > 1:
		message = fmt.Sprintf("%d names stand for files that were given before: each file is opened once", len(repeated))
	case repeated[0] == earlier[0]:
		message = repeated[0] + " was given twice: it is opened once"
	default:
		message = repeated[0] + " is the same file as " + earlier[0] + ": it is opened once"
	}
	return distinct, message
}

// openAll shows the items of one or several files or recorded runs.
func openAll(ctx context.Context, p *program, names []string, flags openFlags) error {
	switch {
	case len(names) == 1:
		return p.open(ctx, names[0], flags)
	case p.usesDashboard(flags.watch):
		return openInTabs(ctx, p, names, flags)
	}
	worst := report.Completed
	for i, name := range names {
		if !flags.watch.json {
			heading := "==> " + text.Printable(name) + " <==\n"
			if flags.watch.readsAloud() {
				heading = "File " + text.Printable(name) + ":\n"
			} else if i > 0 {
				heading = "\n" + heading
			}
			if _, err := io.WriteString(p.Stdout, heading); err != nil {
				return report.WriteError(err)
			}
		}
		flags.name = text.NewText(name)
		err := p.open(ctx, name, flags)
		switch {
		case report.IsLeaving(err):
			return err
		case err != nil:
			p.say(err.Error())
		}
		worst = report.Worst(worst, p.outcome.After(err))
		p.outcome = report.Completed
	}
	p.outcome = worst
	return nil
}

func openInTabs(ctx context.Context, p *program, names []string, flags openFlags) error {
	limits := p.limits(flags.watch.limits, false)
	config := ui.Config{
		MaxMemory: limits.Memory, Interval: defaultInterval,
		NoMouse: flags.watch.noMouse, ASCII: flags.watch.screen.ascii, Still: flags.watch.screen.still, Computed: flags.watch.compute.onScreen(),
	}
	limits = limits.OfSeveral()
	record := func(load ui.Load) ui.Load { return load }
	if flags.record && !recordsRuns(p, historyFlags{}) {
		warn(p, "the runs are not recorded: "+historyOff(p))
	} else if flags.record {
		recorded := startRecording(p, api.HostOf(p.getenv(baseURLVariable)), session{flags: flags.watch})
		defer recorded.Close(ctx)
		record = recorded.Load
	}
	for _, name := range names {
		suggest := report.Commands{Kind: report.ForFile, File: text.NewText(name)}
		load := func(ctx context.Context, onItems func(item.Table)) (run.Answer, error) {
			source, isRecorded, err := openQuietly(ctx, p, name)
			if err != nil {
				return run.Answer{}, err
			}
			defer func() { _ = source.Close() }()
			reading := flags.reading
			if isRecorded {
				reading = reading.forRecord()
			}
			read := loader(source, suggest.Source(), reading.options(suggest.Source(), limits))
			if !isRecorded {
				read = record(read)
			}
			return read(ctx, onItems)
		}
		config.Files = append(config.Files, ui.File{
			Source: suggest.Source(), Load: load, IsOnce: !canReopen(name), Commands: suggest,
		})
	}
	if reader := historyReader(p, historyFlags{}, "", flags.watch.limits); reader != nil {
		defer reader.Close()
		config.History = reader
	}
	watches, err := p.showDashboard(ctx, report.Commands{Kind: report.ForFile}, config)
	return checkFormulas(p, flags.watch.compute, watches, err)
}

// checkFormulas returns an error if a formula on the command line does not fit the items of a file that the dashboard has
// shown. err is the error of the dashboard.
func checkFormulas(p *program, compute computeFlags, watches []watch.Watch, err error) error {
	for i := range watches {
		if err != nil || p.outcome != report.Completed {
			break
		}
		err = compute.check(&watches[i])
	}
	return err
}

// canReopen reports whether a file can be read more than once. A pipe cannot.
func canReopen(name string) bool {
	if name == "-" {
		return false
	}
	info, err := os.Stat(name)
	return err != nil || info.Mode().IsRegular() || info.IsDir()
}

// openQuietly opens a file or a recorded run. It writes no messages, because the dashboard is on the screen.
func openQuietly(ctx context.Context, p *program, name string) (source io.ReadCloser, isRecorded bool, err error) {
	if !isFile(name) && p.places().Known() {
		record, err := p.places().Find(ctx, name, api.HostOf(p.getenv(baseURLVariable)))
		if err == nil {
			source, err = p.places().OpenRun(ctx, record)
		}
		switch {
		case err == nil:
			return source, true, nil
		case errors.Is(err, recording.ErrNone), errors.Is(err, history.ErrNotFound):
		default:
			return nil, false, err
		}
	}
	source, err = p.openSource(ctx, name)
	return source, false, err
}

// open shows the items of a file. If name is the id of a recorded run, it shows the items of that run.
func (p *program) open(ctx context.Context, name string, flags openFlags) error {
	var source io.ReadCloser
	if !isFile(name) {
		source, _ = p.openRecorded(ctx, name, historyFlags{}, api.HostOf(p.getenv(baseURLVariable)))
	}
	if source != nil {
		flags.reading = flags.reading.forRecord()
	}
	record := flags.record && source == nil
	if record && !recordsRuns(p, historyFlags{}) {
		warn(p, "the run is not recorded: "+historyOff(p))
		record = false
	}
	if source == nil {
		var err error
		if source, err = p.openSource(ctx, name); err != nil {
			return err
		}
	}
	defer func() { _ = source.Close() }()
	suggest := report.Commands{Kind: report.ForFile, File: text.NewText(name)}
	showsItems := p.usesDashboard(flags.watch)
	load := loader(source, suggest.Source(), flags.reading.options(suggest.Source(), p.limits(flags.watch.limits, !showsItems && !flags.watch.readsAloud() && !flags.watch.compute.isGiven && !record)))
	if record {
		run := startRecording(p, api.HostOf(p.getenv(baseURLVariable)), session{flags: flags.watch})
		defer run.Close(ctx)
		load = run.Load(load)
	}
	if !showsItems {
		return p.summarize(ctx, load, flags, suggest)
	}
	rest, first := begin(ctx, load)
	config := ui.Config{
		Load: rest, First: first, Source: suggest.Source(), Interval: defaultInterval,
		NoMouse: flags.watch.noMouse, ASCII: flags.watch.screen.ascii, Still: flags.watch.screen.still, Computed: flags.watch.compute.onScreen(),
	}
	if reader := historyReader(p, historyFlags{}, "", flags.watch.limits); reader != nil {
		defer reader.Close()
		config.History = reader
	}
	watches, err := p.showDashboard(ctx, suggest, config)
	return checkFormulas(p, flags.watch.compute, watches, err)
}

// openSource opens a file, or standard input if name is "-". Opening a named pipe may block, so openSource returns
// early if ctx ends.
func (p *program) openSource(ctx context.Context, name string) (io.ReadCloser, error) {
	if name == "-" {
		if tty.IsTerminal(p.Stdin) {
			return nil, usageError{text: "standard input is a terminal: pipe a file into it", command: "sbwatch open"}
		}
		return io.NopCloser(p.Stdin), nil
	}
	file, err := waitfile.Open(ctx, name, os.O_RDONLY)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err == nil {
		info, statErr := file.Stat()
		if statErr == nil && info.IsDir() {
			statErr = syscall.EISDIR
		}
		if statErr == nil {
			return file, nil
		}
		_ = file.Close()
		err = statErr
	}
	nextStep := "give a file with a saved answer or items"
	if !isFile(name) {
		nextStep += ", or the id of a recorded run"
	}
	return nil, &run.Problem{
		Kind:     run.ProblemInput,
		What:     text.NewText(name),
		Summary:  text.NewText(fileTrouble(err)),
		NextStep: text.NewText(cmp.Or(similarFile(name, err), nextStep)),
		Cause:    err,
	}
}

// maxSimilar is the maximum number of file names that similarFile reads from a folder.
const maxSimilar = 10_000

// similarFile returns a suggestion for the name of a file that does not exist. It returns "" if the folder has no file
// with a similar name.
func similarFile(name string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return ""
	}
	defer func() { _ = folder.Close() }()
	names, _ := folder.Readdirnames(maxSimilar)
	slices.Sort(names)
	meant := text.Nearest(filepath.Base(name), slices.Values(names))
	if meant == "" {
		return ""
	}
	return "did you mean " + filepath.Join(filepath.Dir(name), meant) + "?"
}

// fileTrouble returns the reason why a file cannot be read, such as "no such file".
func fileTrouble(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, syscall.EISDIR):
		return "it is a directory"
	default:
		return report.Reason(err)
	}
}

// loader returns a function that reads a file and returns its items. The returned function must be called only once.
// Its errors contain the name of the file.
func loader(source io.ReadCloser, name text.Text, options read.Options) ui.Load {
	return func(ctx context.Context, onItems func(item.Table)) (run.Answer, error) {
		defer context.AfterFunc(ctx, func() { _ = source.Close() })()
		options.OnItems = onItems
		answer, err := read.Open(source, options)
		machine.BoundGarbage()
		if err == nil {
			return answer, nil
		}
		problem := *run.ProblemOf(err)
		if problem.What.IsEmpty() {
			problem.What = name
		}
		return answer, &problem
	}
}

// summarize writes a summary of a file as plain lines or JSON lines. The lines do not include the items.
func (p *program) summarize(ctx context.Context, load ui.Load, flags openFlags, suggest report.Commands) error {
	watch, err := readAll(ctx, p, load)
	if err != nil {
		return err
	}
	lines := p.lines(flags.watch, suggest.File)
	if flags.watch.json {
		lines = report.NewJSONLinesOf(p.Stdout, flags.name)
	}
	p.outcome, err = report.Saved(watch, lines, p.say, suggest, p.Now(), defaultInterval)
	if err != nil || p.outcome != report.Completed || watch.Incomplete() != nil {
		return err
	}
	if !flags.watch.readsAloud() {
		return flags.watch.compute.check(watch)
	}
	return p.checkItems(ctx, watch, check{rules: &ruleFlags{}, compute: flags.watch.compute, recipe: watch.RecipeID(), asSentences: true})
}

// readAll reads a file and returns its watch. If the file cannot be read completely, the watch has a problem. If ctx
// ends first, readAll returns its cause as an error. On a terminal, it shows how many items it has read.
func readAll(ctx context.Context, p *program, load ui.Load) (*watch.Watch, error) {
	var onItems func(item.Table)
	if showsWork(p) {
		var items atomic.Int64
		onItems = func(t item.Table) { items.Store(int64(t.Total())) }
		defer showWork(p, func() string { return "reading: " + text.Counted(items.Load(), "item") })()
	}
	done := make(chan watch.Watch, 1)
	go func() {
		var w watch.Watch
		answer, err := load(ctx, onItems)
		if err == nil {
			w = watch.OpenedWatch(answer)
		} else {
			w.OpenFailed(answer, run.ProblemOf(err))
		}
		done <- w
	}()
	select {
	case watch := <-done:
		if ctx.Err() != nil && watch.Problem() != nil { // the problem is that the source was closed
			return nil, context.Cause(ctx)
		}
		return &watch, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

const defaultInterval = 2 * time.Second

// firstItemsTimeout is how long to wait for the first items of a file before the dashboard opens. If the items arrive
// within this time, the first frame already shows them. The wait is shorter than the time to draw the first frame.
const firstItemsTimeout = 8 * time.Millisecond

// begin starts to read a file. It waits up to firstItemsTimeout for the first items and returns them. Reading then
// pauses, so that the dashboard opens quickly. The result rest is a function that reads the rest of the file and
// returns all items of the file. Call the function rest once.
func begin(ctx context.Context, load ui.Load) (rest ui.Load, first item.Table) {
	type result struct {
		answer run.Answer
		err    error
	}
	arriving, ended := make(chan item.Table, 1), make(chan result, 1)
	resume := make(chan struct{})
	go func() {
		answer, err := load(ctx, func(items item.Table) {
			select {
			case <-arriving: // replace the previous items if nobody has received them yet
			default:
			}
			arriving <- items
			select {
			case <-resume:
			case <-ctx.Done():
			}
		})
		ended <- result{answer, err}
	}()
	rest = func(ctx context.Context, onItems func(item.Table)) (run.Answer, error) {
		close(resume)
		for {
			select {
			case <-ctx.Done():
				return run.Answer{}, ctx.Err()
			case items := <-arriving:
				onItems(items)
			case end := <-ended:
				return end.answer, end.err
			}
		}
	}
	select {
	case first = <-arriving:
	case end := <-ended:
		ended <- end
		first = end.answer.Items
	case <-time.After(firstItemsTimeout):
	}
	return rest, first
}
