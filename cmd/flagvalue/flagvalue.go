// Package flagvalue restricts the values of flags and records which flags exclude or require each other. The
// restrictions apply to the command line and to the defaults in the config file.
package flagvalue

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Error is the error for a value that a flag rejects. It is a complete message, such as "--interval 1ms is too short:
// use 100ms or more".
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// Restrict makes a flag reject the values for which check returns a message. value points to the variable that holds
// the value of the flag. A rejected value leaves the variable unchanged.
func Restrict[T any](flags *pflag.FlagSet, name string, value *T, check func(T) string) {
	flag := flags.Lookup(name)
	one := restricted{flag.Value, func(set func() error) error {
		previous := *value
		if err := set(); err != nil {
			return err
		}
		if message := check(*value); message != "" {
			*value = previous
			return Error(message)
		}
		return nil
	}}
	flag.Value = one
	if list, isList := one.Value.(pflag.SliceValue); isList {
		flag.Value = restrictedList{one, list}
	}
	if flag.DefValue == "0s" {
		flag.DefValue = "0" // otherwise the help shows 0s as a default
	}
}

// OneOf makes a flag reject all values except those in the list allowed.
func OneOf(flags *pflag.FlagSet, name string, value *string, allowed ...string) {
	Restrict(flags, name, value, func(given string) string {
		if slices.Contains(allowed, given) {
			return ""
		}
		last := len(allowed) - 1
		return fmt.Sprintf("--%s must be %s or %s", name, strings.Join(allowed[:last], ", "), allowed[last])
	})
}

// AtLeast makes a flag reject numbers below minimum.
func AtLeast(flags *pflag.FlagSet, name string, value *int, minimum int) {
	Restrict(flags, name, value, func(given int) string {
		if given >= minimum {
			return ""
		}
		return fmt.Sprintf("--%s %d is too low: use %d or more", name, given, minimum)
	})
}

// restricted is a flag value that rejects some values.
type restricted struct {
	pflag.Value

	check func(set func() error) error
}

// Set sets the value. It returns an [Error] for a rejected value.
func (r restricted) Set(text string) error {
	return r.check(func() error { return r.Value.Set(text) })
}

// restrictedList is a flag value that is a list and rejects some values. The methods of pflag.SliceValue tell cobra that
// the flag can be repeated.
type restrictedList struct {
	restricted

	list pflag.SliceValue
}

// Append adds a value. It returns an [Error] for a rejected value.
func (r restrictedList) Append(text string) error {
	return r.check(func() error { return r.list.Append(text) })
}

// Replace replaces all values. It returns an [Error] for rejected values.
func (r restrictedList) Replace(texts []string) error {
	return r.check(func() error { return r.list.Replace(texts) })
}

// GetSlice returns the values.
func (r restrictedList) GetSlice() []string { return r.list.GetSlice() }

// SetAll calls the method Set of a flag that can be repeated, once for each text. It returns the first error.
func SetAll(v pflag.Value, texts []string) error {
	for _, text := range texts {
		if err := v.Set(text); err != nil {
			return err
		}
	}
	return nil
}

// Names of flag annotations. isDefault marks a flag whose value comes from the config file. The function [Specific]
// sets the annotation specific.
const (
	isDefault = "sbwatch_default"
	excludes  = "sbwatch_excludes"
	needs     = "sbwatch_needs"
	variable  = "sbwatch_variable"
	specific  = "sbwatch_specific"
	secret    = "sbwatch_secret"
)

// Exclude records that a flag cannot be used together with any of the other flags. If a flag is on the command line,
// defaults from the config file do not apply to the flags that it excludes.
func Exclude(c *cobra.Command, name string, others ...string) {
	for _, other := range others {
		annotate(c, name, excludes, other)
		annotate(c, other, excludes, name)
	}
}

// Need records that a flag requires another flag.
func Need(c *cobra.Command, name, other string) { annotate(c, name, needs, other) }

