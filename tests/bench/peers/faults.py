"""Fault rounds: a steady load, one kind of fault, and then the count of what was lost, what came twice, and how long it stood.

Each round is a fresh pair of programs of the durable class. It ends when nothing has changed for 45 s and the sender's queue is
empty. `lost` is what is not there then. `stuck` is the longest time in which nothing new arrived, and then did, although
something was outstanding, all programs ran and no fault was in effect. If something is lost, the sender is started once more, and
a small disk enlarged, and what still comes is told: that was not lost but stood.
"""

import os
import subprocess
import time
from dataclasses import dataclass

from feed import Feed
from program import eventually, listening
from setting import program_of, why_not
from trials import begin
from watch import Watch

QUIET_S = 45
CATCHES_UP_S = 30  # Before a head is cut.
SMALL_MIB, RECEIVERS_MIB, ENLARGED_MIB = 8, 64, 256
MIB = 1 << 20


@dataclass
class Scale:
    times: int  # Kills and cuts, one a second.
    away_s: int
    patience_s: int  # For the drain.
    per_s: int = 2_000


class Round:
    """One pair at work under load; what happens to it is up to the functions below."""

    def __init__(self, setting, pair, text, scale, seconds, sender_disk=False, receiver_disk=False, environment={}):
        self.setting, self.pair, self.scale, self.environment = setting, pair, scale, environment
        self.mounted = []
        place = setting.place()
        for folder, size_mib, wanted in ((place.sender, SMALL_MIB, sender_disk), (place.receiver, RECEIVERS_MIB, receiver_disk)):
            if wanted:
                subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "small", folder], check=True)
                self.mounted.append(folder)
        self.place, self.receiver = begin(setting, pair, place)
        self.feed = Feed(text, scale.per_s * seconds, scale.per_s, self.place.source)
        self.watch = Watch(text.oracle(self.place.receiver, self.feed.messages), self.feed)
        self.sender = pair.start_sender(environment)
        self.feed.start()
        self.watch.start()

    def kill_sender(self):
        self.sender.kill()
        self.sender = self.pair.start_sender(self.environment)

    def receiver_gone(self):
        self.watch.excused = True
        self.receiver.kill()

    def receiver_back(self):
        self.receiver = self.pair.start_receiver()
        eventually(lambda: listening(self.setting.port))
        self.watch.excused = False

    def restart_sender(self):
        self.sender.stop()
        self.sender = self.pair.start_sender()
        return True

    def enlarge(self):
        for folder in self.mounted:
            subprocess.run(["mount", "-o", f"remount,size={ENLARGED_MIB}m", folder], check=True)
        return bool(self.mounted) and self.restart_sender()

    def finish(self, name, note=""):
        self.feed.join()
        oracle = self.watch.oracle
        if not self.watch.drain(self.pair, QUIET_S, self.scale.patience_s):
            note += f"; still waiting or changing after {self.scale.patience_s} s"
        lost = self.feed.messages - oracle.distinct
        told = (f"{self.pair.name:18} {name}: of {self.feed.messages} messages {lost} lost, {oracle.repeated} twice"
                f"{oracle.note()}; stuck for {self.watch.stuck_s:.1f} s at most{note}")
        for what, help_ in (("the sender was started again", self.restart_sender), ("the disks were made larger", self.enlarge)):
            if oracle.distinct < self.feed.messages and help_():
                before = oracle.distinct
                self.watch.changed = time.monotonic()
                self.watch.drain(self.pair, QUIET_S, self.scale.patience_s)
                told += f"; {oracle.distinct - before} of the lost came when {what}"
        print(told, flush=True)
        self.watch.over = True
        self.watch.join()
        self.sender.stop()
        self.receiver.stop()
        for folder in self.mounted:
            subprocess.run(["umount", "-l", folder], check=True)


def each_second(times, action):
    for _ in range(times):
        time.sleep(1)
        action()


def kill_sender(setting, pair, text, scale):
    round_ = Round(setting, pair, text, scale, scale.times)
    each_second(scale.times, round_.kill_sender)
    round_.finish(f"kill -9 of the sender x {scale.times}")


def kill_receiver(setting, pair, text, scale):
    round_ = Round(setting, pair, text, scale, scale.times)

    def kill():
        round_.receiver_gone()
        round_.receiver_back()

    each_second(scale.times, kill)
    round_.finish(f"kill -9 of the receiver x {scale.times}")


