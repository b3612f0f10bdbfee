"""Ours: a real agent follows a trace, mutual TLS, a real collector. There is one class only, durable.

A message is one record: what the agent derived from the lines of a session, six of them each. Beyond the peers' job the agent
reads every line of the trace (almost eight for each record), understands it, builds sessions, seals and chains the records and
commits them with its place in the file; the collector checks chain and signature, refuses what it has, commits, and makes
sessions of it behind (counted in its processor time).
"""

import bisect
import json
import mmap
import re
import shutil
import sqlite3
import subprocess

from program import RECEIVER_CPU, SENDER_CPU, Program, eventually, listening
from trials import all_arrived, begin

RECORDS_PER_SESSION = 6
RECORDS_PER_DAY = 200 * RECORDS_PER_SESSION  # Of trace_generate's --large.
DAY_BYTES = 1_270_000  # A little less than a day has: it writes whole days until it has so many bytes.
OFFSETS = (16, 17, 18)  # Of a session's fact: where its lines stand.
# What a session's fact says, not when and where it was observed (proto/deskledger/v1/fact.proto).
SAID = (1, 2, 4, 5, 6, 7, 9, 20) + OFFSETS
SESSION, GAP = 10, 11
DAY_BEGINS = re.compile(rb"^ \* \* \*", re.MULTILINE)


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr}{done.stdout}")
    return done.stdout


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """A Protobuf message of numbers and bytes, as far as facts need it."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at:at + value], at + value
        found[key >> 3] = value
    return found


class Trace:
    """Whole days of sessions; each is told in six records."""

    MESSAGES_MAX = 280 * RECORDS_PER_DAY  # From January on: no day lies in the future.

    def __init__(self, setting, path, messages):
        self.setting, self.path = setting, path
        days = max(1, min(messages, self.MESSAGES_MAX) // RECORDS_PER_DAY)
        run(setting.tools / "trace_generate", "--large", days * DAY_BYTES, path)
        sessions = run(setting.agent, "parse", "--format", "jsonl", path).count("\n")
        self.messages = sessions * RECORDS_PER_SESSION
        self.message_bytes = path.stat().st_size / self.messages
        self.day_ends = self.find_days()
        self.facts = None  # What a run without faults told, in order.

    def find_days(self):
        with open(self.path, "rb") as file:
            text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            ends = [begin.start() for begin in DAY_BEGINS.finditer(text)][1:] + [len(text)]
        if len(ends) * RECORDS_PER_DAY != self.messages:
            raise RuntimeError(f"{len(ends)} days with {self.messages} records")
        return ends

    def learn(self, pair):
        """From a run without faults: which facts the whole of it tells."""
        place, receiver = begin(self.setting, pair)
        shutil.copy(self.path, place.source)
        oracle = self.oracle(place.receiver, self.messages)
        sender = pair.start_sender()
        all_arrived(oracle, self.messages)
        sender.stop()
        receiver.stop()
        if (len(oracle.order), oracle.repeated) != (self.messages, 0):
            raise RuntimeError(f"without a fault {len(oracle.order)} of {self.messages}, {oracle.repeated} twice")
        self.facts = oracle.order

    def oracle(self, receiver, messages):
        return RecordOracle(receiver / "collector" / "collector.db", self.facts and set(self.facts[:messages]))

    def end_of(self, messages):
        """Where the first so many of them end, and how many that is: days are fed whole."""
        days = max(1, min(messages // RECORDS_PER_DAY, len(self.day_ends)))
        return self.day_ends[days - 1], days * RECORDS_PER_DAY

    def messages_in(self, written):
        """Messages that so many bytes tell, but for a session or two."""
        days = bisect.bisect_right(self.day_ends, written)
        if days == len(self.day_ends):
            return self.messages
        begin = self.day_ends[days - 1] if days else 0
        return int((days + (written - begin) / (self.day_ends[days] - begin)) * RECORDS_PER_DAY)


class RecordOracle:
    """Reads the collector's database. Two records that say the same of a session are one that came twice; what is not
    among the expected facts, where those are known, is counted apart and replaces none of them."""

    def __init__(self, path, expected):
        self.path, self.last, self.database = path, 0, None
        self.expected, self.facts, self.order = expected, set(), []
        self.distinct = self.repeated = self.gaps = self.others = 0

    def ask(self, statement, *arguments):
        if self.database is None:
            self.database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30, check_same_thread=False)
        return self.database.execute(statement, arguments)

    def stored(self):
        return self.ask("SELECT coalesce(max(record_id), 0) FROM record").fetchone()[0]

    def new_facts(self):
        rows = self.ask("SELECT record_id, body FROM record WHERE record_id > ? ORDER BY record_id", self.last).fetchall()
        for self.last, body in rows:
            yield fields(bytes.fromhex(body))

    def look(self):
        try:
            facts = list(self.new_facts())
        except sqlite3.OperationalError:  # A log that only its killed writer's successor may recover: look again later.
            self.database = None
            return
        for fact in facts:
            if GAP in fact:
                self.gaps += 1
                continue
            session = fields(fact[SESSION])
            session[1] = session[1].split(b"/")[-3:]  # Its key begins with the trace's path.
            said = hash(tuple(str(session.get(field)) for field in SAID))
            if said in self.facts:
                self.repeated += 1
                continue
            self.facts.add(said)
            self.order.append(said)
            if self.expected is None or said in self.expected:
                self.distinct += 1
            else:
                self.others += 1

    def note(self):
        told = ((self.gaps, "gaps told"), (self.others, "that say something else"))
        return "".join(f", {count} {what}" for count, what in told if count)


class Deskledger:
    letter = "deskledger"
    durable = True
    name = "deskledger"

    def __init__(self, setting):
        self.setting = setting

    def collector(self, *command):
        return run(self.setting.collector, *command, "--config", self.folder / "collector.toml")

    def prepare(self, place):
        self.place, self.folder = place, place.receiver / "collector"
        run(self.setting.collector, "init", self.folder)
        serving = self.start_receiver()
        if not eventually(lambda: listening(self.setting.port)):
            raise RuntimeError("the collector does not start: " + (place.receiver / "log").read_text())
        token = json.loads(self.collector("token", "create", "--workstation", "pc", "--json"))["token"]
        run(self.setting.agent, "enroll", "--data-directory", place.sender / "agent", "--collector",
            f"127.0.0.1:{self.setting.port}", "--token", token)
        serving.stop()

    def start_receiver(self):
        return Program([self.setting.collector, "serve", "--config", self.folder / "collector.toml", "--listen-agents",
                        f"127.0.0.1:{self.setting.port}"], RECEIVER_CPU, self.place.receiver / "log")

    def start_sender(self, environment={}):
        return Program([self.setting.agent, "run", "--data-directory", self.place.sender / "agent", "--trace",
                        self.place.source], SENDER_CPU, self.place.sender / "log", environment)

    def waiting(self):
        told = run(self.setting.agent, "status", "--json", "--data-directory", self.place.sender / "agent")
        return json.loads(told)["records_pending"] > 0

    def installed_kib(self):
        """Of the programs alone, stripped as the packages have them."""
        stripped = self.setting.work / "stripped"

        def kib(program):
            run("strip", "-o", stripped, program)
            return stripped.stat().st_size // 1024

        return kib(self.setting.agent), kib(self.setting.collector)