// SetVariable records that an environment variable can replace a flag. If the variable is set, the default of the flag
// in the config file does not apply. isSecret reports whether the variable contains a secret.
func SetVariable(c *cobra.Command, name, variableName string, isSecret bool) {
	annotate(c, name, variable, variableName)
	if isSecret {
		annotate(c, name, variable, "secret")
	}
}

// Variable returns the name of the environment variable that can replace a flag, or "" if there is none. It also
// reports whether the variable contains a secret.
func Variable(flag *pflag.Flag) (name string, isSecret bool) {
	values := flag.Annotations[variable]
	if len(values) == 0 {
		return "", false
	}
	return values[0], len(values) > 1
}

// Specific records that a default for all commands does not apply to this flag; only a default for this command does.
// Call it for a flag that deletes data, or if another command has a flag with the same name and a different meaning.
func Specific(c *cobra.Command, name string) { annotate(c, name, specific, "") }

// IsSpecific reports whether [Specific] was called for a flag.
func IsSpecific(flag *pflag.Flag) bool { return flag.Annotations[specific] != nil }

// SetSecret records that the value of a flag may be a secret, which must not be shown.
func SetSecret(c *cobra.Command, name string) { annotate(c, name, secret, "") }

// IsSecret reports whether [SetSecret] was called for a flag.
func IsSecret(flag *pflag.Flag) bool { return flag.Annotations[secret] != nil }

// annotate appends value to an annotation of a flag. The parameter key is the name of the annotation, such as
// "sbwatch_excludes".
func annotate(c *cobra.Command, name, key, value string) {
	// SetAnnotation fails only for unknown flags.
	_ = c.Flags().SetAnnotation(name, key, append(c.Flags().Lookup(name).Annotations[key], value))
}

// Excludes returns the names of the other flags that cannot be used together with this flag.
func Excludes(flag *pflag.Flag) []string { return flag.Annotations[excludes] }

// Needs returns the names of the flags that a flag requires.
func Needs(flag *pflag.Flag) []string { return flag.Annotations[needs] }

// SetDefault sets a flag to its default from the config file. It returns the same errors as a value on the command
// line. If isList is true, text has several values, separated by commas as in CSV. place is where the default is set,
// such as "config.toml: line 3". A second call for the same flag replaces the first default.
func SetDefault(c *cobra.Command, name, text string, isList bool, place string) error {
	flag := c.Flags().Lookup(name)
	list, takesList := flag.Value.(pflag.SliceValue)
	values := []string{text}
	switch {
	case isList && !takesList:
		return Error("--" + name + " takes one value, not a list")
	case isList && TypeOf(flag.Value) != "stringSlice": // such a flag splits the text itself
		var err error
		if values, err = csv.NewReader(strings.NewReader(text)).Read(); err != nil {
			return err
		}
	}
	var previous []string
	if takesList && flag.Annotations[isDefault] != nil {
		previous = list.GetSlice()
		if err := list.Replace(nil); err != nil {
			return err
		}
	}
	for _, value := range values {
		if err := c.Flags().Set(name, value); err != nil {
			if takesList {
				err = cmp.Or(list.Replace(previous), err)
			}
			return c.FlagErrorFunc()(c, err)
		}
	}
	_ = c.Flags().SetAnnotation(name, isDefault, []string{place}) // fails only for unknown flags
	return nil
}

// Place returns where the default of a flag is set, such as "config.toml: line 3". It returns "" if the config file
// does not set the flag.
func Place(c *cobra.Command, name string) string {
	flag := c.Flags().Lookup(name)
	if flag == nil || len(flag.Annotations[isDefault]) == 0 {
		return ""
	}
	return flag.Annotations[isDefault][0]
}

// IsGiven reports whether a flag is on the command line.
func IsGiven(c *cobra.Command, name string) bool {
	flag := c.Flags().Lookup(name)
	return flag != nil && flag.Changed && flag.Annotations[isDefault] == nil
}
