# Everything sets itself up: `make run` does the main job, `make test` runs all tests.
.PHONY: documents run sample figures release test lint fmt bench fuzz page screenshots recorded deb
CARGO ?= cargo
SECONDS ?= 60

# The window on the bundled sample; without a display the same job on the command line.
run:
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  sh tests/setup.sh window && $(MAKE) -s page && $(CARGO) run --locked -p reprieve-window -- assets/samples/mail.log; \
	else \
	  echo "There is no display, so the command line does the job."; sh tests/setup.sh && $(MAKE) -s sample; \
	fi

sample:
	$(CARGO) build -q --release --locked -p reprieve-cli
	rm -rf target/sample-case
	target/release/reprieve scan assets/samples/mail.log
	target/release/reprieve draft --out target/sample-case --company "Northwind Traders AB, Sweden" --domain northwind.example \
	  --operator "Fjord IT AB" --authority "write with its authority" --from "Maria Lind <maria.lind@fjordit.example>" --ref NW-1042 \
	  --mail-kind "person-to-person business mail and invoices, about 250 a day to iCloud; no newsletters" \
	  --cause "one account abused 2026-10-03 07:50 to 09:20" --fixed "2026-10-03 14:40 password reset, sessions ended, queue purged" \
	  assets/samples/mail.log
	@echo; cat target/sample-case/ticket.txt

test:
	@sh tests/setup.sh test
	@sh tests/run.sh

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy -q --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc -q --workspace --no-deps --document-private-items --locked

fmt:
	$(CARGO) fmt --all

# The page that the window shows, built from ui/.
page: ui/node_modules/.package-lock.json
	@npm --prefix ui run --silent build -- --logLevel warn

ui/node_modules/.package-lock.json: ui/package-lock.json
	npm --prefix ui ci --no-audit --no-fund

# Pictures of every screen, in light and dark, small and large. Ordinary test runs do not change them.
screenshots: page
	@sh tests/setup.sh test
	SCREENSHOTS=$(CURDIR)/docs/screenshots $(CARGO) test -q --locked --test window screenshots

# The answers that the page is tested with in a browser, and the shapes that it shares with Rust.
recorded:
	UPDATE=1 $(CARGO) test -q --locked -p desk shapes
	UPDATE=1 $(CARGO) test -q --locked --test commands recorded

# Start, memory, frames and time to verdict of the release window. LOG=FILE names a large log to read.
figures: page
	@sh tests/setup.sh test
	$(CARGO) build -q --release --locked -p reprieve-window
	python3 tests/window/figures.py $(LOG)

# A Debian package of the window, in target/released, built with the profile of `make release`.
deb: page
	@sh tests/setup.sh window
	CARGO=$(CARGO) sh tests/release.sh --window

# The command line as it is released, target/released/reprieve: built twice, so that it reads a fifth faster.
release:
	@sh tests/setup.sh
	CARGO=$(CARGO) sh tests/release.sh

# Ratios against rg and pflogsumm over a generated log, in one run, of the program as it is released but for documents.
# BENCH_MB=100 makes it shorter.
bench:
	@sh tests/setup.sh bench
	CARGO=$(CARGO) sh tests/release.sh --no-default-features
	$(CARGO) bench -q --locked -p scan --bench reading
	$(CARGO) bench -q --locked -p providers --bench replies

# How long all documents of a case take, and how much memory.
documents:
	$(CARGO) build -q --release --locked -p reprieve-cli
	python3 tests/documents/figures.py

# Needs a nightly toolchain and cargo-fuzz; `make test` replays the seeds through the same laws.
fuzz:
	@sh tests/setup.sh fuzz
	cd fuzz && for target in line cuts reply rules spf walk dkim dmarc; do \
	  mkdir -p corpus/$$target && $(CARGO) +nightly fuzz run $$target corpus/$$target seeds/$$target -- -max_total_time=$(SECONDS) || exit 1; done
