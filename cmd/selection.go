package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sbwatch/cmd/flagvalue"
	"sbwatch/files/write"
	"sbwatch/model/compute"
	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/query"
	"sbwatch/ui"
)

// computeFlags are the formulas of computed columns.
type computeFlags struct {
	formulas []compute.Formula
	// isGiven reports whether the formulas are on the command line. unfit handles an error about a formula that does not
	// fit the items, as ignoringDefaults says. The method begin sets both.
	isGiven bool
	unfit   func(flag string, err error) error
}

// begin prepares the flags for the execution of c.
func (f *computeFlags) begin(p *program, c *cobra.Command) {
	f.isGiven, f.unfit = flagvalue.IsGiven(c, "compute"), ignoringDefaults(p, c)
}

// onScreen returns the computed columns for the dashboard.
func (f *computeFlags) onScreen() ui.Computed {
	given := ui.Computed{IfFits: !f.isGiven}
	for _, formula := range f.formulas {
		given.Columns = append(given.Columns, item.ComputedColumn{Name: formula.Name(), Formula: formula.Text()})
	}
	return given
}

// check returns an error if a formula on the command line does not fit the items of a run.
func (f *computeFlags) check(w *watch.Watch) error {
	if f.isGiven && w.Incomplete() == nil {
		return f.columns(w.Items(), f.unfit).err
	}
	return nil
}

func (f *computeFlags) addTo(c *cobra.Command, purpose string) {
	c.Flags().Var((*formulasValue)(f), "compute", "add the column that a formula computes, "+purpose+": 'unit = price / size' (repeatable)")
	_ = c.RegisterFlagCompletionFunc("compute", cobra.NoFileCompletions) // fails only for unknown flags
}

// computeHelp is the purpose of --compute for commands that show items.
const computeHelp = "for the items and the rules"

// formulaHelp returns the part of a command's help about formulas.
func formulaHelp() string {
	return "Formulas have numbers, \"text\", columns, + - * / % & ( ), comparisons, and, or, not, and these functions:\n" +
		strings.Join(compute.Functions(), ", ") + "."
}

// formulasValue is the value of the flag --compute. Each use of the flag adds a formula.
type formulasValue computeFlags

// Set adds a formula.
func (v *formulasValue) Set(line string) error {
	line = strings.TrimSpace(line)
	formula, err := compute.Parse(line)
	if err != nil {
		return flagvalue.Error(lineError("compute", line, err).Error())
	}
	i := slices.IndexFunc(v.formulas, func(f compute.Formula) bool { return f.Name() == formula.Name() })
	switch {
	case i >= 0 && v.formulas[i].Text() == formula.Text():
		return nil // cobra sets flags twice to complete a command line
	case i >= 0:
		return flagvalue.Error(fmt.Sprintf("--compute: another formula computes the column %q already: use another name, as in 'other = formula'", formula.Name()))
	case len(v.formulas) == item.MaxComputed:
		return flagvalue.Error(fmt.Sprintf("--compute: there are more than %d formulas: remove some or combine them", item.MaxComputed))
	}
	v.formulas = append(v.formulas, formula)
	return nil
}

// String returns the formulas.
func (v *formulasValue) String() string { return strings.Join(v.GetSlice(), "; ") }

// Type returns "formula", which the help shows as the placeholder for the value.
func (*formulasValue) Type() string { return "formula" }

// Append adds a formula, as Set does.
func (v *formulasValue) Append(line string) error { return v.Set(line) }

// Replace replaces all formulas.
func (v *formulasValue) Replace(lines []string) error {
	v.formulas = nil
	return flagvalue.SetAll(v, lines)
}

// GetSlice returns the formulas. This method tells cobra that the flag can be repeated.
func (v *formulasValue) GetSlice() []string {
	var lines []string
	for _, formula := range v.formulas {
		lines = append(lines, formula.Text())
	}
	return lines
}

// computedItems are items with computed columns.
type computedItems struct {
	items item.Table
	// missing maps the name of each column that is not computed to the reason. It leaves out a default from the config
	// file if the items have a column with this name, because rules then use the column of the items.
	missing map[string]string
	// err describes the formulas that do not fit the items. It is nil if all formulas fit or are ignored.
	err error
}

