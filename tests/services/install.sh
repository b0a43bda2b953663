#!/usr/bin/env bash
# Install Debian packages by name if their command is missing: chromium, nginx, postgresql, redis-server.
# Chromium comes with a Chinese font: without one the screenshots of the suite show boxes and lines break elsewhere.
set -euo pipefail

missing() {
  case "$1" in
    postgresql) ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
    fonts-noto-cjk) [ -z "$(fc-list :lang=zh 2>/dev/null)" ] ;;
    bubblewrap) ! command -v bwrap >/dev/null 2>&1 ;;
    nginx) ! [ -x /usr/sbin/nginx ] && ! command -v nginx >/dev/null 2>&1 ;;
    *) ! command -v "$1" >/dev/null 2>&1 ;;
  esac
}

wanted=()
for name in "$@"; do
  if [ "$name" = chromium ]; then set -- "$@" fonts-noto-cjk; fi
done
for name in "$@"; do
  if missing "$name"; then wanted+=("$name"); fi
done
[ "${#wanted[@]}" -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing: ${wanted[*]}. Install them with your system's package manager." >&2
  exit 4
fi
# Debian starts a server as soon as it is installed; the tests start their own, elsewhere
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
