package history

import (
	"cmp"
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Unite combines two records of the same run. The result has each fact that only one record contains, and the samples
// and the request ids of both. If the records contradict each other, Unite prefers a record made after the end of the
// run. If both or neither were made then, it prefers a record with a profile of the items. If both or neither have a
// profile, it prefers the later record. The order of a and b matters only if both records were made at the same time.
func Unite(a, b *Record) *Record {
	winner, other := a, b
	if isBefore(winner, other) {
		winner, other = other, winner
	}
	united := *winner
	fillFacts(&united, other)
	if united.Warnings == nil {
		united.Warnings = other.Warnings
	}
	if len(united.Columns) == 0 {
		united.Columns = other.Columns
	}
	if len(united.Notes) == 0 {
		united.Notes = other.Notes
	}
	if united.Archive.IsEmpty() {
		united.Archive = other.Archive
	}
	united.Samples = uniteSamples(a.Samples, b.Samples)
	united.RequestIDs = uniteTexts(a.RequestIDs, b.RequestIDs)
	if other.RecordedAt.After(united.RecordedAt) {
		united.RecordedAt = other.RecordedAt
	}
	return &united
}

// isBefore reports whether Unite prefers the values of b to the values of a.
func isBefore(a, b *Record) bool {
	if a.Status.Terminal() != b.Status.Terminal() {
		return b.Status.Terminal()
	}
	if isProfiled, otherIsProfiled := len(a.Columns) > 0, len(b.Columns) > 0; isProfiled != otherIsProfiled {
		return otherIsProfiled
	}
	return b.RecordedAt.After(a.RecordedAt)
}

// fillFacts copies from source to r all fields that are unknown in r.
func fillFacts(r, source *Record) {
	fillText(&r.RecipeID, source.RecipeID)
	fillText(&r.Error, source.Error)
	fillText(&r.Mode, source.Mode)
	fillTime(&r.CreatedAt, source.CreatedAt)
	fillTime(&r.StartedAt, source.StartedAt)
	fillTime(&r.CompletedAt, source.CompletedAt)
	fill(&r.Pages, source.Pages)
	fill(&r.Items, source.Items)
	fill(&r.Credits, source.Credits)
	fill(&r.Drift, source.Drift)
	if r.Cut == run.CutNone {
		r.Cut = source.Cut
	}
}

func fill[T any](value *optional.Value[T], other optional.Value[T]) {
	if !value.Known() {
		*value = other
	}
}

func fillText(value *text.Text, other text.Text) {
	if value.IsEmpty() {
		*value = other
	}
}

func fillTime(value *time.Time, other time.Time) {
	if value.IsZero() {
		*value = other
	}
}

// uniteSamples returns the samples of both slices, sorted by time, with at most one sample for each time.
func uniteSamples(a, b []watch.Sample) []watch.Sample {
	samples := slices.Concat(a, b)
	slices.SortStableFunc(samples, func(x, y watch.Sample) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(y.Items, x.Items), cmp.Compare(y.Pages, x.Pages))
	})
	return slices.CompactFunc(samples, func(x, y watch.Sample) bool { return x.At.Equal(y.At) })
}

// uniteTexts returns the texts of both slices without duplicates, in the order of their first occurrence.
func uniteTexts(a, b []text.Text) []text.Text {
	seen := map[string]bool{}
	var united []text.Text
	for _, t := range slices.Concat(a, b) {
		if !seen[t.Raw()] {
			seen[t.Raw()] = true
			united = append(united, t)
		}
	}
	return united
}
