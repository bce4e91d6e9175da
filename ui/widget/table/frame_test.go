package table

import (
	"image"
	"testing"
)

