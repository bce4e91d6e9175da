package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sbwatch/model/optional"
	"sbwatch/model/rules"
	"sbwatch/model/text"
	"sbwatch/notify"
	"sbwatch/notify/alert"
)

func read(t *testing.T, content, environment string) (Config, []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	config, problems := Read(path, func(name string) string {
		return map[string]string{HistoryURLVariable: environment, ThemeVariable: ""}[name]
	})
	var said []string
	for _, p := range problems {
		said = append(said, strings.TrimPrefix(p.String(), path+": "))
	}
	return config, said
}

func TestRead(t *testing.T) {
	const whole = `
[history]
url = "postgres://me:secret@db.example/sbwatch" # shared
archive = "s3://bucket/items"
endpoint = "http://127.0.0.1:7070"
keep_items = "2GB"
enabled = false
[notify]
terminal = "always"
exec = "notify-send \"$SBWATCH_SUMMARY\""
post = "https://hooks.example/secret"
post_format = "slack"
`
	post, err := notify.ParseURL("https://hooks.example/secret")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content, environment string
		want                 Config
		problems             []string
	}{
		"nothing": {"", "", Config{History: History{Enabled: true}}, nil},
		"everything": {whole, "", Config{History: History{
			URL: DatabaseURL{"postgres://me:secret@db.example/sbwatch"}, Archive: "s3://bucket/items", Endpoint: "http://127.0.0.1:7070",
			KeepItems: optional.Some(int64(2_000_000_000)),
		}, Notify: Notify{Terminal: alert.Always, Exec: `notify-send "$SBWATCH_SUMMARY"`, Post: post, Format: notify.FormatSlack}}, nil},
		"wrong notifications": {
			"[notify]\nterminal = true\nexec = \" \"\npost = \"secret\"\npost_format = \"xml\"\n", "",
			Config{History: History{Enabled: true}},
			[]string{
				"line 2: notify.terminal must be auto, always or never",
				"line 3: notify.exec must be a command line, in quotes",
				`line 4: notify.post must be a URL such as "https://hooks.example.com/x"`,
				"line 5: notify.post_format must be json or slack",
			},
		},
		"other ways to write it": {"\ufeffhistory = { keep_items = 0 }", "", Config{History: History{Enabled: true, KeepItems: optional.Some(int64(0))}}, nil},
		"keys": {
			"[keys]\npreset = 'emacs'\nfind.search = 'ctrl+s'\nsearch = ['/', 'ctrl+r']\nexport = []\nquit = 1\n", "",
			Config{History: History{Enabled: true}, Keys: Keys{Preset: "emacs", Bindings: []Binding{
				{Action: "find.search", Keys: []string{"ctrl+s"}, Line: 3},
				{Action: "search", Keys: []string{"/", "ctrl+r"}, Line: 4},
				{Action: "export", Line: 5},
			}}},
			[]string{`line 6: keys.quit must be a key such as "ctrl+s", or a list of keys; [] for none`},
		},
		"flags": {
			"[flags]\ninterval = '5s'\nwatch.max-concurrent = 3\ncheck.json = true\nyes = []\nwatch.post = 'https://hooks.example/secret'\ncolumns = ['name', 'a,b']\n", "",
			Config{History: History{Enabled: true}, Flags: []Flag{
				{Name: "interval", Value: "5s", Line: 2},
				{Command: "watch", Name: "max-concurrent", Value: "3", Line: 3},
				{Command: "check", Name: "json", Value: "true", Line: 4},
				{Name: "columns", Value: `name,"a,b"`, IsList: true, Line: 7},
			}},
			[]string{
				`line 5: flags.yes must be the value of a flag: text, a number, true or false, or a list of texts`,
				`line 6: flags.watch.post may contain a secret: set notify.post instead`,
			},
		},
		"the environment wins": {
			`history.url = "postgres://file/x"`, "postgresql://environment/x",
			Config{History: History{Enabled: true, URL: DatabaseURL{"postgresql://environment/x"}}},
			nil,
		},
		"the environment replaces a wrong address": {
			"history = {url = 1}", "postgres://environment/x",
			Config{History: History{Enabled: true, URL: DatabaseURL{"postgres://environment/x"}}},
			[]string{`line 1: history.url must be the address of a PostgreSQL database, such as "postgres://user@host/database"`},
		},
		"a wrong address in the environment": {
			`history.url = "postgres://file/x"`, "mysql://environment/x",
			Config{History: History{Enabled: true, URL: DatabaseURL{"postgres://file/x"}, IsURLWrong: true}},
			[]string{`SBWATCH_HISTORY_URL must be the address of a PostgreSQL database, such as "postgres://user@host/database"`},
		},
		"wrong entries": {
			"[history]\nkeep_item = 1\n\nenabled = \"yes\"\nkeep_items = \"much\"\nurl = \"mysql://me:secret@host\"\narchive = 1\n[theme]\nname = \"x\"\n", "nonsense secret",
			Config{History: History{Enabled: true, IsURLWrong: true}},
			[]string{
				`line 2: there is no setting "history.keep_item": did you mean history.keep_items?`,
				`line 4: history.enabled must be true or false`,
				`line 5: history.keep_items must be a size such as "500MB", "2GB" or "1GiB"`,
				`line 6: history.url must be the address of a PostgreSQL database, such as "postgres://user@host/database"`,
				`line 7: history.archive must be the absolute path of a folder, or s3://bucket/prefix, in quotes`,
				`line 9: there is no setting "theme.name": did you mean theme?`,
				`SBWATCH_HISTORY_URL must be the address of a PostgreSQL database, such as "postgres://user@host/database"`,
			},
		},
		"no TOML": {"[history]\nenabled = maybe\n", "", Config{History: History{Enabled: true}}, []string{
			"line 2: unexpected character U+006D 'm' at start of value: the line is ignored",
		}},
		"an address that cannot be read": {"theme = 'nord'\n[history]\nurl = \"postgres://host/x\nkeep_items = 0\n", "", Config{
			History: History{Enabled: true, IsURLWrong: true, KeepItems: optional.Some(int64(0))}, Theme: "nord",
		}, []string{"line 3: basic strings cannot have new lines: the line is ignored"}},
		"array of tables": {
			"[[history]]\nenabled = false\nurl = 'postgres://db.example/x'\n[[rules]]\nmin-items = 1\n", "",
			Config{History: History{Enabled: true, IsURLWrong: true}},
			[]string{"line 1: write [history] instead of [[history]]: the section is ignored", "line 4: write [rules] instead of [[rules]]: the section is ignored"},
		},
		"suggestions": {
			"interval = '5s'\n[falgs]\njson = true\n[history]\nwhere = 1\n[watch]\njson = true\n", "",
			Config{History: History{Enabled: true}},
			[]string{
				`line 1: there is no setting "interval": defaults of flags belong in the section [flags]`,
				`line 3: there is no setting "falgs.json": did you mean flags.json?`,
				`line 5: there is no setting "history.where": history has enabled, url, archive, endpoint, keep_items`,
				`line 7: there is no setting "watch.json": defaults of flags belong in the section [flags]`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			config, problems := read(t, test.content, test.environment)
			for i := range config.Keys.Bindings {
				config.Keys.Bindings[i].File = ""
			}
			for i := range config.Flags {
				config.Flags[i].File = ""
			}
			config.file, config.sources, config.rules, config.Rules = "", nil, nil, rules.File{}
			if !reflect.DeepEqual(config, test.want) {
				t.Errorf("got %+v, want %+v", config, test.want)
			}
			if got, want := strings.Join(problems, "\n"), strings.Join(test.problems, "\n"); got != want {
				t.Errorf("got the problems\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestReadRules(t *testing.T) {
	config, problems := read(t, `
[rules]
min-items = { warn = 80, fail = 50 }
unique = ["sku", "url"]
min-item = 1
coverage.price = 1.5
"coverage"."dims.w" = "50%"
[rules.recipe."a b"]
unique = []
max-drift = 0.3
[rule]
max-items = 1
`, "")
	for recipe, want := range map[string]string{
		"":    "[min-items 80/50 coverage dims.w 0.5 unique sku unique url]",
		"a b": "[min-items 80/50 coverage dims.w 0.5 max-drift 0.3]",
	} {
		if got := fmt.Sprint(config.Rules.For(text.NewText(recipe))); got != want {
			t.Errorf("%q: got %s, want %s", recipe, got, want)
		}
	}
	want := []string{
		`line 5: no rule "min-item": did you mean min-items?`,
		"line 6: coverage: 1.5 is more than 1 (1 means all items)",
		`line 12: there is no setting "rule.max-items": did you mean rules.max-items?`,
	}
	if got := strings.Join(problems, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got the problems\n%s", got)
	}
	var shown []string
	for _, v := range config.Values(func(string) string { return "" }) {
		if strings.HasPrefix(v.Name, "rules.") {
			shown = append(shown, v.Name+" "+v.Value+" "+v.Source)
		}
	}
	if got := strings.Join(shown, "|"); got != "rules.min-items.warn 80 line 3|rules.min-items.fail 50 line 3|rules.unique sku url line 4|"+
		"rules.coverage.dims.w 50% line 7|rules.recipe.a b.unique none line 9|rules.recipe.a b.max-drift 0.3 line 10" {
		t.Errorf("shows %s", got)
	}
}

// If only a part of a rule is valid, this part counts and is shown.
func TestReadParts(t *testing.T) {
	config, problems := read(t, `
[rules]
min-items = { warn = 80, fail = "x" }
unique = ["sku", 5]
max-items = { warn = 90, fail = 50 }
`, "")
	if got := fmt.Sprint(config.Rules.For(text.Text{})); got != "[min-items 80/ unique sku]" {
		t.Errorf("got the rules %s", got)
	}
	want := []string{
		`line 3: min-items: "x" is not a number`,
		"line 4: unique needs the names of columns in quotes",
		"line 5: max-items: the warn limit 90 has no effect, because the fail limit 50 is reached first",
	}
	if got := strings.Join(problems, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got the problems\n%s", got)
	}
	var shown []string
	for _, v := range config.Values(func(string) string { return "" }) {
		if strings.HasPrefix(v.Name, "rules.") {
			shown = append(shown, v.Name+" "+v.Value)
		}
	}
	if got := strings.Join(shown, "|"); got != "rules.min-items.warn 80|rules.unique sku" {
		t.Errorf("shows %s", got)
	}
}

func TestReadWithoutFile(t *testing.T) {
	none := func(string) string { return "" }
	for _, path := range []string{"", filepath.Join(t.TempDir(), "nowhere", "config.toml")} {
		if _, problems := Read(path, none); len(problems) > 0 {
			t.Errorf("%q: got the problems %v", path, problems)
		}
	}
	folder := t.TempDir()
	if _, problems := Read(folder, none); len(problems) != 1 || problems[0].String() != folder+": the config file cannot be read: it is a folder" {
		t.Errorf("a folder: got the problems %v", problems)
	}
}

func TestDatabaseURLHidesPassword(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://me@host/db":                              "postgres://me@host/db",
		"postgres://me:hunter2@host:5432/db?sslmode=require": "postgres://me:xxxxx@host:5432/db?sslmode=require",
		"postgres://host/db?user=me&password=hunter2":        "postgres://host/db?password=xxxxx&user=me",
	} {
		parsed, err := ParseDatabaseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		for _, shown := range []string{fmt.Sprint(parsed), fmt.Sprintf("%v", parsed), fmt.Sprintf("%+v", History{URL: parsed}.URL), fmt.Sprintf("%#v", parsed)} {
			if shown != want {
				t.Errorf("got %s, want %s", shown, want)
			}
		}
		if parsed.Raw() != address {
			t.Errorf("got %s, want it unchanged", parsed.Raw())
		}
	}
}

func TestPostURLFromEnvironment(t *testing.T) {
	for address, want := range map[string]string{"https://hooks.example/secret": "hooks.example", "secret": "", "": ""} {
		config, problems := Read("", func(name string) string {
			if name == PostURLVariable {
				return address
			}
			return ""
		})
		if got := config.Notify.Post.String(); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
		if isWrong := address == "secret"; isWrong != (len(problems) == 1) || strings.Contains(fmt.Sprint(problems), "secret") {
			t.Errorf("%q: got the problems %v", address, problems)
		}
	}
}
