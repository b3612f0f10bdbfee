#!/usr/bin/env python3
"""Lines and branches of the collector's rooms that the tests reached: `./dev test --coverage`.

Reads what `llvm-cov export` says on standard input. Prints a table of rooms, and of those in WHOLE every branch that was
not taken; ends with 1 if there is one.

Clang counts the branches of the source: each side of each condition, each case of a switch. It knows none that only an
exception or the compiler makes. Two of its sides cannot be taken, and are not counted:
* what a switch without a default does for a value that no case names: the compiler refuses a switch over an enumeration
  that leaves one out, and clang-tidy another one without a default;
* the failing side of DESKLEDGER_ASSERT, which ends the program.
"""

import collections
import json
import os
import re
import sys

WHOLE = (
    "collector/attribution/",
    "collector/rating/",
    "collector/ledger/",
    "collector/directory/",
)

SWITCH = re.compile(r"\bswitch \($")
ASSERTION = "DESKLEDGER_ASSERT("


def branches_of(file, source):
    """{(line, column): [times true, times false]}; instances of a template are one."""
    sides = collections.defaultdict(lambda: [0, 0])
    for line, column, _, _, yes, no, *_ in file["branches"]:
        text = source[line - 1]
        if SWITCH.search(text[: column - 1]):
            continue
        if ASSERTION in text:
            no = max(no, 1)
        sides[line, column][0] += yes
        sides[line, column][1] += no
    return sides


def percent(covered, count):
    return f"{100 * covered / count:6.2f} %" if count else "     - "


def main():
    rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
    missing = []
    for file in json.load(sys.stdin)["data"][0]["files"]:
        path = os.path.relpath(file["filename"])
        if not path.startswith("collector/"):
            continue
        with open(path, encoding="utf-8") as lines:
            source = lines.read().splitlines()
        room = path.rpartition("/")[0]
        lines = file["summary"]["lines"]
        rooms[room][0] += lines["covered"]
        rooms[room][1] += lines["count"]
        for (line, column), sides in sorted(branches_of(file, source).items()):
            rooms[room][2] += sum(1 for times in sides if times)
            rooms[room][3] += 2
            for side, times in zip(("true", "false"), sides):
                if not times and path.startswith(WHOLE):
                    missing.append(f"{path}:{line}:{column}: never {side}: {source[line - 1].strip()}")

    for one in missing:
        print(one)
    print(f"{'room':<24} {'lines':>16} {'branches':>20}")
    for room, (lines, all_lines, sides, all_sides) in sorted(rooms.items()):
        print(f"{room:<24} {percent(lines, all_lines)} of {all_lines:<6} {percent(sides, all_sides)} of {all_sides}")
    seen = [prefix for prefix in WHOLE if prefix.rstrip("/") in rooms]
    if missing or len(seen) != len(WHOLE):
        sys.exit(f"coverage: {len(missing)} branches missing in {', '.join(prefix.rstrip('/') for prefix in WHOLE)}")


main()