// columns adds the computed columns to items. It leaves out the columns whose formula does not fit the items, and passes
// an error about each to the function onError. The result has the errors that onError returns.
func (f *computeFlags) columns(items item.Table, onError func(flag string, err error) error) computedItems {
	received, missing := items, map[string]string{}
	var wrong []string
	for i, formula := range f.formulas {
		name, err := formula.Name(), formula.CheckBefore(items, namesOf(f.formulas[i+1:]), "put that formula before this one")
		switch {
		case err != nil:
			missing[name] = err.Error()
			err = lineError("compute", formula.Text(), err)
		case received.HasKey(name):
			reason := fmt.Sprintf("there is a column %q already: use another name, as in 'other = formula'", name)
			if f.isGiven {
				missing[name] = reason
			}
			err = usageError{text: "--compute: " + reason}
		default:
			items = items.WithComputed(name, formula.On(items).Reader)
			continue
		}
		if err = onError("compute", err); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	computed := computedItems{items: items, missing: missing}
	if len(wrong) > 0 {
		computed.err = usageError{text: strings.Join(wrong, "; ")}
	}
	return computed
}

// namesOf returns the names of the columns that formulas compute.
func namesOf(formulas []compute.Formula) []string {
	names := make([]string, len(formulas))
	for i, formula := range formulas {
		names[i] = formula.Name()
	}
	return names
}

// ignoringDefaults returns a function that handles an error about a flag of c that does not fit the items. If the flag
// is on the command line, the function returns the error. If the flag has a default from the config file, the function
// tells the user once that this default is ignored, and returns nil.
func ignoringDefaults(p *program, c *cobra.Command) func(flag string, err error) error {
	said := map[string]bool{}
	return func(flag string, err error) error {
		if flagvalue.IsGiven(c, flag) {
			return err
		}
		message := ignoredDefault(c, flag, err)
		if !said[message] {
			said[message] = true
			p.say(message)
		}
		return nil
	}
}

// ignoredDefault returns a message that a default from the config file does not fit the items.
func ignoredDefault(c *cobra.Command, flag string, err error) string {
	return flagvalue.Place(c, flag) + ": " + err.Error() + "; the default in the config file is ignored"
}

// selectionFlags are the flags that select rows and columns and set their order.
type selectionFlags struct {
	compute computeFlags
	columns []string
	where   string
	search  string
	sort    []string
}

func (f *selectionFlags) addTo(c *cobra.Command) {
	f.compute.addTo(c, "for use in the other flags")
	c.Flags().StringSliceVar(&f.columns, "columns", nil, "export only these columns, in this order: name,price,dims.w")
	anyText := func(string) bool { return true }
	c.Flags().Var(checkedValue{&f.where, "filter", anyText}, "where", "export only items that match a filter: 'price > 20 and brand ~ acme and not rating?'")
	c.Flags().Var(checkedValue{&f.search, "text", anyText}, "search", "export only items with a value that contains this text; re: starts a regular expression")
	c.Flags().StringSliceVar(&f.sort, "sort", nil, "sort by these columns; a minus sign before a column sorts it in descending order: -price,name")
	flagvalue.Label(c.Flags(), "columns", "columns")
	flagvalue.Label(c.Flags(), "sort", "columns")
	for _, name := range []string{"columns", "where", "search", "sort"} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions) // fails only for unknown flags
	}
	flagvalue.Restrict(c.Flags(), "where", &f.where, func(given string) string { return errorText(parseWhere(given)) })
	flagvalue.Restrict(c.Flags(), "search", &f.search, func(given string) string { return errorText(parseSearch(given)) })
}

func parseWhere(given string) (filter.Expr, error) {
	if given == "" {
		return filter.Expr{}, nil
	}
	expr, err := filter.Parse(given)
	if err != nil {
		return expr, lineError("where", given, err)
	}
	return expr, nil
}

func parseSearch(given string) (search.Query, error) {
	parsed, err := search.Parse(given)
	if err != nil {
		return parsed, lineError("search", given, err)
	}
	return parsed, nil
}

