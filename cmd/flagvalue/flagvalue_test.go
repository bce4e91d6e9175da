package flagvalue_test

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/flagvalue"
)

// TestRestrictKeepsLists checks that a flag for several values still accepts a list after Restrict, with or without a
// label.
func TestRestrictKeepsLists(t *testing.T) {
	check := func(given []string) string {
		if slices.Contains(given, "bad") {
			return "--columns must not be bad"
		}
		return ""
	}
	for name, prepare := range map[string]func(flags *pflag.FlagSet, columns *[]string){
		"restricted": func(flags *pflag.FlagSet, columns *[]string) { flagvalue.Restrict(flags, "columns", columns, check) },
		"labeled, then restricted": func(flags *pflag.FlagSet, columns *[]string) {
			flagvalue.Label(flags, "columns", "columns")
			flagvalue.Restrict(flags, "columns", columns, check)
		},
		"restricted, then labeled": func(flags *pflag.FlagSet, columns *[]string) {
			flagvalue.Restrict(flags, "columns", columns, check)
			flagvalue.Label(flags, "columns", "columns")
		},
	} {
		var columns []string
		c := &cobra.Command{Use: "export"}
		c.Flags().StringSliceVar(&columns, "columns", nil, "")
		prepare(c.Flags(), &columns)
		if err := flagvalue.SetDefault(c, "columns", "a,b", true, "line 1"); err != nil || !slices.Equal(columns, []string{"a", "b"}) {
			t.Errorf("%s: the columns are %q, %v", name, columns, err)
		}
		if err := flagvalue.SetDefault(c, "columns", "c", true, "line 2"); err != nil || !slices.Equal(columns, []string{"c"}) {
			t.Errorf("%s: another default gives the columns %q, %v", name, columns, err)
		}
		if err := flagvalue.SetDefault(c, "columns", "d,bad", true, "line 3"); err == nil || !slices.Equal(columns, []string{"c"}) {
			t.Errorf("%s: a rejected default gives the columns %q, %v", name, columns, err)
		}
		list, isList := c.Flags().Lookup("columns").Value.(pflag.SliceValue)
		if !isList || list.Append("bad") == nil || list.Append("d") != nil || !slices.Equal(list.GetSlice(), []string{"c", "d"}) {
			t.Errorf("%s: after appending, the columns are %q", name, columns)
		}
	}
}
