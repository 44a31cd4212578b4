# The two commands: `make up` and `make test`. Each is complete by itself; a second run takes seconds.
.DEFAULT_GOAL := help
.PHONY: help build up down test prove bench

# what is built is older than what it is built from: npm ci only when the lock changed, tsc only what changed
node_modules/.package-lock.json: package.json package-lock.json
	@sh sandbox/node-is-there.sh
	@echo "==> npm ci (about 30 s, once per lock file)"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build: node_modules/.package-lock.json
	@npx tsc -b

help:
	@echo "make up      three clusters on this machine with the dev environment on them"
	@echo "make down    destroy it and end every process that make up started; tools stay cached"
	@echo "make test    every promise of this repository; FRESH=1 also when nothing has changed since the last run"
	@echo "make prove   the long proofs, whole; rewrites docs/proof.md, docs/proof-conformance.md and docs/proof-truth.md"
	@echo "make bench   timings beside kubectl on the same objects"

up: build
	@node dist/lifecycle/make-up.js

down: build
	@node dist/lifecycle/make-down.js

test: build
	@node dist/proofs/test.js

prove: build
	@node dist/proofs/prove.js

bench: build
	@npm run --silent bench