// errorText returns the text of err, or "" if err is nil.
func errorText[T any](_ T, err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

// selection is the result of parsing selectionFlags. Its columns may not exist in the items.
type selection struct {
	flags  selectionFlags
	where  filter.Expr
	search search.Query
}

// parse parses the flags. It finds all errors that can be found without the items.
func (f selectionFlags) parse() (selection, error) {
	c := selection{flags: f}
	var err error
	if c.where, err = parseWhere(f.where); err == nil {
		c.search, err = parseSearch(f.search)
	}
	return c, err
}

// lineError returns the error for an invalid filter, formula or search. given is the value of the flag. The error
// quotes the word that is wrong.
func lineError(flag, given string, err error) error {
	at := ""
	if wrong, ok := errors.AsType[*lang.Error](err); ok {
		at = wordAt(given, wrong.From, wrong.To)
	}
	return usageError{text: "--" + flag + ": " + at + err.Error()}
}

// wordAt returns the beginning of an error about text[from:to], such as `at "prize": `.
func wordAt(text string, from, to int) string {
	if word := text[from:to]; word != "" {
		return fmt.Sprintf("at %q: ", lang.Excerpt(word))
	}
	if from >= len(text) {
		return "at its end: "
	}
	return ""
}

// resolvedSelection is a selection whose columns are known to exist in a table.
type resolvedSelection struct {
	query   query.Query
	columns []write.Column // nil for all columns
}

// resolve looks up the columns of the selection in items. If a column does not exist, resolve passes an error to the
// function onError. If onError returns nil, resolve ignores the flag; otherwise resolve returns the error of
// onError.
func (c selection) resolve(items item.Table, onError func(flag string, err error) error) (resolvedSelection, error) {
	var found resolvedSelection
	if c.flags.where != "" {
		err := c.where.Check(items)
		if err == nil {
			found.query.Filters = append(found.query.Filters, c.where)
		} else if err := onError("where", lineError("where", c.flags.where, err)); err != nil {
			return found, err
		}
	}
	if !c.search.IsEmpty() {
		found.query.Filters = append(found.query.Filters, c.search)
	}
	for _, name := range c.flags.sort {
		name, descending := strings.CutPrefix(name, "-")
		path, err := findColumn(items, "--sort", name)
		if err != nil {
			if err := onError("sort", err); err != nil {
				return found, err
			}
			found.query.Sort = nil
			break
		}
		found.query.Sort = append(found.query.Sort, order.Key{Path: path, Descending: descending})
	}
	var paths []item.Path
	for _, name := range c.flags.columns {
		path, err := findColumn(items, "--columns", name)
		if err != nil {
			if err := onError("columns", err); err != nil {
				return found, err
			}
			paths = nil
			break
		}
		paths = append(paths, path)
	}
	if paths != nil {
		found.columns = write.ColumnsOf(paths)
	}
	return found, nil
}

// findColumn returns the column that a flag names. If there is no such column, it tries the name without surrounding
// spaces. If the table has no items, it accepts any name.
func findColumn(items item.Table, flag, name string) (item.Path, error) {
	for _, name := range []string{name, strings.TrimSpace(name)} {
		if path, found := items.FindPath(name); found && hasValues(items, path) {
			return path, nil
		}
	}
	if items.Len() == 0 {
		return item.PathOf(name), nil
	}
	wrong := fmt.Sprintf("%s: no item has %s", flag, text.NewText(name))
	if nearest := text.Nearest(name, items.ColumnNames()); nearest != "" {
		return item.Path{}, usageError{text: wrong + ", did you mean " + quoteColumn(text.NewText(nearest)) + "?"}
	}
	const maxNames = 12
	var names []string
	for _, column := range items.Columns() {
		if len(names) == maxNames {
			names = append(names, "…")
			break
		}
		names = append(names, quoteColumn(column.Name))
	}
	return item.Path{}, usageError{text: wrong + "; the columns are " + strings.Join(names, ", ")}
}

func hasValues(items item.Table, path item.Path) bool {
	if path.Depth() == 1 {
		return true // a column of the table has at least one value
	}
	values := items.Reader(path)
	for row := range items.Len() {
		if len(values.Cell(row).Raw()) > 0 {
			return true
		}
	}
	return false
}

// quoteColumn returns the name of a column in the syntax of --columns, with quotes if necessary.
func quoteColumn(name text.Text) string {
	raw := name.Raw()
	if raw != "" && !strings.ContainsAny(raw, ",\"") && raw == strings.TrimSpace(raw) {
		return name.String()
	}
	return `"` + strings.ReplaceAll(name.String(), `"`, `""`) + `"`
}
