package config

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestExampleIsValid removes the comment signs from the example file and reads it.
func TestExampleIsValid(t *testing.T) {
	var lines []string
	for _, line := range strings.Split(Example(), "\n")[1:] {
		lines = append(lines, strings.TrimPrefix(line, "# "))
	}
	config, problems := read(t, strings.Join(lines, "\n"), "")
	if len(problems) > 0 {
		t.Fatalf("got the problems %q", problems)
	}
	for _, v := range config.Values(func(string) string { return "" }) {
		if v.Source == "default" || v.Value == "" {
			t.Errorf("the example does not set %s", v.Name)
		}
	}
	if _, problems := read(t, Example(), ""); len(problems) > 0 {
		t.Errorf("with comments it has the problems %q", problems)
	}
}

func TestSchemaHasAllSettings(t *testing.T) {
	var root struct {
		Properties map[string]struct {
			Properties map[string]any
		}
	}
	if err := json.Unmarshal([]byte(Schema()), &root); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries() {
		table, name, nested := strings.Cut(e.name, ".")
		if _, found := root.Properties[table]; !found || nested && root.Properties[table].Properties[name] == nil {
			t.Errorf("%s is missing", e.name)
		}
	}
}

func TestValuesHideThePassword(t *testing.T) {
	config, _ := read(t, `history.url = "postgres://me:hunter2@host/db"`, "")
	for _, v := range config.Values(func(string) string { return "" }) {
		if strings.Contains(v.Value, "hunter2") {
			t.Errorf("%s shows the password", v.Name)
		}
	}
}
