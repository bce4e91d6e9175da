package ui

import (
	"testing"

	"sbwatch/ui/action"
)

// TestCatalogIsComplete visits all scenes and checks that the catalog has their actions, with the same keys.
func TestCatalogIsComplete(t *testing.T) {
	known := map[string]action.Action{}
	for name, table := range Catalog() {
		if len(table) < 5 {
			t.Errorf("%s has %d actions", name, len(table))
		}
		for _, a := range table {
			known[a.ID] = a
		}
	}
	for _, scene := range allScenes() {
		testScene(t, scene, func(t *testing.T, s *stage) {
			t.Helper()
			for _, a := range s.actions() {
				if listed, found := known[a.ID]; !found || a.KeyText() != listed.KeyText() {
					t.Errorf("%s has the action %s with the keys %s; in the catalog: %v %s", scene.name, a.ID, a.KeyText(), found, listed.KeyText())
				}
			}
		})
	}
}

// TestPresetsNameExistingActions checks the keys of presets as if a user had written them.
func TestPresetsNameExistingActions(t *testing.T) {
	for _, name := range action.Presets() {
		preset := action.Preset(name)
		valid, problems := preset.Check(Catalog())
		if len(valid) != len(preset) || len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
