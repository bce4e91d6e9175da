package sqlstore

import (
	stdjson "encoding/json"
	"fmt"

	"github.com/go-json-experiment/json"

	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// storedColumn is the JSON of a column that is stored with its run. The JSON is short, because the runs of one query
// can have tens of thousands of columns.
type storedColumn struct {
	Name string `json:"n"`
	// Place is left out if the column is a top-level key. The field Name is then the name of the key.
	Place     stdjson.RawMessage     `json:"p,omitempty"`
	Of        int                    `json:"o"`
	Covered   int                    `json:"c"`
	Missing   int                    `json:"m,omitzero"`
	Null      int                    `json:"u,omitzero"`
	Empty     int                    `json:"e,omitzero"`
	Types     map[string]int         `json:"t,omitempty"`
	Distinct  int                    `json:"d"`
	Estimated bool                   `json:"a,omitzero"`
	Numbers   *profile.NumberSummary `json:"x,omitempty"`
	Dates     *profile.DateSummary   `json:"w,omitempty"`
}

// formatColumns returns columns in their stored form.
func formatColumns(columns []profile.ColumnSummary) (string, error) {
	stored := make([]storedColumn, len(columns))
	for i := range columns {
		c := &columns[i]
		stored[i] = storedColumn{
			Name: storable(c.Name.Raw()), Of: c.Of, Covered: c.Covered, Missing: c.Missing, Null: c.Null, Empty: c.Empty,
			Types: c.Types, Distinct: c.Distinct.N, Estimated: c.Distinct.Estimated, Numbers: c.Numbers, Dates: c.Dates,
		}
		if c.Path == placeOf(stored[i].Name) {
			continue
		}
		place, err := stdjson.Marshal(c.Path)
		if err != nil {
			return "", err
		}
		stored[i].Place = place
	}
	content, err := json.Marshal(stored)
	return string(content), err
}

// parseColumns parses the result of formatColumns.
func parseColumns(content string) ([]profile.ColumnSummary, error) {
	var stored []storedColumn
	if err := json.Unmarshal([]byte(content), &stored); err != nil {
		return nil, fmt.Errorf("the history is damaged: column \"profile\" of table \"runs\": %w", err)
	}
	if len(stored) == 0 {
		return nil, nil
	}
	columns := make([]profile.ColumnSummary, len(stored))
	for i := range stored {
		s := &stored[i]
		columns[i] = profile.ColumnSummary{
			Path: placeOf(s.Name), Name: text.NewText(s.Name), Of: s.Of, Covered: s.Covered, Missing: s.Missing, Null: s.Null, Empty: s.Empty,
			Types: s.Types, Distinct: profile.Amount{N: s.Distinct, Estimated: s.Estimated}, Numbers: s.Numbers, Dates: s.Dates,
		}
		if len(s.Place) == 0 {
			continue
		}
		if err := stdjson.Unmarshal(s.Place, &columns[i].Path); err != nil {
			return nil, fmt.Errorf("the history is damaged: column \"profile\" of table \"runs\": %w", err)
		}
	}
	return columns, nil
}

// placeOf returns the [item.Place] of a top-level key.
func placeOf(name string) item.Place { return item.PlaceOf(item.PathOf(name)) }
