// Package chart draws numbers: a [Sparkline] of values, a [Bar] and a [Gauge] of one share, and a [Line] over time.
//
// Charts hold no state. Each is given the cells that it may take.
package chart
