"""Speed: the file is there, the sender is started, and the clock stops when the oracle has all of it."""

import shutil
import statistics
import time
from dataclasses import dataclass

from program import eventually, listening, wire_bytes

STANDS_STILL_S = 15  # Without a change: nothing more comes.
SETTLES_S = 0.5


@dataclass
class Trial:
    per_s: float
    sender_us: float
    receiver_us: float
    sender_mib: float
    receiver_mib: float
    wire_bytes: float
    lost: int
    repeated: int


def all_arrived(oracle, messages):
    before, changed = -1, time.monotonic()
    while oracle.distinct < messages and time.monotonic() - changed < STANDS_STILL_S:
        stored = oracle.stored()
        if stored != before:
            before, changed = stored, time.monotonic()
        if stored >= messages:
            oracle.look()
        time.sleep(0.02)
    return changed


def begin(setting, pair, place=None):
    place = place or setting.place()
    pair.prepare(place)
    receiver = pair.start_receiver()
    if not eventually(lambda: listening(setting.port)):
        raise RuntimeError(f"{pair.name}: the receiver does not start: " + (place.receiver / "log").read_text())
    time.sleep(SETTLES_S)
    return place, receiver


def one(setting, pair, text):
    place, receiver = begin(setting, pair)
    shutil.copy(text.path, place.source)
    oracle = text.oracle(place.receiver, text.messages)
    wire, receiver_cpu, began = wire_bytes(), receiver.cpu_s(), time.monotonic()
    sender = pair.start_sender()
    took = all_arrived(oracle, text.messages) - began
    oracle.look()

    def each_us(cpu_s):
        return cpu_s / text.messages * 1e6

    trial = Trial(oracle.distinct / took, each_us(sender.cpu_s()), each_us(receiver.cpu_s() - receiver_cpu),
                  sender.peak_mib(), receiver.peak_mib(), (wire_bytes() - wire) / text.messages,
                  text.messages - oracle.distinct, oracle.repeated)
    sender.stop()
    receiver.stop()
    return trial


def middle(figures):
    """The median and the median distance from it."""
    median = statistics.median(figures)
    return median, statistics.median(abs(figure - median) for figure in figures)


def tell(pair, messages, trials):
    def both(name, form):
        return "{} ±{}".format(*(format(figure, form) for figure in middle([getattr(each, name) for each in trials])))

    print(f"{pair.name:18} {messages} messages x {len(trials)}: {both('per_s', ',.0f')} a second; sender "
          f"{both('sender_us', '.1f')} us, receiver {both('receiver_us', '.1f')} us each; {both('wire_bytes', '.0f')} bytes each")
    print(f"{'':18} at the peak sender {both('sender_mib', '.1f')} MiB, receiver {both('receiver_mib', '.1f')} MiB; "
          f"{sum(each.lost for each in trials)} lost, {sum(each.repeated for each in trials)} twice", flush=True)


def compare(setting, pairs_and_texts, measured):
    """By turns, so that a slow minute of the machine is everybody's; the first round only warms up."""
    found = {pair.name: [] for pair, _ in pairs_and_texts}
    for number in range(measured + 1):
        for pair, text in pairs_and_texts:
            trial = one(setting, pair, text)
            if number > 0:
                found[pair.name].append(trial)
    for pair, text in pairs_and_texts:
        tell(pair, text.messages, found[pair.name])
