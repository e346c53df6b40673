# test, bench and package install what they need; demo says what is missing.
#
#   make demo            a contract is sent, signed, pushed back and saved, in C (PDF=some.pdf: your own)
#   make demo-rust       the same in Rust; likewise demo-php, demo-java, demo-dotnet
#   make test            everything is checked; ends with a line of counts
#   make bench           speeds and sizes, ours beside others'
#   make package         what is shipped, in target/package, and tried; says for which platforms nothing was built
#   make natives         the library for all five platforms, the platform for three, each of them run
#   make corpus-sign DIR=folder    every PDF of a folder goes through the platform: what became of each
#   make corpus CORPUS=folder    every signed PDF of a folder is verified: agreement with its expected.json

PDF ?= examples/contract.pdf

.PHONY: demo test bench package natives corpus corpus-sign
demo: demo-c

demo-%:
	@scripts/demo $* "$(PDF)"

test:
	@scripts/setup
	@scripts/test

bench:
	@scripts/setup
	@scripts/bench

package:
	@scripts/setup
	@scripts/build-natives own
	@set -e; for script in scripts/package-*; do echo "== $$script"; $$script; done
	@scripts/sums
	@scripts/test-packages

natives:
	@scripts/setup
	@scripts/build-natives
	@scripts/build-servers
	@scripts/test-natives
	@scripts/test-windows
	@scripts/test-windows-units
	@scripts/test-windows-server

corpus:
	@test -f "$(CORPUS)/expected.json" || { echo "name a folder with expected.json: make corpus CORPUS=folder"; exit 2; }
	@cargo run --quiet --example verify_corpus -- "$(CORPUS)" $(ONLY)

corpus-sign:
	@test -d "$(DIR)" || { echo "name a folder of PDFs: make corpus-sign DIR=folder"; exit 2; }
	@cargo build --quiet --workspace
	@scripts/corpus-sign "$(DIR)" $(PASSWORD)
