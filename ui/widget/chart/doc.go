// Package chart draws numbers as charts. [Sparkline], [Bars] and [Series] draw columns, [Line] draws a count over time,
// and [Bar], [Gauge] and [Progress] draw a share of a whole.
//
// Charts hold no state. The caller says how many cells a chart may take.
package chart
