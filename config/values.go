package config

import (
	"encoding/json"
	"fmt"
	"strings"

	"sbwatch/model/rules"
)

// Value is a setting with its current value, for display.
type Value struct {
	Name string
	// Value is the current value as printable text. It is "" if the setting has no value. It contains no password.
	Value string
	// Source is the origin of the value: "default", "line 3" or the name of an environment variable.
	Source string
}

// Values returns the settings with their values: first those with fixed names, then keys and rules in the order of the
// file. It does not return the defaults of flags, because only the commands know which of them are valid. getenv
// returns the value of an environment variable.
func (c *Config) Values(getenv func(name string) string) []Value {
	var values []Value
	for _, e := range entries() {
		value := Value{Name: e.name, Value: e.value(c), Source: SourceDefault}
		if line, found := c.sources[e.name]; found {
			value.Source = SourceLine(line)
		}
		if variable := variableOf(e.name); variable != "" && getenv(variable) != "" {
			value.Source = variable
		}
		values = append(values, value)
	}
	for _, b := range c.Keys.Bindings {
		values = append(values, Value{"keys." + b.Action, strings.Join(b.Keys, " "), SourceLine(b.Line)})
	}
	for _, s := range c.rules {
		values = append(values, Value{s.Name, valueText(s.Value), SourceLine(s.Line)})
	}
	return values
}

// valueText returns a TOML value as text. The list ["a", "b"] becomes "a b", and an empty list becomes "none".
func valueText(value any) string {
	list, isList := value.([]any)
	if !isList {
		return fmt.Sprint(value)
	}
	if len(list) == 0 {
		return "none"
	}
	var texts []string
	for _, element := range list {
		texts = append(texts, fmt.Sprint(element))
	}
	return strings.Join(texts, " ")
}

// SourceDefault is the [Value.Source] of a setting that is not set.
const SourceDefault = "default"

// SourceLine returns the [Value.Source] for a line of the config file.
func SourceLine(line int) string { return fmt.Sprintf("line %d", line) }

// variableOf returns the name of the environment variable for a setting. It returns "" if the setting has no variable.
func variableOf(name string) string {
	switch name {
	case "theme":
		return ThemeVariable
	case "history.url":
		return HistoryURLVariable
	case "notify.post":
		return PostURLVariable
	default:
		return ""
	}
}

// Example returns a config file with all settings that have a fixed name, and with examples for keys and flags. All its
// lines are comments.
func Example() string {
	var b strings.Builder
	b.WriteString("# Settings of sbwatch. Remove the # before a setting to use it.\n")
	table := ""
	for _, e := range entries() {
		above, name := "", e.name
		if at := strings.LastIndexByte(name, '.'); at >= 0 {
			above, name = name[:at], name[at+1:]
		}
		if above != table {
			fmt.Fprintf(&b, "\n# [%s]\n", above)
			table = above
		}
		fmt.Fprintf(&b, "# %s = %s  # %s\n", name, e.example, e.help)
		if e.name == "keys.preset" {
			b.WriteString("# search = \"ctrl+s\"  # an action and its keys: run sbwatch config keys to list the actions\n")
		}
	}
	b.WriteString("\n# [rules]\n# min-items = { warn = 80, fail = 50 }  # a rule for the runs of all recipes, as in sbwatch check\n" +
		"# coverage.price = 0.9  # if there are rules, sbwatch run, watch and collect check completed runs\n" +
		"# recipe.m3Yc2tFvN8q.unique = [\"sku\"]  # for the runs of one recipe\n")
	b.WriteString("\n# [flags]\n# interval = \"5s\"  # the default of a flag, for all commands that have it\n" +
		"# watch.max-concurrent = 3  # for one command\n")
	return b.String()
}

// schema is a JSON schema or a part of one.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	Defs        map[string]*schema `json:"$defs,omitempty"`
	Type        any                `json:"type,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	// Additional is the schema for properties that Properties does not name, or false if no other properties are
	// allowed.
	Additional any `json:"additionalProperties,omitempty"`
}

// Schema returns a JSON schema of the config file, which editors can use.
func Schema() string {
	root := newObject("settings of sbwatch")
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	for _, e := range entries() {
		table, path := root, strings.Split(e.name, ".")
		for _, name := range path[:len(path)-1] {
			if table.Properties[name] == nil {
				table.Properties[name] = newObject("")
			}
			table = table.Properties[name]
		}
		table.Properties[path[len(path)-1]] = &schema{Description: e.help, Type: typeOf(e)}
	}
	root.Properties["keys"].Additional = &schema{
		Description: "keys of an action: run sbwatch config keys to list the actions", Type: []string{"string", "array", "object"},
	}
	flags := newObject("defaults of flags, for all commands or by command")
	flags.Additional = &schema{
		Description: "value of a flag, or the flags of a command", Type: []string{"string", "number", "boolean", "array", "object"},
	}
	root.Properties["flags"] = flags
	every := newRules("rules for the items of runs")
	every.Properties["recipe"] = newObject("rules for the runs of one recipe, by recipe id")
	every.Properties["recipe"].Additional = newRules("")
	root.Properties["rules"] = every
	root.Defs = map[string]*schema{"limits": newLimits()}
	text, _ := json.MarshalIndent(root, "", "  ")
	return string(text) + "\n"
}

// newRules returns a schema for a TOML table of rules.
func newRules(description string) *schema {
	table := newObject(description)
	for _, kind := range rules.Kinds() {
		one := &schema{Ref: "#/$defs/limits"}
		switch {
		case kind == rules.Unique:
			one = &schema{Type: []string{"string", "array", "boolean", "object"}, Items: &schema{Type: "string"}}
		case kind.OfColumn():
			one = &schema{Type: []string{"object", "boolean"}, Additional: &schema{Ref: "#/$defs/limits"}}
		}
		table.Properties[kind.String()] = one
	}
	return table
}

// newLimits returns the schema for the limits of a rule, such as 80 or { warn = 80, fail = 50 }.
func newLimits() *schema {
	one := &schema{Type: []string{"number", "string", "boolean"}}
	return &schema{
		Description: "limit at which the rule fails, such as 80, or a table of two limits, such as { warn = 80, fail = 50 }; false disables the rule",
		Type:        []string{"number", "string", "boolean", "object"},
		Properties:  map[string]*schema{"warn": one, "fail": one}, Additional: false,
	}
}

func newObject(description string) *schema {
	return &schema{Description: description, Type: "object", Properties: map[string]*schema{}, Additional: false}
}

// typeOf returns the type of a setting for the schema. It derives the type from the example of the setting.
func typeOf(e entry) any {
	switch {
	case e.example == "true":
		return "boolean"
	case e.name == "history.keep_items":
		return []string{"string", "integer"}
	default:
		return "string"
	}
}
