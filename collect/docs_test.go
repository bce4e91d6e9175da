package collect

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// metricNames returns the full names of all metrics, such as sbwatch_runs.
func metricNames(t *testing.T) []string {
	t.Helper()
	descriptions := make(chan *prometheus.Desc, 100)
	NewMetrics("test").registry.Describe(descriptions)
	close(descriptions)
	quoted := regexp.MustCompile(`fqName: "(\w+)"`)
	var names []string
	for d := range descriptions {
		names = append(names, quoted.FindStringSubmatch(d.String())[1])
	}
	return names
}

// named returns the names of metrics that occur in a text.
func named(text string) []string {
	return regexp.MustCompile(`sbwatch_[a-z0-9_]+`).FindAllString(text, -1)
}

// isMetric reports whether name is a metric, or one of the series of a histogram.
func isMetric(name string, metrics []string) bool {
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if base, isPart := strings.CutSuffix(name, suffix); isPart && base == "sbwatch_poll_duration_seconds" {
			return true
		}
	}
	return slices.Contains(metrics, name)
}

// TestDashboard checks that the dashboard can be imported, names only metrics that exist, and shows all of them.
func TestDashboard(t *testing.T) {
	content, err := os.ReadFile("../docs/grafana-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Title         string
		UID           string
		SchemaVersion int
		Panels        []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(content, &dashboard); err != nil {
		t.Fatal(err)
	}
	if dashboard.Title == "" || dashboard.UID == "" || dashboard.SchemaVersion == 0 || len(dashboard.Panels) == 0 {
		t.Errorf("incomplete: %+v", dashboard)
	}
	metrics := metricNames(t)
	var shown []string
	ids := map[int]bool{}
	for _, p := range dashboard.Panels {
		if p.Title == "" || p.GridPos.W == 0 || p.GridPos.X+p.GridPos.W > 24 || ids[p.ID] || len(p.Targets) == 0 {
			t.Errorf("panel %+v", p)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			shown = append(shown, named(target.Expr)...)
			if strings.Count(target.Expr, "(") != strings.Count(target.Expr, ")") {
				t.Errorf("%s: parentheses of %s", p.Title, target.Expr)
			}
		}
	}
	for _, name := range shown {
		if !isMetric(name, metrics) {
			t.Errorf("the dashboard names %s, which is no metric", name)
		}
	}
	for _, name := range metrics {
		if !strings.Contains(string(content), name) {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

// TestDocumentedMetrics checks that the documentation names all metrics and no others.
func TestDocumentedMetrics(t *testing.T) {
	content, err := os.ReadFile("../docs/collect.md")
	if err != nil {
		t.Fatal(err)
	}
	metrics := metricNames(t)
	documented := named(string(content))
	for _, name := range documented {
		if !isMetric(name, metrics) {
			t.Errorf("%s is no metric", name)
		}
	}
	for _, name := range metrics {
		if !slices.Contains(documented, name) {
			t.Errorf("%s is not documented", name)
		}
	}
}
