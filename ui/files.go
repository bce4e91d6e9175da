package ui

import (
	"context"
	"image"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	modelrun "sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/run"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/tabs"
)

// File is one of several files to browse.
type File struct {
	// Source is the name of the file.
	Source text.Text
	// Load reads the file. Unless IsOnce is set, the dashboard may call it several times.
	Load Load
	// IsOnce means that Load can be called only once, because the source is a pipe.
	IsOnce bool
	// Commands provides the commands to suggest for this file. If it is nil, the dashboard suggests none.
	Commands Commands
	// Exporter exports the items of this file. If it is nil, they cannot be exported.
	Exporter Exporter
}

// fileTabs is a dashboard of several files. Each file has its own screen and its own stack of layers. While another
// file is open, the stack is set aside, so that the file looks unchanged when the user returns.
//
// The open file is read first. The other files are read afterwards, one at a time, so that the tabs can show the
// numbers of items. See [fileTabs.makeRoom] for the memory limits.
type fileTabs struct {
	*App
	files []*fileTab
	open  int // index of the open file
	names []string
	tick  int // number of times a file was opened
}

// fileTab is a file with its screen.
type fileTab struct {
	File
	key monitor.RunKey
	// saved reads the file. It is nil until reading begins.
	saved *savedRun
	// cancel stops reading.
	cancel context.CancelFunc
	// allItems is the message that all items have arrived, if the file has no screen that could receive it. Otherwise
	// it is nil.
	allItems tea.Msg
	// aside holds the layers of the file while another file is open. The bottom layer is the screen of the file.
	aside screen.Stack
	// state is the state that the screen had before the screen was dropped.
	state run.State
	// visited is a number that grows with each visit: the file with the highest number was opened last. It is 0 if the
	// user has not opened the file.
	visited int
	// isLarge means that the file is too large to be read before the user opens it.
	isLarge bool
}

// maxUnvisited is the approximate limit on the memory for the items of files that the user has not opened yet, in
// bytes.
const maxUnvisited = 64 << 20

// newFileTabs returns the tabs of several files and opens the first file.
func newFileTabs(a *App, files []File) *fileTabs {
	t := &fileTabs{App: a}
	var paths []string
	for _, file := range files {
		if file.Commands == nil {
			file.Commands = noCommands{}
		}
		t.files = append(t.files, &fileTab{File: file})
		paths = append(paths, file.Source.Raw())
	}
	t.names = tabs.Names(paths)
	a.files = t
	t.enter()
	return t
}

// current returns the open file.
func (t *fileTabs) current() *fileTab { return t.files[t.open] }

// enter makes the screen of the open file the bottom layer, creating it if necessary. The stack of layers must be empty
// or hold the layers of the file.
func (t *fileTabs) enter() {
	f := t.current()
	t.tick++
	f.visited = t.tick
	if f.saved == nil {
		t.prepare(f)
	}
	t.first = f.key
	one := t.runs[f.key]
	if one.screen != nil {
		return
	}
	config := t.config.runConfig()
	config.Source, config.IsSaved, config.Commands, config.Items.Exporter = f.Source, true, f.Commands, f.Exporter
	config.State = f.state
	one.screen = run.New(f.saved.env, config, f.saved)
	t.env.Layers.Open(one.screen)
}

// prepare creates the run of a file before the file is read. Each call gives the run a new number, so that messages of
// an earlier attempt do not reach the new run.
func (t *fileTabs) prepare(f *fileTab) {
	t.opened--
	ctx, cancel := context.WithCancel(t.env.Life)
	env := screen.RunEnv{Env: t.env, Run: t.opened}
	load := f.Load
	f.key, f.cancel = t.opened, cancel
	f.saved = &savedRun{env: env, isLoading: true, load: func(_ context.Context, onItems func(item.Table)) (modelrun.Answer, error) {
		return load(ctx, onItems)
	}}
	t.runs[f.key] = &watchedRun{source: f.saved}
}

// begin returns the command that reads a file. It returns nil if the file has been read or is being read.
func (t *fileTabs) begin(f *fileTab) tea.Cmd {
	if f.saved == nil {
		t.prepare(f)
	}
	if f.saved.isStarted {
		return nil
	}
	return tea.Batch(t.makeRoom(f), f.saved.start())
}

