#!/usr/bin/env bash
# imports.sh PROGRAM.exe: the agent is one file. It may import what every Windows 10 has, and no runtime of a compiler.
set -euo pipefail
allowed='advapi32 bcrypt crypt32 kernel32 msvcrt mswsock shell32 user32 ws2_32'
imported=$(x86_64-w64-mingw32-objdump -p "$1" | sed -n 's/^[[:space:]]*DLL Name: \(.*\)\.dll$/\1/Ip' |
  tr '[:upper:]' '[:lower:]' | sort -u)
[ -n "$imported" ] || { echo 'no import table was found'; exit 1; }
status=0
for name in $imported; do
  case " $allowed " in
    *" $name "*) echo "$name" ;;
    *) echo "$name.dll is imported"; status=1 ;;
  esac
done
exit $status
