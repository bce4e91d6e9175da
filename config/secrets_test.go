package config

import "testing"

func TestWithoutSecrets(t *testing.T) {
	for command, want := range map[string]string{
		"":                                          "",
		`notify-send "$SBWATCH_SUMMARY"`:            `notify-send "$SBWATCH_SUMMARY"`,
		`/usr/local/bin/after-run --items 20`:       `/usr/local/bin/after-run --items 20`,
		`curl -d "$SBWATCH_SUMMARY" ntfy.sh`:        `curl -d "$SBWATCH_SUMMARY" ntfy.sh`,
		`curl https://me:hunter2@x.example`:         `curl https://xxxxx@x.example`,
		`curl https://hooks.example/a/hunter2 -d x`: `curl https://hooks.example/xxxxx -d x`,
		`curl "https://x.example?key=hunter2"`:      `curl "https://x.example/xxxxx"`,
		`curl https://x.example/`:                   `curl https://x.example/`,
		`curl https://x.example/$TOPIC`:             `curl https://x.example/$TOPIC`,
		`curl -u me:hunter2 x.example`:              `curl -u xxxxx x.example`,
		`curl -ume:hunter2 x.example`:               `curl -uxxxxx x.example`,
		`curl --user 'me:hunter2' x.example`:        `curl --user 'xxxxx' x.example`,
		`tell --token hunter2 now`:                  `tell --token xxxxx now`,
		`tell --api-key="hunter two" now`:           `tell --api-key=xxxxx now`,
		`tell --token $TOKEN now`:                   `tell --token $TOKEN now`,
		`tell --token "$TOKEN" now`:                 `tell --token "$TOKEN" now`,
		`SLACK_TOKEN=hunter2 tell`:                  `SLACK_TOKEN=xxxxx tell`,
		`DB_PASSWORD='hunter2' tell`:                `DB_PASSWORD=xxxxx tell`,
		`curl -H "X-Api-Key: hunter2" x`:            `curl -H "X-Api-Key: xxxxx" x`,
		`curl -H "Authorization: Bearer hunter2" x`: `curl -H "Authorization: xxxxx" x`,
		`curl -H "Authorization: Token hunter2" x`:  `curl -H "Authorization: xxxxx" x`,
		`curl -H 'Cookie: a=hunter2; b=3' x`:        `curl -H 'Cookie: xxxxx' x`,
		`curl -H "X-Auth: hunter2" x`:               `curl -H "X-Auth: xxxxx" x`,
		`curl -d '{"token": "hunter2"}' x`:          `curl -d '{"token": xxxxx}' x`,
		`curl -d "{\"token\":\"hunter2\"}" x`:       `curl -d "{\"token\":xxxxx}" x`,
		`curl -u "me:hunter two" x.example`:         `curl -u "xxxxx" x.example`,
		`curl me:hunter2@x.example`:                 `curl xxxxx@x.example`,
		`curl https://x.example/$TOPIC/hunter2`:     `curl https://x.example/xxxxx`,
		`DB_PASS=hunter2 tell --pass hunter2`:       `DB_PASS=xxxxx tell --pass xxxxx`,
		`TOKEN="a\"hunter2" tell`:                   `TOKEN=xxxxx tell`,
		`curl x.example?key=hunter2`:                `curl x.example?key=xxxxx`,
		`tell --key hunter2 now`:                    `tell --key xxxxx now`,
		`tell --token=hunter\ two now`:              `tell --token=xxxxx now`,
		`PASS='hunter'two tell`:                     `PASS=xxxxx tell`,
		`TOKEN=${TOKEN:-hunter2} tell`:              `TOKEN=xxxxx tell`,
		`TOKEN=${TOKEN} tell`:                       `TOKEN=${TOKEN} tell`,
		`mysql -u me -phunter2 -e "$SBWATCH_ID"`:    `mysql -u me -pxxxxx -e "$SBWATCH_ID"`,
		`sshpass -p hunter2 ssh x mkdir -p y`:       `sshpass -p xxxxx ssh x mkdir -p y`,
		`tell --compass 3 --author me`:              `tell --compass 3 --author me`,
		`tell ghp_hunter2hunter2`:                   `tell xxxxx`,
		`tell wsg_live_hunter2hunter2`:              `tell xxxxx`,
		`tell 0123456789abcdef0123456789abcdef`:     `tell xxxxx`,
		`echo a-long-name-without-any-digits`:       `echo a-long-name-without-any-digits`,
	} {
		if got := WithoutSecrets(command); got != want {
			t.Errorf("%s is shown as\n%s, want\n%s", command, got, want)
		}
	}
}
