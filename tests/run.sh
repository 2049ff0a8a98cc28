#!/bin/sh
# Lint and all tests, and one closing line that counts them.
set -u
log=$(mktemp)
trap 'rm -f "$log" "$log.page"' EXIT
make -s page || exit 1
npm --prefix ui run --silent check || { echo "the page's check failed"; exit 1; }
NO_COLOR=1 npm --prefix ui run --silent test > "$log.page" 2>&1
page=$?
[ "$page" = 0 ] || cat "$log.page"
make -s lint || { echo "lint failed"; exit 1; }
# One program after another: the lab counts seconds.
RUST_BACKTRACE=0 cargo test --workspace --locked --no-fail-fast -- --nocapture > "$log" 2>&1
status=$?
[ "$status" = 0 ] || cat "$log"
target/debug/reprieve providers check || exit 1
grep -E '^(test result|SKIPPED|[a-z0-9]+\.log: )' "$log"
count() { sed -n "$1" "$2" | awk '{sum += $1} END {print sum + 0}'; }
page_passed=$(count 's/^ *Tests .* \([0-9]*\) passed.*/\1/p; s/^ *Tests  *\([0-9]*\) passed.*/\1/p' "$log.page")
page_failed=$(count 's/^ *Tests  *\([0-9]*\) failed.*/\1/p' "$log.page")
echo "page: $page_passed passed, $page_failed failed"
passed=$(count 's/^test result: .* \([0-9]*\) passed;.*/\1/p' "$log")
failed=$(count 's/^test result: .*; \([0-9]*\) failed;.*/\1/p' "$log")
skipped=$(grep -c '^SKIPPED' "$log")
echo "$((passed + page_passed - skipped)) passed, $((failed + page_failed)) failed, $skipped skipped"
[ "$status" = 0 ] && [ "$page" = 0 ] || exit 1
[ "${CI:-}" != true ] || [ "$skipped" = 0 ]
