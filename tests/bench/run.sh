#!/usr/bin/env bash
# `./dev bench`: the numbers of docs/performance.md, on this machine. Exit code 1 if one is missed.
# DESKLEDGER_BIN and DESKLEDGER_TOOLS: other folders of the programs and of the measuring tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bin=${DESKLEDGER_BIN:-$PWD/build/release/bin}
tools=${DESKLEDGER_TOOLS:-$PWD/build/bench/bin}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
missed=0

echo "machine        $(nproc) CPUs, $(. /etc/os-release && echo "$PRETTY_NAME"), load $(cut -d' ' -f1 /proc/loadavg)"
"$tools/trace_generate" --large 10000000 "$scratch/small.trace"
"$tools/trace_generate" --large 100000000 "$scratch/large.trace"
"$tools/bench_parse" "$bin/deskledger-agent" "$scratch/small.trace" "$scratch/large.trace" || missed=1
rm -f "$scratch"/*
"$tools/bench_live" "$bin" || missed=1
[ $missed -eq 0 ] || echo "A number was missed."
exit $missed
