#!/usr/bin/env bash
# `./dev bench [--long]`: the numbers of docs/performance.md, on this machine. Exit code 1 if one is missed.
# --long: idle for ten minutes instead of one; the pipeline with ten million sessions in its database (25 GB in TMPDIR, a
# quarter of an hour) instead of one million; the peers with eleven trials instead of three, and with the rounds of
# faults, which take some hours.
# DESKLEDGER_BIN, DESKLEDGER_TOOLS, DESKLEDGER_AGENT: other folders of the programs and of the measuring tools, another
# agent than the static one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bin=${DESKLEDGER_BIN:-$PWD/build/release/bin}
tools=${DESKLEDGER_TOOLS:-$PWD/build/bench/bin}
agent=${DESKLEDGER_AGENT:-$PWD/build/agent/bin/deskledger-agent}
idle_s=60
again=100000
history=1000000
peers=(--trials 3 --latency-s 10 --synced-lines 2000)
if [ "${1:-}" = --long ]; then
  idle_s=600
  again=1000000
  history=10000000
  peers=(--trials 11 --latency-s 60 --fault-times 100)
fi
binary_bytes_max=8000000

if [ -z "${DESKLEDGER_AGENT:-}" ]; then
  [ -e build/agent/build.ninja ] || cmake --preset agent >/dev/null
  ninja -C build/agent deskledger-agent >/dev/null
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
missed=0

# The agent as it is shipped, beside the collector.
mkdir "$scratch/bin"
strip -o "$scratch/bin/deskledger-agent" "$agent"
ln -s "$bin/deskledger-collector" "$scratch/bin/deskledger-collector"

echo "machine        $(nproc) CPUs, $(. /etc/os-release && echo "$PRETTY_NAME"), load $(cut -d' ' -f1 /proc/loadavg)"
bytes=$(stat -c %s "$scratch/bin/deskledger-agent")
echo "binary         $((bytes / 1000)) kB stripped (at most $((binary_bytes_max / 1000)); Fluent Bit, minimal and dynamic, 8,060)"
[ "$bytes" -le $binary_bytes_max ] || missed=1
"$tools/trace_generate" --large 10000000 "$scratch/small.trace"
"$tools/trace_generate" --large 100000000 "$scratch/large.trace"
"$tools/bench_parse" "$scratch/bin/deskledger-agent" "$scratch/small.trace" "$scratch/large.trace" || missed=1
rm -f "$scratch"/*.trace
"$tools/bench_live" "$scratch/bin" || missed=1
"$tools/bench_spool" "$scratch/bin" || missed=1
"$tools/bench_ingest" "$scratch/bin" batches || missed=1
"$tools/bench_ingest" "$scratch/bin" singles || missed=1
"$tools/bench_connections" "$scratch/bin" || missed=1
tests/bench/peers/run.sh build/peers "$scratch/bin" "$tools" "${peers[@]}" ||
  echo "peers          ended with an error"
"$tools/bench_rate" || missed=1
mkdir "$scratch/pipeline"
"$tools/bench_pipeline" "$scratch/pipeline" "$again" "$history" || missed=1
mkdir "$scratch/mail"
"$tools/bench_mail" "$scratch/mail" 10000 || missed=1
"$tools/bench_verify" "$scratch/bin" || missed=1
"$tools/bench_idle" "$scratch/bin" "$idle_s" || missed=1
echo "machine        load $(cut -d' ' -f1 /proc/loadavg) at the end"
[ $missed -eq 0 ] || echo "A number was missed."
exit $missed
