"""Latency: a hundred messages a second, and for each how long until the receiver has it.

The peers' line is seen when it is in the receiver's file, before the fsync of it has returned: that flatters them. A record of
ours is seen when its transaction is committed, which is after the fsync; what is timed are the three lines of a session that
its records point at.
"""

import time

from deskledger import OFFSETS, RECORDS_PER_SESSION, SESSION, RecordOracle, fields
from program import eventually
from trials import begin

PER_S = 100
LOOK_S = 0.0005
PATIENCE_S = 30


def percentile(figures, percent):
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * percent / 100))]


def pieces_of(text, messages):
    """The text as whole lines, about one message a piece."""
    end, _ = text.end_of(messages)
    with open(text.path, "rb") as file:
        content = file.read(end)
    at = 0
    while at < end:
        line_end = content.find(b"\n", min(end, int(at + text.message_bytes)) - 1) + 1
        yield at, content[at:line_end or end]
        at = line_end or end


class ArrivedLines:
    """Lines arrive in order: the n-th is the n-th."""

    def __init__(self, oracle):
        self.oracle, self.have = oracle, 0

    def new(self):
        stored = self.oracle.stored()
        yield from range(self.have, stored)
        self.have = stored


class ArrivedRecords:
    """Records by the offsets of the lines they speak of."""

    def __init__(self, oracle):
        self.oracle, self.seen = oracle, set()

    def new(self):
        for fact in self.oracle.new_facts():
            session = fields(fact.get(SESSION, b""))
            offsets = {session[field] for field in OFFSETS if field in session} - self.seen
            self.seen |= offsets
            yield from offsets


def measure(setting, pair, text, seconds):
    place, receiver = begin(setting, pair)
    place.source.touch()
    oracle = text.oracle(place.receiver, text.messages)
    records = isinstance(oracle, RecordOracle)
    arrived = (ArrivedRecords if records else ArrivedLines)(oracle)
    sender = pair.start_sender()
    written, times = [], []  # Of each piece: offset, moment.

    def moment_of(mark):
        if not records:
            return written[mark][1]
        return next(moment for offset, moment in reversed(written) if offset <= mark)

    def take():
        now = time.monotonic()
        times.extend((now - moment_of(mark)) * 1000 for mark in arrived.new())

    time.sleep(2)  # Connected.
    began = time.monotonic()
    with open(place.source, "ab", buffering=0) as source:
        for number, (offset, piece) in enumerate(pieces_of(text, PER_S * seconds)):
            while time.monotonic() < began + number / PER_S:
                take()
                time.sleep(LOOK_S)
            source.write(piece)
            written.append((offset, time.monotonic()))

    def complete():
        take()
        return len(times) == (text.end_of(PER_S * seconds)[1] * len(OFFSETS) // RECORDS_PER_SESSION if records else len(written))

    eventually(complete, PATIENCE_S)
    print(f"{pair.name:18} {PER_S} a second, {len(times)} timed: p50 {percentile(times, 50):.1f} ms, "
          f"p99 {percentile(times, 99):.1f} ms, p99.9 {percentile(times, 99.9):.1f} ms", flush=True)
    sender.stop()
    receiver.stop()
