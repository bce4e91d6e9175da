package main

import (
	"context"
	"time"

	"sbwatch/bench/answers"
	"sbwatch/bench/report"
	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/query"
)

// searches is the number of repetitions of each search. The median time is reported.
const searches = 5

// search measures case-insensitive searches of all columns, without a cache.
func (m *measuring) search() {
	for _, needle := range answers.Needles() {
		q, err := search.Parse(needle.Text)
		var took []time.Duration
		for range searches {
			began := time.Now()
			if err == nil {
				_, err = query.Run(context.Background(), m.items, query.Query{Filters: []item.Filter{q}}, nil, nil)
			}
			took = append(took, time.Since(began))
		}
		if m.err == nil {
			m.err = err
		}
		m.time("search/"+needle.Name, report.Median(took))
	}
}

// profile measures how long it takes to profile all columns.
func (m *measuring) profile() {
	began := time.Now()
	_, err := query.Profile(context.Background(), m.items, nil)
	took := time.Since(began)
	if m.err == nil {
		m.err = err
	}
	m.time("profile", took)
}
