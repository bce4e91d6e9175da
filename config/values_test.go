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

func TestValuesHideSecrets(t *testing.T) {
	for setting, want := range map[string]string{
		`history.url = "postgres://me:hunter2@host/db"`:               "postgres://me:xxxxx@host/db",
		`history.url = "postgres://host/db?user=me&password=hunter2"`: "postgres://host/db?password=xxxxx&user=me",
		`history.archive = "s3://me:hunter2@bucket/x"`:                "s3://xxxxx@bucket/x",
		`history.archive = "/data/a@b"`:                               "/data/a@b",
		`history.endpoint = "https://me:hunter2@s3.example.com"`:      "https://xxxxx@s3.example.com",
		`history.endpoint = "me:hunter2@s3.example.com"`:              "xxxxx@s3.example.com",
		`history.endpoint = "https://s3.example.com:9000"`:            "https://s3.example.com:9000",
		`notify.post = "https://me:hunter2@host/hunter2?x=hunter2"`:   "host",
	} {
		config, problems := read(t, setting, "")
		name, _, _ := strings.Cut(setting, " ")
		for _, v := range config.Values(func(string) string { return "" }) {
			if v.Name == name && v.Value != want {
				t.Errorf("%s is shown as %q, want %q", setting, v.Value, want)
			}
		}
		if len(problems) > 0 {
			t.Errorf("%s has the problems %q", setting, problems)
		}
	}
}
