#!/usr/bin/env bash
# Prints the first Python 3.11 to 3.13 that really runs and can make a virtual environment.
# A name on the PATH may be a stub that only fails, so each candidate is run. Debian ships
# Python without venv; there, and only as root, python3-venv is installed first.
set -u

usable() {
    "$1" - 2>/dev/null <<'PY'
import sys
import venv, ensurepip  # Debian splits these off
sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else 1)
PY
}

search() {
    for name in python3.11 python3.12 python3.13 python3 /usr/bin/python3; do
        command -v "$name" >/dev/null 2>&1 && usable "$name" && { echo "$name"; return 0; }
    done
    return 1
}

search && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing python3-venv" >&2
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv; } \
        >/dev/null 2>&1
    search && exit 0
fi
echo "No Python 3.11, 3.12 or 3.13 with venv here. On Debian: apt-get install python3-venv" >&2
exit 1
