package wire

import (
	"strings"
	"testing"
	"testing/iotest"
)

// TestFieldsOfARunAreBounded checks the limits on the fields of an answer and on the texts derived from them.
func TestFieldsOfARunAreBounded(t *testing.T) {
	nested := strings.Repeat("[", 1000) + strings.Repeat("1,", 100_000) + "1" + strings.Repeat("]", 1000)
	long := strings.Repeat("é", 1<<20)
	text := `{"data":{"id":"` + long + `","run_status":"failed","error":"` + long + `","x":` + nested +
		`,"result":{"warnings":[` + strings.Repeat(`"",`, 500_000) + `""]}},"request_id":"` + long + `"}`
	answer, problem := ReadRun([]byte(text))
	if problem != nil {
		t.Fatal(problem)
	}
	for what, field := range map[string]struct{ got, limit int }{
		"id":         {len(answer.Run.ID.Raw()), maxID + 10},
		"error":      {len(answer.Run.Error.Raw()), maxText + 10},
		"request id": {len(answer.RequestID.Raw()), maxID + 10},
		"envelope":   {len(answer.Envelope.Raw()), maxIndented},
		"warnings":   {len(answer.Run.Warnings().Or(nil)), maxTexts + 1},
	} {
		if field.got == 0 || field.got > field.limit {
			t.Errorf("%s: %d, want at most %d", what, field.got, field.limit)
		}
	}
	if last := answer.Run.Warnings().Or(nil)[maxTexts].Raw(); last != "490,001 more were left out" {
		t.Errorf("the last warning is %q", last)
	}
}

// TestLayingOutIsBounded checks that JSON that would become too large when indented is returned unchanged.
func TestLayingOutIsBounded(t *testing.T) {
	deep := strings.Repeat("[", indentLevels) + strings.Repeat("1,", 1_000_000) + "1" + strings.Repeat("]", indentLevels)
	if got := Indent([]byte(deep)).Raw(); got != deep {
		t.Errorf("%d bytes became %d", len(deep), len(got))
	}
	shallow := "[" + strings.Repeat("1,", 1000) + "1]"
	if got := Indent([]byte(shallow)).Raw(); strings.Count(got, "\n") < 1000 {
		t.Errorf("%d lines", strings.Count(got, "\n"))
	}
}

func TestDecoderSkipsValuesInParts(t *testing.T) {
	for _, value := range []string{`{"a":["}\"]",{}],"b":"\\"}`, `"a\"b"`, `-12.5e3`, `[[],[[]]]`, `null`} {
		w := Window{read: newPieces(iotest.OneByteReader(strings.NewReader(value + ` ,"rest"`))).read, beforeRead: func() {}}
		if err := w.Skip(); err != nil {
			t.Errorf("%s: %v", value, err)
		}
		if next, err := w.Next(); next != ',' || err != nil {
			t.Errorf("%s: behind it %q, %v", value, next, err)
		}
	}
}
