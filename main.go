// Sbwatch is a terminal dashboard for SmartBrowse runs: it watches them live, then browses what they extracted.
package main

import (
	"os"

	"sbwatch/cmd"
)

func main() { os.Exit(cmd.Main(cmd.ThisProcess())) }
