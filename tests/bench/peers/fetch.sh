#!/usr/bin/env bash
# fetch.sh FOLDER: the peers' Debian packages and the tools of the fault rounds, unpacked below FOLDER and nowhere else.
#
# They are not installed: two system loggers exclude each other as packages, and neither should become the machine's own
# because a benchmark was run. The plain libraries they need come with `./dev setup bench`.
set -euo pipefail
folder=$1
packages="rsyslog rsyslog-relp rsyslog-openssl syslog-ng-core"
tools="nftables libnftables1 libnftnl11 libfaketime"

get() { # NAME...
  mkdir -p "$folder/packages"
  (cd "$folder/packages" && apt-get download "$@") >"$folder/fetch.log" 2>&1 ||
    { echo "apt-get download failed: $(tail -n 1 "$folder/fetch.log")" >&2; return 1; }
  for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder"; done
}

# shellcheck disable=SC2086
if [ ! -x "$folder/usr/sbin/rsyslogd" ] || [ ! -x "$folder/usr/sbin/syslog-ng" ]; then get $packages; fi
# Without these some rounds are left out, and say so.
# shellcheck disable=SC2086
[ -x "$folder/usr/sbin/nft" ] || get $tools || true
for program in rsyslogd syslog-ng; do
  missing=$(LD_LIBRARY_PATH="$folder/usr/lib/syslog-ng" ldd "$folder/usr/sbin/$program" | awk '/not found/ {print $1}')
  [ -z "$missing" ] || { echo "$program needs $(echo $missing): ./dev setup bench" >&2; exit 1; }
done
