"""A program under measurement: on one CPU of its own, with what the kernel tells of it."""

import os
import signal
import subprocess
import time

SENDER_CPU, RECEIVER_CPU = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 30


class Program:
    def __init__(self, command, cpu, log, environment=None):
        cpus = os.sched_getaffinity(0)
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env=os.environ | (environment or {}),
                preexec_fn=lambda: os.sched_setaffinity(0, {cpu} if cpu in cpus else cpus))

    def cpu_s(self):
        """Processor time of all threads, also of those that have ended."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024

    def running(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if not self.running():
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill()


def eventually(condition, patience_s=PATIENCE_S):
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def listening(port):
    with open("/proc/net/tcp") as file:
        return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A" for line in list(file)[1:])


def wire_bytes():
    """What went over loopback so far: headers and acknowledgements of both directions included."""
    with open("/proc/net/dev") as file:
        return next(int(line.split()[1]) for line in file if line.strip().startswith("lo:"))
