"""What a fault round's oracle sees while it goes on: how long nothing new came although something was outstanding."""

import threading
import time

LOOK_S = 0.1
SLACK = 20  # Messages that may be on their way, or not complete in a followed line, without anybody being stuck.


class Watch(threading.Thread):
    def __init__(self, oracle, feed):
        super().__init__(daemon=True)
        self.oracle, self.feed = oracle, feed
        self.stuck_s = 0.0
        self.excused = False  # While a fault is in effect nobody is stuck.
        self.over = False
        self.changed = self.progressed = time.monotonic()

    def run(self):
        total = -1
        distinct = 0
        while not self.over:
            self.oracle.look()
            now = time.monotonic()
            if self.oracle.distinct > distinct:
                self.stuck_s = max(self.stuck_s, now - self.progressed)
                distinct = self.oracle.distinct
                self.progressed = now
            if self.excused or self.feed.fed() - distinct <= SLACK:
                self.progressed = now
            if distinct + self.oracle.repeated != total:
                total = distinct + self.oracle.repeated
                self.changed = now
            time.sleep(LOOK_S)

    def wait_all(self, patience_s):
        """Whether all that was fed is there."""
        end = time.monotonic() + patience_s
        while self.feed.fed() - self.oracle.distinct > SLACK and time.monotonic() < end:
            time.sleep(LOOK_S)
        return self.feed.fed() - self.oracle.distinct <= SLACK

    def drain(self, pair, quiet_s, patience_s):
        """Until nothing has changed for so long and the sender's queue is empty. False: patience was over before."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if time.monotonic() - self.changed >= quiet_s and not pair.waiting():
                return True
            time.sleep(1)
        return False
