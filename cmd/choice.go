package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sbwatch/files/write"
	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/query"
)

// choiceFlags say which items are wanted, in which order, and what of them.
type choiceFlags struct {
	columns []string
	where   string
	search  string
	sort    []string
}

func (f *choiceFlags) addTo(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.columns, "columns", nil, "only these columns, in this order: name,price,dims.w")
	whatever := func(string) bool { return true }
	c.Flags().Var(checkedValue{&f.where, "filter", whatever}, "where", "only items that this holds for: 'price > 20 and brand ~ acme and not rating?'")
	c.Flags().Var(checkedValue{&f.search, "text", whatever}, "search", "only items with this in a value; re: before a regular expression")
	c.Flags().StringSliceVar(&f.sort, "sort", nil, "sort by these columns; - before one that goes down: -price,name")
}

// choice is what was asked, as far as it can be told without the items.
type choice struct {
	flags  choiceFlags
	where  filter.Expr
	search search.Query
}

// read reads what was asked.
func (f choiceFlags) read() (choice, error) {
	c := choice{flags: f}
	var err error
	if f.where != "" {
		if c.where, err = filter.Parse(f.where); err != nil {
			return c, whereError(f.where, err)
		}
	}
	if c.search, err = search.Parse(f.search); err != nil {
		return c, usageError{text: "--search: " + err.Error()}
	}
	return c, nil
}

// whereError points at the word of a filter that is wrong.
func whereError(text string, err error) error {
	at := ""
	if wrong, ok := err.(*filter.Error); ok { //nolint:errorlint // never wrapped
		if word := text[wrong.From:wrong.To]; word != "" {
			at = fmt.Sprintf("at %q: ", word)
		} else if wrong.From >= len(text) {
			at = "at its end: "
		}
	}
	return usageError{text: "--where: " + at + err.Error()}
}

// chosen is what was asked of some items.
type chosen struct {
	query   query.Query
	columns []write.Column // nil: all
}

// of finds the columns that were named among those of the items.
func (c choice) of(items item.Table) (chosen, error) {
	var found chosen
	if c.flags.where != "" {
		if err := c.where.Check(items); err != nil {
			return found, whereError(c.flags.where, err)
		}
		found.query.Filters = append(found.query.Filters, c.where)
	}
	if !c.search.IsEmpty() {
		found.query.Filters = append(found.query.Filters, c.search)
	}
	for _, name := range c.flags.sort {
		name, descending := strings.CutPrefix(name, "-")
		path, err := columnNamed(items, "--sort", name)
		if err != nil {
			return found, err
		}
		found.query.Sort = append(found.query.Sort, order.Key{Path: path, Descending: descending})
	}
	var paths []item.Path
	for _, name := range c.flags.columns {
		path, err := columnNamed(items, "--columns", name)
		if err != nil {
			return found, err
		}
		paths = append(paths, path)
	}
	if paths != nil {
		found.columns = write.ColumnsOf(paths)
	}
	return found, nil
}

// columnNamed finds a column, without the spaces around its name where it has none. In a table without items any name will do.
func columnNamed(items item.Table, flag, name string) (item.Path, error) {
	for _, name := range []string{name, strings.TrimSpace(name)} {
		if path, found := items.FindPath(name); found && isSomewhere(items, path) {
			return path, nil
		}
	}
	if items.Len() == 0 {
		return item.PathOf(name), nil
	}
	wrong := fmt.Sprintf("%s: no item has %s", flag, text.NewText(name))
	all := func(yield func(string) bool) {
		for _, column := range items.Columns() {
			if !yield(column.Name.Raw()) {
				return
			}
		}
	}
	if meant := text.Nearest(name, all); meant != "" {
		return item.Path{}, usageError{text: wrong + ", did you mean " + listWord(text.NewText(meant)) + "?"}
	}
	const most = 12
	var names []string
	for _, column := range items.Columns() {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, listWord(column.Name))
	}
	return item.Path{}, usageError{text: wrong + "; there are " + strings.Join(names, ", ")}
}

// isSomewhere tells whether any item has a value at a path. Of columns that is known.
func isSomewhere(items item.Table, path item.Path) bool {
	if path.Depth() == 1 {
		return true
	}
	values := items.Reader(path)
	for row := range items.Len() {
		if len(values.Cell(row).Raw()) > 0 {
			return true
		}
	}
	return false
}

// listWord is a column's name as it stands in a list of columns.
func listWord(name text.Text) string {
	raw := name.Raw()
	if raw != "" && !strings.ContainsAny(raw, ",\"") && raw == strings.TrimSpace(raw) {
		return name.String()
	}
	return `"` + strings.ReplaceAll(name.String(), `"`, `""`) + `"`
}
