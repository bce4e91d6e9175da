package cmd

import (
	"runtime/debug"
	"strings"
)

// version returns the version of this build: that of the module, or "devel" with the commit of a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return versionOf(info)
}

// versionLine returns what --version prints after the program's name: the version, and the commit and its date where
// the build recorded them.
func versionLine() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version()
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

// commitOf returns the first 12 digits of the commit that the build was made from, or "".
func commitOf(info *debug.BuildInfo) string {
	commit := buildSetting(info, "vcs.revision")
	return commit[:min(12, len(commit))]
}

// buildSetting returns the value of a setting that the Go toolchain recorded in the program, or "".
func buildSetting(info *debug.BuildInfo, key string) string {
	for _, setting := range info.Settings {
		if setting.Key == key {
			return setting.Value
		}
	}
	return ""
}
