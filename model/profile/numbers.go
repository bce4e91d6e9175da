package profile

import (
	"math"
	"strconv"
	"strings"

	"sbwatch/model"
)

// numberText writes a number for people: as many places as matter, thousands apart.
func numberText(x float64) string {
	size := math.Abs(x)
	if size != 0 && (size >= 1e12 || size < 1e-3) {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	places := 2
	if size >= 1000 || x == math.Trunc(x) {
		places = 0
	}
	text := strconv.FormatFloat(x, 'f', places, 64)
	if places > 0 {
		return strings.TrimSuffix(text, "0")
	}
	whole, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	return model.Count(whole)
}
