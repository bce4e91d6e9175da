package cmd

import (
	"testing"
	"testing/fstest"

	"sbwatch/api/wire"
)

func TestMachineMemory(t *testing.T) {
	const meminfo = "MemTotal:        8000000 kB\nMemFree:  1 kB\n"
	const total = 8_000_000 << 10
	for what, test := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"another system":      {nil, unknownMemory},
		"a machine":           {map[string]string{"proc/meminfo": meminfo}, total},
		"broken":              {map[string]string{"proc/meminfo": "MemTotal: x kB\n", "proc/self/cgroup": "0\n\n"}, unknownMemory},
		"version 2, no limit": {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "max\n"}, total},
		"version 2":           {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "512000000\n"}, 512_000_000},
		"version 2, the group above": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/memory.max": "1000\n", "sys/fs/cgroup/a/b/memory.max": "2000\n",
		}, 1000},
		"version 2, a container": {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/../../x\n", "sys/fs/cgroup/memory.max": "3000\n"}, 3000},
		"version 1": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu,cpuacct:/\n4:memory:/docker/1\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "4000\n",
		}, 4000},
		"version 1, no limit": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "4:memory:/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
		}, total},
	} {
		root := fstest.MapFS{}
		for name, text := range test.files {
			root[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := machineMemory(root); got != test.want {
			t.Errorf("%s: %d, want %d", what, got, test.want)
		}
	}
}

func TestLimitsOfAMachine(t *testing.T) {
	for _, test := range []struct {
		flags   limitFlags
		machine int64
		want    wire.Limits
	}{
		{limitFlags{}, 16 << 30, wire.Limits{Body: maxDefaultBody, Memory: 8 << 30}},
		{limitFlags{}, 1 << 30, wire.Limits{Body: 1 << 30, Memory: 512 << 20}},
		{limitFlags{}, 1000, wire.Limits{Body: 1000, Memory: minMemory}},
		{limitFlags{body: 5000, memory: 9 << 30}, 1 << 30, wire.Limits{Body: 5000, Memory: 9 << 30}},
	} {
		if got := test.flags.of(test.machine, false); got != test.want {
			t.Errorf("%+v of %d: %+v, want %+v", test.flags, test.machine, got, test.want)
		}
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{
		"2GB": 2_000_000_000, "500MB": 500_000_000, "1GiB": 1 << 30, "1.5 gb": 1_500_000_000, "20000000": 20_000_000,
		"": 0, "0": 0, "1MB": 0, "-1GB": 0, "x": 0, "99999EB": 0,
	} {
		var got int64
		err := (&sizeValue{&got, minMemory}).Set(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
}
