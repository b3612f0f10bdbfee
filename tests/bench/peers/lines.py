"""What the peers carry: numbered lines, as long as AnyDesk's are in the median, and the count of what arrived."""

import os
import re

LINE_BYTES = 137  # The line feed included.
WHOLE = re.compile(rb"^seq=(\d{10}) x{%d}$" % (LINE_BYTES - 16), re.MULTILINE)


class Lines:
    """A file of so many of them; one line is one message."""

    def __init__(self, path, messages):
        self.path, self.messages, self.message_bytes = path, messages, LINE_BYTES
        padding = "x" * (LINE_BYTES - 16)
        with open(path, "w") as file:
            file.writelines(f"seq={number:010d} {padding}\n" for number in range(messages))

    def oracle(self, receiver, messages):
        return LineOracle(receiver / "out", messages)

    def end_of(self, messages):
        """Where the first so many of them end, and how many that is."""
        messages = min(messages, self.messages)
        return messages * LINE_BYTES, messages

    def messages_in(self, written):
        """Messages that are certainly whole in so many bytes."""
        return written // LINE_BYTES


class LineOracle:
    """Reads the receiver's file. A line counts only if it is whole; what is left of others is `damaged`."""

    def __init__(self, path, messages):
        self.path, self.offset, self.rest = path, 0, b""
        self.seen = bytearray(messages)
        self.distinct = self.repeated = self.damaged = 0

    def stored(self):
        """Cheap: how many there are by the file's length."""
        return os.stat(self.path).st_size // LINE_BYTES if self.path.exists() else 0

    def look(self):
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            new = file.read()
        self.offset += len(new)
        whole, feed, self.rest = (self.rest + new).rpartition(b"\n")
        numbers = WHOLE.findall(whole)
        self.damaged += whole.count(b"\n") + len(feed) - len(numbers)
        for number in map(int, numbers):
            if self.seen[number]:
                self.repeated += 1
            self.seen[number] = 1
        self.distinct = self.seen.count(1)

    def note(self):
        return f", {self.damaged} fragments" if self.damaged else ""
