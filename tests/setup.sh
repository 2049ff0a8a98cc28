#!/bin/sh
# Installs what the build and the tests need and the machine lacks; without root it prints the line to run.
set -eu
need=""
command -v cc > /dev/null || need="$need build-essential"
command -v xz > /dev/null || need="$need xz-utils"
command -v bzip2 > /dev/null || need="$need bzip2"
command -v unshare > /dev/null || need="$need util-linux"
command -v ip > /dev/null || need="$need iproute2"
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
