// Package wire decodes answers of SmartBrowse of any size from JSON. It does not depend on HTTP.
//
// An answer is an envelope around data. The data of a poll may contain hundreds of thousands of items, which a
// [Decoder] moves into a table while the answer arrives. The rest of the answer is a small JSON object, which [ReadRun]
// parses:
//
//	d := wire.NewDecoder(body, wire.Limits{}, nil)
//	err := d.Decode()
//	items := d.Items()
//	answer, err := wire.ReadRun(d.Around())
//
// The service may leave out any field. A field that is missing or has an unexpected type is unknown; that is never an
// error. An error sent by the service is a [Refusal]. [Limits] limits the memory and the size of one answer.
package wire
