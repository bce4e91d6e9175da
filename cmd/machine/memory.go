// Package machine measures the memory of the machine and limits the memory of the process.
package machine

import (
	"bytes"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// unknownMemory is the number of bytes that Memory returns if it cannot find out how much memory the machine has.
const unknownMemory = 4 << 30

// Memory returns how much memory this process may use, in bytes. This is the memory of the machine or, if it is lower,
// the memory limit of the control group (a container). root is the root file system of a Linux machine. On other
// systems Memory returns 4 GiB.
func Memory(root fs.FS) int64 {
	memory := int64(unknownMemory)
	if total := physicalMemory(root); total > 0 {
		memory = total
	}
	groups, _ := fs.ReadFile(root, "proc/self/cgroup") // missing on other systems
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		switch {
		case parts[0] == "0": // version 2 of control groups
			memory = min(memory, groupMemory(root, "sys/fs/cgroup", parts[2], "memory.max", memory))
		case strings.Contains(","+parts[1]+",", ",memory,"):
			memory = min(memory, groupMemory(root, "sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes", memory))
		}
	}
	return memory
}

// physicalMemory returns the memory of the machine in bytes, or 0 if it is unknown.
func physicalMemory(root fs.FS) int64 {
	text, _ := fs.ReadFile(root, "proc/meminfo")
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == "MemTotal:" && fields[2] == "kB" {
			kilobytes, err := strconv.ParseInt(fields[1], 10, 48)
			if err != nil {
				return 0
			}
			return kilobytes << 10
		}
	}
	return 0
}

// groupMemory returns the minimum of limit and the memory limits of a control group and its parents, in bytes. mount is
// the directory of the control groups. file is the name of the file that contains the limit of a group. In a container,
// mount may have no directory for the group. In that case, groupMemory uses the file in mount itself.
func groupMemory(root fs.FS, mount, group, file string, limit int64) int64 {
	for group = path.Clean("/" + group); ; group = path.Dir(group) {
		text, err := fs.ReadFile(root, path.Join(mount, group, file))
		if err == nil {
			own, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64) // "max" stands for no limit and is not a number
			if err == nil && own > 0 {
				limit = min(limit, own)
			}
		}
		if group == "/" {
			return limit
		}
	}
}
