#!/bin/sh
# What the tests need beyond Python: a browser, its Chinese font, a broker, a database, proxies, and trees with real Asterisk servers.
# Installs what it may; what stays missing costs the tests that need it, which then are skipped and say so.
set -u
cd "$(dirname "$0")/.."

# PostgreSQL's programs only: the tests run a cluster of their own, and Debian's package would start another one at once.
if [ "$(id -u)" = 0 ] && ! command -v pg_createcluster >/dev/null 2>&1; then
    mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/andon-tests.conf
fi

sh tools/system.sh postgresql chromium chromium-headless-shell fonts-noto-cjk debootstrap debian-archive-keyring mosquitto nginx-light \
    caddy openssl xorriso systemd ||
    echo "Going on without: the tests that need it will be skipped, each naming what is missing." >&2

# A chroot needs root. The trees are kept outside the checkout, so this takes time only once on a machine.
if [ "$(id -u)" = 0 ] && [ -f tests/lab/trees.py ] && command -v debootstrap >/dev/null 2>&1; then
    .venv/bin/python -m tests.lab.trees sid bullseye ||
        echo "Going on without all trees: the tests that need a real Asterisk will be skipped." >&2
fi
