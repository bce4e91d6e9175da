package config

import "testing"

func TestWithoutSecrets(t *testing.T) {
	for command, want := range map[string]string{
		"":                                          "",
		`notify-send "$SBWATCH_SUMMARY"`:            `notify-send "$SBWATCH_SUMMARY"`,
		`notify-send "done: $SBWATCH_SUMMARY"`:      `notify-send xxxxx`,
		`/usr/local/bin/after-run --items 20`:       `/usr/local/bin/after-run --items xxxxx`,
		`~/bin/after-run ./out /tmp/x.csv -`:        `~/bin/after-run ./out /tmp/x.csv -`,
		`cp $HOME/a.csv "${HOME}/b/$NAME"`:          `cp $HOME/a.csv "${HOME}/b/$NAME"`,
		`curl -d "$SBWATCH_SUMMARY" ntfy.sh`:        `curl -d "$SBWATCH_SUMMARY" xxxxx`,
		`curl -d "$SBWATCH_SUMMARY" ntfy.sh/topic`:  `curl -d "$SBWATCH_SUMMARY" xxxxx`,
		`curl -fsS -X POST -d @- "$URL"`:            `curl -fsS -X POST -d @- "$URL"`,
		`curl -H 'Content-Type: application/json'`:  `curl -H 'Content-Type: application/json'`,
		`curl https://me:hunter2@x.example`:         `curl https://xxxxx@x.example`,
		`curl https://hooks.example/a/hunter2 -d x`: `curl https://hooks.example/xxxxx -d xxxxx`,
		`curl "https://x.example?key=hunter2"`:      `curl "https://x.example/xxxxx"`,
		`curl "https://hunter2 x.example/"`:         `curl "https://xxxxx/"`,
		`curl https://x.example:8080/`:              `curl https://x.example:8080/`,
		`curl https://x.example/$TOPIC`:             `curl https://x.example/$TOPIC`,
		`curl https://x.example/$TOPIC/hunter2`:     `curl https://x.example/xxxxx`,
		`curl x.example/?key=hunter2`:               `curl xxxxx`,
		`curl x.example/?a=b&hunter2=c&hunter2`:     `curl xxxxx&xxxxx&xxxxx`,
		`curl -b "sid=hunter2" --cookie=hunter2`:    `curl -b xxxxx --cookie=xxxxx`,
		`curl -b sid=hunter2;hunter2 x`:             `curl -b xxxxx;xxxxx xxxxx`,
		`curl -u me:hunter2 -ume:hunter2`:           `curl -u xxxxx -uxxxxx`,
		`mysql -phunter2 --password hunter2`:        `mysql -pxxxxx --password xxxxx`,
		`mysql -p=hunter2`:                          `mysql -p=xxxxx`,
		`sshpass -p hunter2 ssh me@x.example`:       `sshpass -p xxxxx xxxxx xxxxx`,
		`echo ${A:-hunter2} "${A:-hunter2}"`:        `echo xxxxx xxxxx`,
		`tell --api-key="hunter two" now`:           `tell --api-key=xxxxx xxxxx`,
		`tell --token $TOKEN --x="$TOKEN"`:          `tell --token $TOKEN --x="$TOKEN"`,
		`tell '$hunter2' \$hunter2 "\$hunter2"`:     `tell xxxxx xxxxx xxxxx`,
		`tell "hunter2`:                             `tell xxxxx`,
		`tell $(pass show hunter2) hunter2`:         `tell $(pass xxxxx xxxxx) xxxxx`,
		`TOKEN=$(cat /run/key) && tell`:             `TOKEN=$(cat /run/key) && tell`,
		`TOKEN=hunter2 B="hunter 2" tell a=hunter2`: `TOKEN=xxxxx B=xxxxx tell xxxxx`,
		`TOKENS=(hunter2 hunter2)`:                  `TOKENS=(xxxxx xxxxx)`,
		`env A=hunter2 sudo -u hunter2 tell`:        `env A=xxxxx sudo -u xxxxx xxxxx`,
		`sudo -phunter2 tell`:                       `sudo -pxxxxx xxxxx`,
		`export A=hunter2; tell >/dev/null 2>&1`:    `export A=xxxxx; tell >/dev/null 2>&1`,
		`if test -f /tmp/x; then tell hunter2; fi`:  `if test -f /tmp/x; then tell xxxxx; fi`,
		"tell | (cat) # hunter2; hunter2\nsend":     "tell | (cat) xxxxx\nsend",
		"tell \\\n\t--flag hunter2":                 "tell \\\n\t--flag xxxxx",
		"tell <<EOF\nhunter2\nEOF":                  "tell <<xxxxx",
		`tell <<<hunter2`:                           `tell <<xxxxx`,
		`tell --wsg_live_hunter2hunter2hunter2`:     `tell xxxxx`,
		`tell /0123456789abcdef0123456789abcdef`:    `tell xxxxx`,
		`0123456789abcdef0123456789abcdef`:          `xxxxx`,
	} {
		if got := WithoutSecrets(command); got != want {
			t.Errorf("%s is shown as\n%s, want\n%s", command, got, want)
		}
	}
}
