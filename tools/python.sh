#!/bin/sh
# Prints the Python to build the environment with: $PYTHON, or the first one of 3.11 or newer on the path.
set -eu
newest_wanted="python3 python3.13 python3.12 python3.11"
for candidate in ${PYTHON:-$newest_wanted}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Andon needs Python 3.11 or newer and found none: install it (Debian 12 and Ubuntu 24.04 have it as python3)," >&2
echo "or name it: make ${1:-install} PYTHON=/path/to/python3.11" >&2
exit 1
