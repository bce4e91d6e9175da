package columns

import "sbwatch/model/baseline"

// SetChanges sets how the run compares with earlier runs of its recipe; nil if that is not known.
func (t *Tab) SetChanges(judgment *baseline.Judgment) {
	t.changes = nil
	if judgment != nil {
		t.changes = judgment.Changes
	}
	t.listEntries()
}
