package wire_test

import (
	"fmt"
	"strings"

	"sbwatch/api/wire"
)

func ExampleDecoder() {
	body := strings.NewReader(`{"status": "completed", "data": {"id": "k7Xb9dRmQ2p", "run_status": "completed",
		"result": {"pages": [{"items": [{"name": "Lamp"}, {"name": "Desk"}]}], "drift": 0.02}}}`)
	d := wire.NewDecoder(body, wire.Limits{}, nil)
	if err := d.Decode(); err != nil {
		fmt.Println(err)
		return
	}
	for i := range d.Items().Len() {
		fmt.Printf("%s\n", d.Items().Row(i))
	}
	answer, err := wire.ReadRun(d.Around())
	if err != nil {
		fmt.Println(err)
		return
	}
	drift, _ := answer.Run.Drift().Get()
	fmt.Println(answer.Run.ID, answer.Run.Status(), drift)
	fmt.Printf("%s\n", d.Around())
	// Output:
	// {"name": "Lamp"}
	// {"name": "Desk"}
	// k7Xb9dRmQ2p completed 0.02
	// {"status":"completed","data":{"id":"k7Xb9dRmQ2p","run_status":"completed","result":{"pages":[{"items":"2 items"}],"drift":0.02}}}
}
