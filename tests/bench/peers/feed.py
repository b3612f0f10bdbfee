"""AnyDesk's part in the fault rounds: appends a text to the followed file at a steady pace, and cuts the file's head."""

import threading
import time

KEEP_BYTES = 943_719  # What AnyDesk keeps when it cuts (tests/support/trace/replay.h).
STEP_S = 0.05


class Feed(threading.Thread):
    def __init__(self, text, messages, per_s, source):
        super().__init__(daemon=True)
        self.text, self.source = text, source
        self.end, self.messages = text.end_of(messages)
        self.step_bytes = per_s * text.message_bytes * STEP_S
        self.written = 0
        self.lock = threading.Lock()
        source.touch()

    def run(self):
        due, now = 0.0, time.monotonic()
        with open(self.text.path, "rb") as text, open(self.source, "ab", buffering=0) as source:
            while self.written < self.end:
                with self.lock:  # Held while the head is cut or the reader catches up: then nothing is written.
                    due += self.step_bytes
                    piece = text.read(max(1, min(self.end, int(due)) - self.written))
                    if not piece.endswith(b"\n"):
                        piece += text.readline()
                    source.write(piece)
                    self.written += len(piece)
                now = max(now + STEP_S, time.monotonic() - STEP_S)  # What was missed by a pause is not made up for.
                time.sleep(max(0.0, now - time.monotonic()))

    def fed(self):
        return self.text.messages_in(self.written)

    def cut_head(self):
        """As AnyDesk does: the last bytes to the front of the same file, the rest cut off. With the lock held. False: the
        file is too short for it."""
        with open(self.source, "r+b") as file:
            if file.seek(0, 2) <= KEEP_BYTES:
                return False
            file.seek(-KEEP_BYTES, 2)
            kept = file.read()
            file.seek(0)
            file.write(kept)
            file.truncate()
        return True
