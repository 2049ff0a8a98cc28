# Everything sets itself up: `make run` does the main job, `make test` runs all tests.
.PHONY: run test lint fmt bench fuzz setup
CARGO ?= cargo
SECONDS ?= 60

run: setup
	$(CARGO) build -q --release --locked -p reprieve-cli
	rm -rf target/sample-case
	target/release/reprieve scan assets/samples/mail.log
	target/release/reprieve draft --out target/sample-case --company "Northwind Traders AB, Sweden" --domain northwind.example \
	  --operator "Fjord IT AB" --authority "write with its authority" --from "Maria Lind <maria.lind@fjordit.example>" --ref NW-1042 \
	  --mail-kind "person-to-person business mail and invoices, about 250 a day to iCloud; no newsletters" \
	  --cause "one account abused 2026-10-03 07:50 to 09:20" --fixed "2026-10-03 14:40 password reset, sessions ended, queue purged" \
	  assets/samples/mail.log
	@echo; cat target/sample-case/ticket.txt

setup:
	@sh tests/setup.sh

test: setup
	@sh tests/run.sh

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy -q --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc -q --workspace --no-deps --document-private-items --locked

fmt:
	$(CARGO) fmt --all

# Ratios against rg over a generated log, in one run. BENCH_MB=100 makes it shorter.
bench:
	@sh tests/setup.sh bench
	$(CARGO) build -q --release --locked -p reprieve-cli
	$(CARGO) bench -q --locked -p scan --bench reading

# Needs a nightly toolchain and cargo-fuzz; `make test` replays the seeds through the same laws.
fuzz:
	@sh tests/setup.sh fuzz
	cd fuzz && for target in line cuts reply rules; do \
	  mkdir -p corpus/$$target && $(CARGO) +nightly fuzz run $$target corpus/$$target seeds/$$target -- -max_total_time=$(SECONDS) || exit 1; done
