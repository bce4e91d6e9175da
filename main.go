// Sbwatch is a terminal dashboard for SmartBrowse runs. It shows runs while they are in progress, and lets the user
// browse the extracted items.
package main

import (
	"os"

	"sbwatch/cmd"
)

func main() { os.Exit(cmd.Main(cmd.ThisProcess())) }
