// Package build reports the version of the program.
package build

import (
	"runtime/debug"
	"strings"
)

// Version returns the version of this build. For a build from a checkout, it returns "devel" and the commit instead.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return versionOf(info)
}

// Line returns the text that --version prints after the program name: the version and, if they are known, the commit
// and its date.
func Line() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Version()
	}
	return versionLineOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	v := "devel"
	if commit := commitOf(info); commit != "" {
		v += "-" + commit
	}
	if buildSetting(info, "vcs.modified") == "true" {
		v += "+changed"
	}
	return v
}

func versionLineOf(info *debug.BuildInfo) string {
	var details []string
	if commit := commitOf(info); commit != "" {
		details = append(details, "commit "+commit)
	}
	if date, _, ok := strings.Cut(buildSetting(info, "vcs.time"), "T"); ok {
		details = append(details, date)
	}
	if len(details) == 0 {
		return versionOf(info)
	}
	return versionOf(info) + " (" + strings.Join(details, ", ") + ")"
}

// commitOf returns the first 12 digits of the commit that was built, or "" if it is unknown.
func commitOf(info *debug.BuildInfo) string {
	commit := buildSetting(info, "vcs.revision")
	return commit[:min(12, len(commit))]
}

// buildSetting returns the value of a build setting that the Go toolchain recorded, such as "vcs.revision". It returns
// "" if the setting is missing.
func buildSetting(info *debug.BuildInfo, key string) string {
	for _, setting := range info.Settings {
		if setting.Key == key {
			return setting.Value
		}
	}
	return ""
}
