#!/bin/sh
# Lint and all tests, and one closing line that counts them.
set -u
log=$(mktemp)
trap 'rm -f "$log"' EXIT
make --no-print-directory lint || { echo "lint failed"; exit 1; }
cargo build -q --workspace --locked || exit 1
target/debug/reprieve providers check || exit 1
# One program after another: the lab counts seconds.
RUST_BACKTRACE=0 cargo test --workspace --locked --no-fail-fast -- --nocapture > "$log" 2>&1
status=$?
[ "$status" = 0 ] || cat "$log"
grep -E '^(test result|SKIPPED|[a-z0-9]+\.log: )' "$log"
passed=$(sed -n 's/^test result: .* \([0-9]*\) passed;.*/\1/p' "$log" | awk "{sum += \$1} END {print sum + 0}")
failed=$(sed -n 's/^test result: .*; \([0-9]*\) failed;.*/\1/p' "$log" | awk "{sum += \$1} END {print sum + 0}")
skipped=$(grep -c '^SKIPPED' "$log")
echo "$((passed - skipped)) passed, $failed failed, $skipped skipped"
[ "$status" = 0 ] || exit 1
[ "${CI:-}" != true ] || [ "$skipped" = 0 ]
