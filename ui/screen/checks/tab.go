// Package checks implements the Checks tab. It lists the rules for a run, with the limit of each rule and the result.
//
// [Tab.Judge] checks the items once they are profiled. If the user gave no rules, the tab suggests rules that the run
// meets.
package checks

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/widget/list"
)

// Rules returns the rules for the runs of a recipe.
type Rules func(recipe text.Text) rules.Set

// Tab is the Checks tab of a run.
type Tab struct {
	env  screen.RunEnv
	area image.Rectangle
	// rules returns the user's rules for a recipe. rules is nil if the user gave none.
	rules Rules

	run     run.Run
	items   item.Table
	judging screen.Job

	isJudged bool
	verdicts []rules.Verdict
	// suggested is the text of a rules file with the suggested rules. It is "" if the user gave rules.
	suggested string
	// command is the command line that writes a rules file for the run. It may be empty.
	command string

	list list.List
}

// New returns the tab for a run. userRules returns the user's rules for a recipe. userRules is nil if the user gave
// none.
func New(env screen.RunEnv, userRules Rules) Tab { return Tab{env: env, rules: userRules} }

// ShowWarningsMsg asks to open the Warnings tab.
type ShowWarningsMsg struct{}

// JudgedMsg carries the verdicts on a run.
type JudgedMsg struct {
	generation int
	verdicts   []rules.Verdict
	suggested  string
}

// Reset removes the verdicts.
func (t *Tab) Reset() {
	t.judging.Stop()
	t.isJudged, t.verdicts, t.suggested, t.list = false, nil, "", list.List{}
}

// Judge returns a command that checks a profiled run against the rules for a recipe. command is the command line that
// writes a rules file for the run; it may be empty.
func (t *Tab) Judge(r run.Run, recipe text.Text, p *profile.Profile, command string) tea.Cmd {
	t.Reset()
	t.run, t.items, t.command = r, p.Items(), command
	var set rules.Set
	if t.rules != nil {
		set = t.rules(recipe)
	}
	r.RecipeID = recipe
	ctx, progress, generation := t.judging.Begin(t.env.Env, "checking rules")
	subject := rules.Subject{Run: r, Profile: p, Duplicates: func(path item.Path) (profile.Duplicates, error) {
		return query.Duplicates(ctx, p.Items(), path, progress)
	}}
	return t.env.Cmd(func() tea.Msg {
		msg := JudgedMsg{generation: generation}
		if len(set) == 0 {
			msg.suggested = rules.Suggest(subject)
			if file, problems := rules.ParseFile([]byte(msg.suggested)); len(problems) == 0 {
				set = file.For(recipe)
			}
		}
		var err error
		if msg.verdicts, err = rules.Judge(set, subject); err != nil {
			return nil // the program is quitting, or newer items have arrived
		}
		return msg
	})
}

// Judged stores the verdicts of msg and returns true. If they are outdated, Judged ignores them and returns false.
func (t *Tab) Judged(msg JudgedMsg) bool {
	if !t.judging.Done(msg.generation) {
		return false
	}
	t.isJudged, t.verdicts, t.suggested = true, msg.verdicts, msg.suggested
	t.list = list.List{}
	t.list.SetLen(len(t.verdicts))
	return true
}

// SetArea sets the area that the tab draws in, and scrolls so that the cursor is visible.
func (t *Tab) SetArea(area image.Rectangle) {
	t.area = area
	t.list.Follow(t.layout().list)
}

// Job returns the tab's background job.
func (t *Tab) Job() *screen.Job { return &t.judging }

// Count returns the number of rules that the user gave, the number of broken rules, and the number of rules that warn.
// All are 0 before the run is judged.
func (t *Tab) Count() (given, broken, warning int) {
	if t.suggested != "" {
		return 0, 0, 0
	}
	for _, v := range t.verdicts {
		switch {
		case v.Level.IsBroken():
			broken++
		case v.Level == rules.Warns:
			warning++
		}
	}
	return len(t.verdicts), broken, warning
}

// Position describes the position of the cursor.
func (t *Tab) Position() string { return t.list.Position() }

// Actions lists the available actions.
func (t *Tab) Actions() action.Table {
	title, open := t.step()
	copied := "copy"
	if t.suggested != "" {
		copied = "copy rules"
	}
	return append(action.Moves(t.move, true, false),
		action.Action{
			ID: "checks.open", Group: action.GroupView, Title: title, Keys: []string{"enter"}, Rank: 3, Enabled: open != nil, Run: open,
		},
		action.Action{
			ID: "checks.copy", Group: action.GroupExport, Title: copied, Keys: []string{"y"}, Rank: 4, Enabled: t.isJudged && len(t.verdicts) > 0,
			Run: t.copy,
		},
	)
}

// step returns the action that Enter runs for the rule at the cursor, and the title of this action. open is nil if
// there is nothing to show.
func (t *Tab) step() (title string, open func() tea.Cmd) {
	title = "show items"
	v, found := t.Selected()
	if !found {
		return title, nil
	}
	switch {
	case v.Filter != nil:
		return title, func() tea.Cmd { return t.env.Send(finding.ShowItemsMsg{Filter: v.Filter, Column: t.pathOf(v.Rule)}) }
	case len(v.Pages) > 0:
		return "show page", func() tea.Cmd { return t.env.Send(finding.ShowPageMsg{Page: v.Pages[0]}) }
	case v.Rule.Kind == rules.NoWarnings && v.Level != rules.Holds:
		return "show warnings", func() tea.Cmd { return t.env.Send(ShowWarningsMsg{}) }
	default:
		return title, nil
	}
}

// pathOf returns the path of the column that a rule checks. If the rule checks a nested field, pathOf returns the path
// of the column that contains this field.
func (t *Tab) pathOf(rule rules.Rule) optional.Value[item.Path] {
	if !rule.Kind.OfColumn() {
		return optional.Value[item.Path]{}
	}
	place, found := t.items.FindPlace(rule.Column.Raw())
	if !found {
		return optional.Value[item.Path]{}
	}
	return optional.Some(place.Column())
}

// copy copies the text of the rules file with the suggested rules or, if the user gave rules, the verdict at the
// cursor.
func (t *Tab) copy() tea.Cmd {
	if t.suggested != "" {
		return screen.Copy(t.env.Env, "the suggested rules as TOML", t.suggested)
	}
	v := t.verdicts[t.list.Cursor()]
	return screen.Copy(t.env.Env, "the rule", v.Level.String()+"  "+v.Rule.String()+"  "+v.Found)
}

func (t *Tab) move(m cursor.Move) tea.Cmd {
	t.list.Move(m, t.layout().list)
	return nil
}

// Selected returns the verdict at the cursor. It returns false if there is none.
func (t *Tab) Selected() (rules.Verdict, bool) {
	if t.list.Cursor() >= len(t.verdicts) {
		return rules.Verdict{}, false
	}
	return t.verdicts[t.list.Cursor()], true
}
