#!/usr/bin/env bash
# parse.sh EMULATOR PROGRAM.exe TRACE...: the program itself under wine tells of each trace what its .expected.jsonl
# says, whether the trace is an argument with a name beyond ASCII or comes through standard input.
set -euo pipefail
emulator=$1 program=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export WINE_STDIN=1  # The emulator closes standard input otherwise.
without_source() { sed 's/,"source".*//; s/}$//' "$1"; }
parse() { "$emulator" "$program" parse --format jsonl "$@"; }

for trace in "$@"; do
  without_source "${trace%.trace}.expected.jsonl" >"$folder/expected"
  cp "$trace" "$folder/próba ś.trace"
  (cd "$folder" && parse 'próba ś.trace' </dev/null >named.jsonl)
  parse - <"$trace" >"$folder/piped.jsonl"
  # Windows' text mode would stop at its end-of-file mark, and turn line ends.
  { printf 'x\x1a\n'; cat "$trace"; } | parse - >"$folder/marked.jsonl"
  ! grep -q $'\r' "$folder/named.jsonl"
  if [ -s "$folder/named.jsonl" ]; then grep -q 'próba ś.trace' "$folder/named.jsonl"; fi
  for way in named piped marked; do diff "$folder/expected" <(without_source "$folder/$way.jsonl"); done
done