// show opens the file at an index.
func (t *fileTabs) show(at int) tea.Cmd {
	if at == t.open {
		return nil
	}
	left := t.current()
	t.env.Layers.Swap(&left.aside)
	if left.isReading() && left.saved.watch.Items().Len() == 0 && !left.IsOnce {
		t.forget(left) // moving quickly through the tabs should not read every file
	}
	t.open = at
	var save tea.Cmd
	if next := t.current(); next.saved != nil && next.saved.hasFailed() && next.saved.watch.Items().Len() == 0 && !next.IsOnce {
		save = t.forget(next) // so that it is read again
	}
	return tea.Batch(save, t.arrive())
}

// arrive restores the layers of the open file. The layers of the previous file must have been set aside or dropped.
func (t *fileTabs) arrive() tea.Cmd {
	f := t.current()
	t.env.Layers.Swap(&f.aside)
	t.enter()
	cmds := []tea.Cmd{t.begin(f)}
	if msg := f.allItems; msg != nil {
		f.allItems = nil
		cmds = append(cmds, t.runs[f.key].screen.Update(msg))
	}
	// The size and the styles may have changed since the file was last open.
	return tea.Batch(append(cmds, t.env.Layers.Update(screen.ResizedMsg{}), t.readNext())...)
}

// close closes the file at an index. If that is the open file, a neighboring file becomes the open file. If there is
// only one file, it stays open, and a message says so.
func (t *fileTabs) close(at int) tea.Cmd {
	if len(t.files) == 1 {
		return t.sayLast()
	}
	f := t.files[at]
	if at == t.open {
		t.env.Layers.Swap(&f.aside)
	}
	save := t.forget(f)
	t.files = slices.Delete(t.files, at, at+1)
	t.names = slices.Delete(t.names, at, at+1)
	switch {
	case at == t.open:
		t.open = min(at, len(t.files)-1)
		return tea.Batch(save, t.arrive())
	case at < t.open:
		t.open--
	}
	return save
}

// sayLast shows a message that only one file is open, and which key quits.
func (t *fileTabs) sayLast() tea.Cmd {
	const words = "This is the last file."
	for _, one := range t.actions() {
		if one.ID == "quit" && len(one.Keys) > 0 {
			return t.env.Say(words + " Press " + one.KeyText() + " to quit.")
		}
	}
	return t.env.Say(words)
}

// forget drops the screen and the items of a file that is not open. It keeps the state of the screen and returns a
// command that saves unsaved changes.
func (t *fileTabs) forget(f *fileTab) tea.Cmd {
	var save tea.Cmd
	if f.cancel != nil {
		f.cancel()
	}
	if one := t.runs[f.key]; one != nil && one.screen != nil {
		f.state = run.StateOf(one.screen)
	}
	for key, one := range t.runs {
		isMine := key == f.key || one.screen != nil && f.aside.Has(one.screen) // runs of the history that were opened from the file
		if !isMine {
			continue
		}
		if one.screen != nil {
			one.screen.StopWork()
			save = tea.Batch(save, one.screen.Flush())
		}
		delete(t.runs, key)
	}
	f.saved, f.cancel, f.allItems, f.aside = nil, nil, nil, screen.Stack{}
	return save
}

func (f *fileTab) isReading() bool { return f.saved != nil && f.saved.isStarted && f.saved.isLoading }

// memory returns the approximate size of the items of a file in bytes.
func (f *fileTab) memory() int64 {
	if f.saved == nil {
		return 0
	}
	return f.saved.watch.Items().Memory()
}

// makeRoom frees memory before a file is read. It drops the items of other files until the items in memory take at most
// half of [Config.MaxMemory]. It starts with files that were never opened, and goes on with the files that were opened
// longest ago. It never drops the items of the open file.
func (t *fileTabs) makeRoom(next *fileTab) tea.Cmd {
	var cmds []tea.Cmd
	byVisit := slices.SortedStableFunc(slices.Values(t.files), func(a, b *fileTab) int { return a.visited - b.visited })
	memory := int64(0)
	for _, f := range byVisit {
		memory += f.memory()
	}
	for _, f := range byVisit {
		if t.config.MaxMemory == 0 || memory <= t.config.MaxMemory/2 {
			break
		}
		if f == next || f == t.current() || f.IsOnce || f.memory() == 0 || f.isBusy(t) {
			continue
		}
		memory -= f.memory()
		f.isLarge = true
		cmds = append(cmds, t.forget(f))
	}
	return tea.Batch(cmds...)
}

