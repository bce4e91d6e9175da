package filter

import "testing"

func TestSyntaxParses(t *testing.T) {
	for _, form := range Syntax() {
		if _, err := Parse(form.Text); err != nil {
			t.Errorf("%s: %v", form.Text, err)
		}
	}
}
