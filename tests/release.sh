#!/bin/sh
# Builds the command line as it is released, target/released/reprieve: once to see it read logs, and again with what was
# seen, so that what happens often lies close together. With --no-default-features documents are left out; with --window
# the window is built with what was seen, as a Debian package in target/released.
# Where Rust's own llvm-profdata cannot be had, everything is built once, as cargo does it.
set -eu
cd "$(dirname "$0")/.."
cargo=${CARGO:-cargo}
host=$(rustc -vV | sed -n 's/^host: //p')
profdata=$(rustc --print sysroot)/lib/rustlib/$host/bin/llvm-profdata
work=$PWD/target/profile
what=${1:---features=default}
mkdir -p target/released "$work"

build() {
    RUSTFLAGS="${RUSTFLAGS:-} $1" "$cargo" build -q --release --locked -p reprieve-cli --target "$host" --target-dir "$work/$2" "$3"
}

package() {
    RUSTFLAGS="${RUSTFLAGS:-} $1" CARGO_TARGET_DIR="$work/$2" ui/node_modules/.bin/tauri build --bundles deb --target "$host"
    cp "$work/$2/$host"/release/bundle/deb/*.deb target/released/
}

[ -x "$profdata" ] || rustup component add llvm-tools > /dev/null 2>&1 || true
if [ ! -x "$profdata" ]; then
    echo "rustup component add llvm-tools did not work: the program is built without a profile and reads a fifth more slowly." >&2
    if [ "$what" = --window ]; then
        package "" plain
        exit 0
    fi
    "$cargo" build -q --release --locked -p reprieve-cli "$what"
    cp target/release/reprieve target/released/reprieve
    exit 0
fi

# The first build is for reading only: documents are not what takes time.
build "-Cprofile-generate=$work/raw" first --no-default-features
first=$work/first/$host/release/reprieve

# What it reads: both families, a newer stamp, a packed log, the samples; other logs than those of `make bench`.
look() {
    for kind in postfix exim; do
        [ -f "$work/$kind.log" ] || "$cargo" run -q --release --locked -p scan --example generate -- $kind 40 3 "$work/$kind.log"
    done
    sed -E 's/^Dec  1 ([0-9:]+) /2026-12-01T\1.123456+01:00 /' "$work/postfix.log" > "$work/modern.log"
    head -c 20000000 "$work/postfix.log" | gzip > "$work/packed.log.gz"
    id=$(sed -n '100000,$ s/.*: \([0-9A-F]*\): message-id=.*/\1/p' "$work/postfix.log" | head -n 1)
    for log in postfix.log exim.log modern.log packed.log.gz; do
        "$first" scan --json --redact recipients --tz UTC "$work/$log" > /dev/null
    done
    "$first" scan --redact recipients --tz UTC assets/samples/* > /dev/null
    "$first" scan --redact recipients --message "$id" "$work/postfix.log" > /dev/null
    "$first" explain "550 5.7.1 [HCM2] Your mail from 203.0.113.25 was rejected" > /dev/null
}

# cargo does not know that what was seen has changed: the second build is begun anew with it.
if [ ! "$work/seen.profdata" -nt "$first" ]; then
    rm -rf "$work/raw" "$work/second"
    look
    "$profdata" merge -o "$work/seen.profdata" "$work/raw"
fi
if [ "$what" = --window ]; then
    package "-Cprofile-use=$work/seen.profdata" second
    exit 0
fi
build "-Cprofile-use=$work/seen.profdata" second "$what"
cp "$work/second/$host/release/reprieve" target/released/reprieve