// isBusy reports whether a file is being exported.
func (f *fileTab) isBusy(t *fileTabs) bool {
	one := t.runs[f.key]
	return one != nil && one.screen != nil && one.screen.IsExporting()
}

// readNext returns a command that reads the next file that has not been read. It returns nil if a file is being read.
func (t *fileTabs) readNext() tea.Cmd {
	memory := int64(0)
	for _, f := range t.files {
		if f.isReading() {
			return nil
		}
		if f.visited == 0 {
			memory += f.memory()
		}
	}
	for i := range t.files {
		f := t.files[(t.open+i)%len(t.files)]
		if f.saved == nil && !f.isLarge && !f.IsOnce && memory < maxUnvisited {
			return t.begin(f)
		}
	}
	return nil
}

// changed handles an event of a file, or of a recorded run that was opened from a file. It returns cmd together with
// the commands that follow from the event.
func (t *fileTabs) changed(key monitor.RunKey, event tea.Msg, cmd tea.Cmd) tea.Cmd {
	one := t.runs[key]
	if at := slices.IndexFunc(t.files, func(f *fileTab) bool { return f.key == key }); at >= 0 && one.screen == nil {
		f := t.files[at]
		if _, isComplete := event.(run.ItemsCameMsg); isComplete {
			f.allItems = event
		} else if f.memory() > maxUnvisited {
			f.isLarge = true
			return tea.Batch(t.forget(f), t.readNext())
		}
	} else if event != nil {
		cmd = tea.Batch(cmd, t.within(one.screen, func() tea.Cmd { return one.screen.Update(event) }))
	}
	if _, isComplete := event.(run.ItemsCameMsg); isComplete {
		cmd = tea.Batch(cmd, t.readNext())
	}
	return cmd
}

// within calls a function for layer l, and returns the command of the function. During the call, the layers of the file
// to which l belongs replace those of the open file, because the function may open and close layers. If that file is
// not the open file, messages from the function are dropped, except messages about exports.
func (t *fileTabs) within(l screen.Layer, do func() tea.Cmd) tea.Cmd {
	if t == nil || t.env.Layers.Has(l) {
		return do()
	}
	at := slices.IndexFunc(t.files, func(f *fileTab) bool { return f.aside.Has(l) })
	if at < 0 {
		return do()
	}
	f, current := t.files[at], t.current()
	toast, wasBusy := t.env.Toast, f.isBusy(t)
	t.env.Layers.Swap(&current.aside)
	t.env.Layers.Swap(&f.aside)
	defer func() {
		t.env.Layers.Swap(&f.aside)
		t.env.Layers.Swap(&current.aside)
		if !wasBusy || f.isBusy(t) {
			t.env.Toast = toast
		}
	}()
	return do()
}

func (t *fileTabs) line() tabs.Line {
	p := t.env.Painter
	l := tabs.Line{Open: t.open}
	for i, f := range t.files {
		one := tabs.Tab{Name: text.Printable(t.names[i]), Note: f.note()}
		switch {
		case f.saved == nil || f.isReading():
		case f.hasFailed():
			one.Sign, one.Style = "✗", p.Error
		case f.saved.watch.Problem() != nil:
			one.Sign, one.Style = "!", p.Warning
		}
		l.Tabs = append(l.Tabs, one)
	}
	return l
}

// note returns the number of items that have been read from the file, such as "301", or "301…" while the file is being
// read.
func (f *fileTab) note() string {
	switch {
	case f.saved == nil || f.isReading() && f.saved.watch.Items().Len() == 0:
		return ""
	case f.isReading():
		return text.Count(int64(f.saved.watch.Items().Len())) + "…"
	case f.hasFailed() && f.saved.watch.Items().Len() == 0:
		return ""
	default:
		return text.Count(int64(f.saved.watch.Items().Len()))
	}
}

// hasFailed reports whether a file could not be read, or has the answer of an unsuccessful run.
func (f *fileTab) hasFailed() bool {
	w := &f.saved.watch
	return w.Problem() != nil && w.Items().Len() == 0 || w.Run().Status().Unsuccessful()
}

// position returns which file is open, such as "file 2 of 3", for a terminal that has too few lines to show the tabs.
func (t *fileTabs) position() string {
	return "file " + strconv.Itoa(t.open+1) + " of " + strconv.Itoa(len(t.files))
}