def head_cut(setting, pair, text, scale):
    long_enough_s = 1 + int(1.2 * MIB / (scale.per_s * text.message_bytes))
    round_ = Round(setting, pair, text, scale, scale.times * 6 // 5 + long_enough_s)
    behind = made = 0

    def cut():
        nonlocal behind, made
        with round_.feed.lock:
            behind += not round_.watch.wait_all(CATCHES_UP_S)
            made += round_.feed.cut_head()

    time.sleep(long_enough_s)
    each_second(scale.times, cut)
    round_.finish(f"head cut x {made}", f"; {behind} times not caught up within {CATCHES_UP_S} s before the cut")


def receiver_away(setting, pair, text, scale):
    round_ = Round(setting, pair, text, scale, scale.away_s + 10)
    time.sleep(5)
    round_.receiver_gone()
    time.sleep(scale.away_s)
    round_.receiver_back()
    round_.finish(f"receiver away for {scale.away_s} s")


def senders_disk_full(setting, pair, text, scale):
    round_ = Round(setting, pair, text, scale, 60, sender_disk=True)
    time.sleep(5)
    round_.receiver_gone()
    time.sleep(60)
    status = os.statvfs(round_.place.sender)
    free_kib = status.f_bavail * status.f_frsize // 1024
    alive = round_.sender.running()
    round_.receiver_back()
    round_.finish(f"sender's disk of {SMALL_MIB} MiB full, receiver away for 60 s",
                  f"; {free_kib} kB were free" + ("" if alive else "; the sender had ended"))


def receivers_disk_full(setting, pair, text, scale):
    round_ = Round(setting, pair, text, scale, 10, receiver_disk=True)
    time.sleep(3)
    filler = round_.place.receiver / "filler"
    round_.watch.excused = True
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"f" * 4096)
        except OSError:
            pass
    time.sleep(20)
    alive = round_.receiver.running()
    filler.unlink()
    round_.watch.excused = False
    round_.finish(f"receiver's disk of {RECEIVERS_MIB} MiB full for 20 s", "" if alive else "; the receiver had ended")


def connections_to(port):
    """The other ends' ports of the connections that are open."""
    with open("/proc/net/tcp") as file:
        rows = [line.split() for line in list(file)[1:]]
    return [int(row[1].split(":")[1], 16) for row in rows if row[2].endswith(f":{port:04X}") and row[3] == "01"]


def half_open(setting, pair, text, scale):
    nft = program_of(setting, "nft")

    def rule(*words):
        subprocess.run([nft, *map(str, words)], check=True, env=os.environ | setting.libraries)

    round_ = Round(setting, pair, text, scale, 60)
    time.sleep(10)
    rule("add", "table", "inet", "cut")
    rule("add", "chain", "inet", "cut", "input", "{ type filter hook input priority 0 ; }")
    for other in connections_to(setting.port):
        rule("add", "rule", "inet", "cut", "input", "tcp", "sport", other, "tcp", "dport", setting.port, "drop")
        rule("add", "rule", "inet", "cut", "input", "tcp", "sport", setting.port, "tcp", "dport", other, "drop")
    round_.feed.join()
    arrived = round_.watch.wait_all(scale.patience_s)
    round_.finish("half-open connection", "" if arrived else f"; not all there after {scale.patience_s} s")
    rule("delete", "table", "inet", "cut")


def clock_back(setting, pair, text, scale):
    clock = setting.work / "clock"
    clock.write_text("+0\n")
    environment = {"LD_PRELOAD": str(setting.faketime), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
                   "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    round_ = Round(setting, pair, text, scale, 40, environment=environment)
    time.sleep(10)
    round_.receiver_gone()
    time.sleep(5)
    clock.write_text("-9h\n")
    time.sleep(5)
    round_.receiver_back()
    round_.finish("sender's clock 9 h back while the receiver is away for 10 s")


def possible(setting):
    """Each round's name, function, and why it cannot be done here (empty: it can)."""
    no_mount = no_nft = "not in namespaces of our own"
    if setting.apart:
        no_mount = why_not(["mount", "-t", "tmpfs", "-o", "size=1m", "small", setting.work / "probe"])
        no_nft = why_not([program_of(setting, "nft"), "list", "ruleset"], setting.libraries)
    no_faketime = "" if setting.faketime.exists() else f"no {setting.faketime}"
    return [("kill-sender", kill_sender, ""), ("kill-receiver", kill_receiver, ""), ("head-cut", head_cut, ""),
            ("away", receiver_away, ""), ("sender-disk", senders_disk_full, no_mount),
            ("receiver-disk", receivers_disk_full, no_mount), ("half-open", half_open, no_nft), ("clock", clock_back, no_faketime)]


def run(setting, pairs_and_texts, scale, wanted):
    for name, function, reason in possible(setting):
        if wanted and name not in wanted:
            continue
        for pair, text in pairs_and_texts:
            if reason:
                print(f"{pair.name:18} {name}: left out: {reason}")
            else:
                function(setting, pair, text, scale)
