package cmd

import (
	"testing"
)

func TestLightBackgroundIsGuessed(t *testing.T) {
	for value, want := range map[string]bool{
		"0;15": true, "0;default;15": true, "0;7": true,
		"15;0": false, "7;8": false, "": false, "nonsense": false, "0;default": false, "0;230": false,
	} {
		if got := isLightBackground(value); got != want {
			t.Errorf("COLORFGBG=%q: light %v, want %v", value, got, want)
		}
	}
}