// tabAt returns the index of the file whose tab is at a cell of the screen. It returns false if no tab is at the cell.
func (t *fileTabs) tabAt(at image.Point) (int, bool) {
	header := t.env.Frame.Header
	if header.Dy() == 0 || at.Y != header.Max.Y-1 {
		return 0, false
	}
	return t.line().At(t.env.Painter, t.env.Width(), at.X)
}

// fileActions lists the actions of a dashboard of several files.
func fileActions(a *App) action.Table {
	t := a.files
	if t == nil {
		return nil
	}
	n := len(t.files)
	one := func(id, title, key string, rank int, run func() tea.Cmd) action.Action {
		return action.Action{ID: "file." + id, Group: action.GroupView, Title: title, Keys: []string{key}, Rank: rank, Enabled: n > 1, Run: run}
	}
	all := one("choose", "files", "B", 16, func() tea.Cmd { a.env.Layers.Open(newFileList(t)); return nil })
	all.Targets = t.targets
	drop := one("drop", "close file", "ctrl+w", 0, func() tea.Cmd { return t.close(t.open) })
	drop.Enabled = true // if only one file is open, it says how to quit
	return action.Table{
		one("next", "next file", "]", 6, func() tea.Cmd { return t.show((t.open + 1) % n) }),
		one("previous", "previous file", "[", 0, func() tea.Cmd { return t.show((t.open + n - 1) % n) }),
		all,
		drop,
	}
}

// targets returns one action for each file, which opens the file.
func (t *fileTabs) targets() action.Table {
	var table action.Table
	for i, name := range t.names {
		f := t.files[i]
		table = append(table, action.Action{
			ID: "file", Group: "files", Title: "go to file " + text.Printable(name), Enabled: i != t.open,
			Run: func() tea.Cmd { return t.show(slices.Index(t.files, f)) },
		})
	}
	return table
}

// fileList is a list of all files from which the user chooses one.
type fileList struct {
	screen.PickerLayer

	tabs *fileTabs
}

func newFileList(t *fileTabs) *fileList {
	var choices []picker.Choice
	for i, one := range t.line().Tabs {
		note := one.Note
		switch f := t.files[i]; {
		case one.Sign != "" && note == "" && f.saved.watch.Problem() != nil:
			note = one.Sign + " cannot be read"
		case one.Sign != "" && note == "":
			note = one.Sign + " " + f.saved.watch.Run().StatusText()
		case one.Sign != "":
			note = one.Sign + " " + note
		case note == "" && f.saved == nil && f.visited > 0:
			note = "dropped to save memory"
		case note == "":
			note = "not read yet"
		}
		choices = append(choices, picker.Choice{Name: text.NewText(t.names[i]), Note: note, ID: i})
	}
	l := &fileList{tabs: t}
	l.Env, l.Picker, l.Handle = t.env, picker.New(picker.Options{Title: "files", Choices: choices, Enter: "open", Delete: "close"}), l.handle
	l.Picker.Select(t.open)
	return l
}

func (l *fileList) handle(event picker.Event) tea.Cmd {
	layers := l.Env.Layers
	choice, isChosen := l.Picker.Choice()
	switch event {
	case picker.Chosen:
		layers.Close(l)
		if isChosen {
			return l.tabs.show(choice.ID)
		}
	case picker.Canceled:
		layers.Close(l)
	case picker.Deleted:
		if !isChosen {
			return nil
		}
		layers.Close(l)
		if len(l.tabs.files) == 1 {
			return l.tabs.sayLast()
		}
		cmd := l.tabs.close(choice.ID)
		layers.Open(newFileList(l.tabs))
		return cmd
	case picker.None:
	}
	return nil
}

// OpenedFile is a file that the user has opened, with its state.
type OpenedFile struct {
	File
	Watch *watch.Watch
}

// OpenedFiles returns the files that the user has opened and not closed. After the dashboard quits, the caller prints a
// summary of them.
func OpenedFiles(a *App) []OpenedFile {
	var opened []OpenedFile
	for _, f := range a.files.files {
		if f.visited > 0 && f.saved != nil {
			opened = append(opened, OpenedFile{f.File, &f.saved.watch})
		}
	}
	return opened
}

// openedWatches returns the states of the files that the user has opened.
func openedWatches(a *App) []watch.Watch {
	var watches []watch.Watch
	for _, file := range OpenedFiles(a) {
		watches = append(watches, *file.Watch)
	}
	return watches
}
