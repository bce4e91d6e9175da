// Package config reads the settings of the user: from the environment, and from a config file in TOML.
//
// The environment takes precedence over the file. What is wrong in either is a [settings.Problem] and does not stop anything: the setting
// keeps its default.
package config

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"sbwatch/model/optional"
	"sbwatch/settings"
)

// HistoryURLVariable is the environment variable that selects the history.
const HistoryURLVariable = "SBWATCH_HISTORY_URL"

// Config are the settings.
type Config struct {
	History History
	// Theme is the name of the theme; empty for the default.
	Theme string
}

// History are the settings of the history.
type History struct {
	// Enabled is whether runs are recorded.
	Enabled bool
	// URL is the database; empty for the one on this machine.
	URL DatabaseURL
	// IsURLWrong means that an address was given that cannot be read, so that where the history is remains unknown.
	IsURLWrong bool
	// Archive is the folder or the bucket ("s3://bucket/prefix") of the items; empty for a folder beside the database on this
	// machine.
	Archive string
	// Endpoint is the address of an S3-compatible service; empty for that of AWS.
	Endpoint string
	// KeepItems is the maximum size of the archive in bytes; unknown means no limit, 0 that no items are kept.
	KeepItems optional.Value[int64]
}

// maxFile is the maximum size of a config file, in bytes.
const maxFile = 1 << 20

// Read reads the settings. path is the config file, which need not exist; empty means none. getenv returns the value of an
// environment variable.
func Read(path string, getenv func(name string) string) (Config, []settings.Problem) {
	config := Config{History: History{Enabled: true}}
	problems := readFile(&config, path)
	if address := getenv(HistoryURLVariable); address != "" {
		parsed, err := ParseDatabaseURL(address)
		config.History.IsURLWrong = err != nil
		if err != nil {
			problems = append(problems, settings.Problem{Reason: HistoryURLVariable + " " + err.Error()})
		} else {
			config.History.URL = parsed
		}
	}
	if name := getenv(ThemeVariable); name != "" {
		config.Theme = name
	}
	return config, problems
}

// readFile reads a config file into config.
func readFile(config *Config, path string) []settings.Problem {
	if path == "" {
		return nil
	}
	content, err := readAtMost(path, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		reason := err
		if failure, ok := errors.AsType[*fs.PathError](err); ok {
			reason = failure.Err
		}
		return []settings.Problem{{File: path, Reason: "the config file cannot be read: " + reason.Error()}}
	case len(content) > maxFile:
		return []settings.Problem{{File: path, Reason: "it is too large for a config file"}}
	}
	problems := parse(config, content)
	for i := range problems {
		problems[i].File = path
	}
	return problems
}

// readAtMost reads at most limit+1 bytes of a regular file.
func readAtMost(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file") // reading a pipe might wait forever
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, limit+1))
}
