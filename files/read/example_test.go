package read_test

import (
	"fmt"
	"strings"

	"sbwatch/files/read"
)

func ExampleOpen() {
	file := strings.NewReader("name,price\nLamp,19.5\nDesk,\n")
	answer, err := read.Open(file, read.Options{Name: "items.csv"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := range answer.Items.Len() {
		fmt.Printf("%s\n", answer.Items.Row(i))
	}
	// Output:
	// {"name":"Lamp","price":19.5}
	// {"name":"Desk","price":null}
}
