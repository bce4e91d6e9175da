// Package wire decodes the answers of SmartBrowse from JSON, however large they are, without knowing how they were sent.
//
// An answer is an envelope around data. The data of a poll may hold hundreds of thousands of items, which a [Decoder] moves into a
// table while the answer arrives. What remains is a small JSON object, which [ReadRun] parses:
//
//	d := wire.NewDecoder(body, wire.Limits{}, nil)
//	err := d.Decode()
//	items := d.Items()
//	answer, err := wire.ReadRun(d.Around())
//
// The service may leave out any field. A missing field, or one of an unexpected type, is unknown and never an error. Errors
// of the service are a [Refusal]. [Limits] bounds what one answer may take.
package wire
