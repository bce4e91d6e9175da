# The usual commands. Each works from a fresh clone with nothing installed but Go.

.PHONY: build test race lint ci golden docs pictures bench licenses snapshot

build: ## build ./sbwatch
	go build .

test: ## all tests
	go test ./...

race: ## all tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race ./...

lint: ## formatting and lint, as .ci/run does
	.ci/run lint

ci: ## everything that a change must pass
	.ci/run

golden: ## rewrite the golden files from what the code draws now; read the diff before you commit it
	go test ./ui/... -update

docs: pictures ## generate the reference of flags, keys and settings from the code, and draw the pictures
	go test ./cmd -run TestReferenceIsUpToDate -update

pictures: ## draw the pictures of the documents and the animated demo from the real screens
	go test ./internal/pictures -update

bench: ## benchmarks, as ratios within one run
	bench/run

licenses: ## rewrite THIRD_PARTY_LICENSES from the modules that are linked in
	.ci/licenses > THIRD_PARTY_LICENSES

snapshot: ## build the release archives and packages without publishing them (needs goreleaser)
	goreleaser release --snapshot --clean
