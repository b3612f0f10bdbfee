"""compare.py PACKAGES COLLECTOR AGENT TOOLS WORK [options]: our programs beside Debian's (engineering.md, section 5.2).

Run by run.sh, in a network and mount namespace of its own where that is permitted: the loopback counters, the packet filter
and the small disks are then nobody else's.
"""

import argparse
import os
import pathlib

import faults
import latency
import trials
from deskledger import Deskledger, Trace
from lines import Lines
from rsyslog import Rsyslog
from setting import Setting
from syslog_ng import SyslogNg

LINES, RECORDS = 200_000, 36_000


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("packages", "collector", "agent", "tools", "work"):
        parser.add_argument(name, type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--apart", action="store_true", help="this runs in namespaces of its own")
    parser.add_argument("--trials", type=int, default=3, help="measured ones, behind one that warms up; 0: none")
    parser.add_argument("--synced-lines", type=int, default=4_000, help="for rsyslog, which syncs each")
    parser.add_argument("--latency-s", type=int, default=10)
    parser.add_argument("--fault-times", type=int, default=0, help="kills and cuts a round; 0: no fault rounds")
    parser.add_argument("--away-s", type=int, default=600)
    parser.add_argument("--patience-s", type=int, default=3600)
    parser.add_argument("--only", default="", help="rsyslog, syslog-ng or deskledger: the fault rounds of one")
    parser.add_argument("--rounds", nargs="*", default=[], help="only these fault rounds")
    return parser.parse_args()


def main():
    asked = arguments()
    compare(Setting(asked.packages, asked.collector, asked.agent, asked.tools, asked.work, asked.apart), asked)


def compare(setting, asked):
    a, b, ours = Rsyslog(setting, durable=True), SyslogNg(setting, durable=True), Deskledger(setting)
    sizes = "; ".join(f"{pair.letter} {'{:,} and {:,} kB'.format(*pair.installed_kib())}" for pair in (a, b, ours))
    print(f"peers              installed, sender and receiver: {sizes}")
    print(f"{'':18} sender on CPU 0, receiver on CPU 1 (affinity); load {os.getloadavg()[0]:.1f}", flush=True)
    if asked.trials:
        measure(setting, asked, a, b, ours)
    if asked.fault_times:
        break_(setting, asked, [pair for pair in (a, b, ours) if asked.only in ("", pair.letter)])
    print(f"{'':18} load {os.getloadavg()[0]:.1f} at the end", flush=True)


def measure(setting, asked, a, b, ours):
    fast = Lines(setting.work / "fast.txt", LINES)
    slow = Lines(setting.work / "slow.txt", asked.synced_lines)
    trace = Trace(setting, setting.work / "trace.txt", RECORDS)
    trials.compare(setting, [(Rsyslog(setting, durable=False), fast), (SyslogNg(setting, durable=False), fast), (a, slow),
                             (b, fast), (ours, trace)], asked.trials)
    for pair, text in ((a, fast), (b, fast), (ours, trace)):
        latency.measure(setting, pair, text, asked.latency_s)


def break_(setting, asked, pairs):
    scale = faults.Scale(asked.fault_times, asked.away_s, asked.patience_s)
    lines = Lines(setting.work / "lines.txt", scale.per_s * (max(asked.away_s, 2 * asked.fault_times, 60) + 10))
    trace = None
    if any(isinstance(pair, Deskledger) for pair in pairs):
        trace = Trace(setting, setting.work / "long.trace", lines.messages)
        trace.learn(pairs[-1])
    faults.run(setting, [(pair, trace if isinstance(pair, Deskledger) else lines) for pair in pairs], scale, asked.rounds)


if __name__ == "__main__":
    main()
