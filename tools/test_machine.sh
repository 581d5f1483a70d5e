#!/usr/bin/env bash
# What the tests need from the system: a Chromium to open verify.html, fonts for it, the plain tools
# with which a bundle is checked by hand, poppler, which checks a report's signature, and PostgreSQL,
# on which the desk is tested beside SQLite. Installs them as root on Debian; says what to install
# anywhere else. Nothing here is needed to run Kancil.
set -u

missing=()
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
    missing+=(chromium fonts-noto-core)
for tool in curl openssl unzip; do
    command -v "$tool" >/dev/null 2>&1 || missing+=("$tool")
done
command -v pdfsig >/dev/null 2>&1 || missing+=(poppler-utils)
command -v certutil >/dev/null 2>&1 || missing+=(libnss3-tools)
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests: ${missing[*]}"
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update -qq >"$log" 2>&1 &&
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log"
fi
echo "The tests need these system packages: ${missing[*]}" >&2
exit 1
