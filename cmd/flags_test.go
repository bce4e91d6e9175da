package cmd

import (
	"strings"
	"testing"

	"sbwatch/api/wire"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestDefaultLimits(t *testing.T) {
	for _, test := range []struct {
		flags   limitFlags
		machine int64
		want    wire.Limits
	}{
		{limitFlags{}, 16 << 30, wire.Limits{Body: maxDefaultBody, Memory: 8 << 30}},
		{limitFlags{}, 1 << 30, wire.Limits{Body: 1 << 30, Memory: 512 << 20}},
		{limitFlags{}, 1000, wire.Limits{Body: 1000, Memory: minMemory}},
		{limitFlags{body: 5000, memory: 9 << 30}, 1 << 30, wire.Limits{Body: 5000, Memory: 9 << 30}},
	} {
		if got := test.flags.forMachine(test.machine, false); got != test.want {
			t.Errorf("%+v of %d: %+v, want %+v", test.flags, test.machine, got, test.want)
		}
	}
}

// TestFlagsHaveReadablePlaceholders checks that the help shows no types of Go for the values of flags.
func TestFlagsHaveReadablePlaceholders(t *testing.T) {
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		c.Flags().VisitAll(func(flag *pflag.Flag) {
			switch word, _ := pflag.UnquoteUsage(flag); word {
			case "string", "strings", "stringArray", "int", "uint", "float":
				t.Errorf("the help of %s shows --%s %s", c.CommandPath(), flag.Name, word)
			}
		})
		for _, below := range c.Commands() {
			check(below)
		}
	}
	check(documentedRoot())
}

// TestRepeatableFlagsAcceptLists checks that the config file accepts a list for each flag that can be repeated.
func TestRepeatableFlagsAcceptLists(t *testing.T) {
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		c.Flags().VisitAll(func(flag *pflag.Flag) {
			_, takesList := flag.Value.(pflag.SliceValue)
			says := strings.Contains(flag.Usage, "repeat") || strings.Contains(flag.Usage, "these columns")
			if takesList != says {
				t.Errorf("the help of %s --%s is %q, but a list is accepted: %t", c.CommandPath(), flag.Name, flag.Usage, takesList)
			}
		})
		for _, below := range c.Commands() {
			check(below)
		}
	}
	check(documentedRoot())
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{
		"2GB": 2_000_000_000, "500MB": 500_000_000, "1GiB": 1 << 30, "1.5 gb": 1_500_000_000, "20000000": 20_000_000,
		"": 0, "0": 0, "1MB": 0, "-1GB": 0, "x": 0, "99999EB": 0,
	} {
		var got int64
		err := (&sizeValue{&got, minMemory}).Set(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
}
