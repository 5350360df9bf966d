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
export DEBIAN_FRONTEND=noninteractive
said=$(mktemp)
# A package's service must neither run nor come back with the next start: tests begin servers of their own, on ports of their own.
# This is how Debian lets one say so (policy-rc.d, invoke-rc.d(8)); where somebody has said something already, that stands.
policy=/usr/sbin/policy-rc.d
if [ -e "$policy" ]; then policy=""; else printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"; fi
finish() {
    rm -f "$said" ${policy:+"$policy"}
    command -v systemctl >/dev/null 2>&1 || return 0
    for package in $missing; do
        systemctl --quiet disable "$package.service" >/dev/null 2>&1 || true
    done
}
trap finish EXIT
quietly() { # APT-GET ARGUMENT...; what it says is shown only when it fails
    # Another apt may be running: wait five minutes for its lock, which outlasts an unattended upgrade of a few packages.
    apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$said" 2>&1 || {
        tail -n 5 "$said" >&2
        return 1
    }
}
quietly update || echo "apt-get update failed; going on with the package lists that are here." >&2
install="install -y --no-install-recommends"
# shellcheck disable=SC2086 # one word a package
quietly $install $missing 2>/dev/null && exit 0
# One that cannot be had (Ubuntu has no package chromium) must not keep out the others.
failed=""
for package in $missing; do
    # shellcheck disable=SC2086
    quietly $install "$package" || failed="$failed $package"
done
[ -z "$failed" ] && exit 0
echo "Could not install$failed. To see why: apt-get install$failed" >&2
exit 1
