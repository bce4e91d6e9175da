// Sbwatch is a terminal dashboard for SmartBrowse runs. It shows runs while they are in progress, and lets the user
// browse the items that they have extracted.
package main

import (
	"os"

	"sbwatch/cmd"
)

func main() { os.Exit(cmd.Main(cmd.ThisProcess())) }
