package config

import (
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"sbwatch/model/optional"
	"sbwatch/settings"
)

// entry is a setting of the config file.
type entry struct {
	// name is its full name, with dots: "history.url".
	name string
	// set takes a value of TOML. Its errors continue the name of the setting: "must be true or false".
	set func(c *Config, value any) error
}

// entries returns all settings.
func entries() []entry {
	return []entry{
		{"theme", func(c *Config, value any) error { return setText(&c.Theme, value, "the name of a theme") }},
		{"history.enabled", func(c *Config, value any) error { return setBool(&c.History.Enabled, value) }},
		{"history.url", func(c *Config, value any) error {
			address, isText := value.(string)
			if !isText {
				c.History.IsURLWrong = true
				return errDatabaseURL
			}
			parsed, err := ParseDatabaseURL(address)
			c.History.URL, c.History.IsURLWrong = parsed, err != nil
			return err
		}},
		{"history.archive", func(c *Config, value any) error {
			return setArchive(&c.History.Archive, value)
		}},
		{"history.endpoint", func(c *Config, value any) error {
			return setText(&c.History.Endpoint, value, "the address of an S3 service")
		}},
		{"history.keep_items", func(c *Config, value any) error { return setSize(&c.History.KeepItems, value) }},
	}
}

func setBool(into *bool, value any) error {
	set, ok := value.(bool)
	if !ok {
		return errors.New("must be true or false")
	}
	*into = set
	return nil
}

func setText(into *string, value any, what string) error {
	set, ok := value.(string)
	if !ok || strings.TrimSpace(set) == "" {
		return errors.New("must be " + what + ", in quotes")
	}
	*into = set
	return nil
}

// setArchive takes the path of a folder or the location of a bucket. A relative path would be another folder for each command.
func setArchive(into *string, value any) error {
	const bucket = "s3://"
	set, _ := value.(string)
	if set == bucket || !strings.HasPrefix(set, bucket) && !filepath.IsAbs(set) && !strings.HasPrefix(set, "~/") {
		return errors.New("must be the absolute path of a folder, or s3://bucket/prefix, in quotes")
	}
	*into = set
	return nil
}

// setSize takes a number of bytes, or a text such as "2GB".
func setSize(into *optional.Value[int64], value any) error {
	switch value := value.(type) {
	case int64:
		if value >= 0 {
			*into = optional.Some(value)
			return nil
		}
	case string:
		if size, err := humanize.ParseBytes(value); err == nil && size <= math.MaxInt64 {
			*into = optional.Some(int64(size))
			return nil
		}
	}
	return errors.New(`must be a size such as "500MB", "2GB" or "1GiB"`)
}

// parse reads a config file into config.
func parse(config *Config, content []byte) []settings.Problem {
	found, invalid := settings.Parse(content)
	if invalid != nil {
		return []settings.Problem{*invalid}
	}
	var problems []settings.Problem
	known := entries()
	for _, s := range found {
		i := slices.IndexFunc(known, func(e entry) bool { return e.name == s.Name })
		if i < 0 {
			problems = append(problems, settings.Problem{Line: s.Line, Reason: settings.Unknown("setting", s.Name, entryNames(known))})
		} else if err := known[i].set(config, s.Value); err != nil {
			problems = append(problems, settings.Problem{Line: s.Line, Reason: s.Name + " " + err.Error()})
		}
	}
	return problems
}

func entryNames(entries []entry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	return names
}
