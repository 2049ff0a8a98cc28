#!/bin/sh
# Installs what the build and the tests need and the machine lacks; without root it prints the line to run.
# `setup.sh window`, `test`, `bench` and `fuzz` ask for what only those need.
set -eu
need=""
wants() { PATH="$PATH:/usr/sbin" command -v "$1" > /dev/null || need="$need $2"; }
wants_package() { dpkg -s "$1" > /dev/null 2>&1 || need="$need $1"; }
wants_node() { command -v npm > /dev/null || { echo "Node 20 or newer with npm is needed: https://nodejs.org"; exit 1; }; }
wants cc build-essential
case "${1:-}" in
window)
    wants_node
    wants pkg-config pkg-config
    wants_package libwebkit2gtk-4.1-dev
    ;;
test)
    wants_node
    wants pkg-config pkg-config
    wants xz xz-utils
    wants bzip2 bzip2
    wants unshare util-linux
    wants ip iproute2
    wants Xvfb xvfb
    wants openbox openbox
    wants knotd knot
    wants unbound unbound
    wants dovecot dovecot-imapd
    wants openssl openssl
    wants valgrind valgrind
    wants pdftotext poppler-utils
    wants qpdf qpdf
    wants xdotool xdotool
    wants import imagemagick
    wants WebKitWebDriver webkit2gtk-driver
    for package in libwebkit2gtk-4.1-dev fonts-dejavu-core python3-gi python3-jsonschema python3-authres python3-dkim python3-nacl gir1.2-gtk-3.0; do wants_package $package; done
    ;;
bench)
    wants rg ripgrep
    wants pflogsumm pflogsumm
    wants python3 python3
    ;;
fuzz)
    command -v cargo-fuzz > /dev/null || { echo "Please run: cargo install cargo-fuzz --locked && rustup toolchain install nightly"; exit 1; }
    ;;
esac
command -v cargo > /dev/null || { echo "Rust 1.95 or newer is needed: https://rustup.rs"; exit 1; }
[ -z "$need" ] && exit 0
line="apt-get install -y --no-install-recommends$need"
if [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive $line
elif sudo -n true 2> /dev/null; then
    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive $line
else
    echo "Please run: sudo $line"
    exit 1
fi
