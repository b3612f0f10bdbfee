#!/usr/bin/env bash
# run.sh FOLDER PROGRAMS TOOLS [option...]: rsyslog (RELP), syslog-ng and Deskledger do a log shipper's job side by side:
# follow a file, send it over mutual TLS, keep it at the receiver (compare.py; its options behind the folders). FOLDER: where
# Debian's packages are unpacked. PROGRAMS: deskledger-agent and deskledger-collector. TOOLS: trace_generate.
#
# Without the packages a reason is printed and nothing is measured (exit code 0): the peers are no promise of ours.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
programs=$2 tools=$3
shift 3
if ! reason=$("$here/fetch.sh" "$folder" 2>&1); then echo "peers          left out: $reason"; exit 0; fi

# Whatever happens, nothing that was started outlives this: in a process namespace all end with the first. An account
# without rights gets them inside only.
work=$(mktemp -d)
running=
trap '[ -z "$running" ] || kill -KILL "$running" 2>/dev/null || true; wait || true; rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
apart=(unshare --mount --net --pid --fork --mount-proc --kill-child)
[ "$(id -u)" -eq 0 ] || apart+=(--user --map-root-user)
compare=(python3 -B "$here/compare.py" "$folder" "$programs/deskledger-collector" "$programs/deskledger-agent" "$tools" "$work")
if "${apart[@]}" ip link set lo up 2>/dev/null; then
  "${apart[@]}" bash -c 'ip link set lo up && exec "$@"' _ "${compare[@]}" --apart "$@" &
else
  "${compare[@]}" "$@" &
fi
running=$!
wait "$running"
running=
