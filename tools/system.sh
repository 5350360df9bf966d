#!/bin/sh
# Installs the named Debian packages that are missing, or prints the one line to type where it may not.
# A package counts as there if a command of its name is on the path or dpkg knows it as installed.
# Ends with 1 when something is still missing: the caller decides whether that matters.
set -u

missing=""
for package in "$@"; do
    command -v "$package" >/dev/null 2>&1 && continue
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' && continue
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing here:$missing. To install: sudo apt-get install -y$missing" >&2
    exit 1
fi
echo "installing$missing"
# Another apt may be running: wait for its lock five minutes, which outlasts an unattended upgrade of a few packages.
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null ||
    echo "apt-get update failed; trying with the package lists that are here." >&2
# shellcheck disable=SC2086 # one word a package
apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing >/dev/null || {
    echo "Could not install$missing. To see why: apt-get install -y$missing" >&2
    exit 1
}
