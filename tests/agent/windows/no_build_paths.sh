#!/usr/bin/env bash
# no_build_paths.sh PROGRAM.exe FOLDER: what ships says nothing of the machine it was built on.
set -euo pipefail
shipped=$(mktemp)
trap 'rm -f "$shipped"' EXIT
x86_64-w64-mingw32-strip -o "$shipped" "$1"
! grep -aoF "$2" "$shipped"
