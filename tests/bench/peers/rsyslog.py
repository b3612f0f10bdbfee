"""rsyslog with RELP over TLS, in the best configurations found by trying.

Fast: a RELP window of 1,024 instead of 128 is 13 times as fast; the file's own queue in memory. Durable: no queue at the
receiver, so that it acknowledges what it has synced, one fsync a message; a disk queue at the sender whose place is written
down at each message. That outlives a kill; with queue.syncqueuefiles, which outlives a power cut too, it is half as fast. The
pause between two attempts is capped, else waiting for the rest would measure the pause.
"""

import re

from program import RECEIVER_CPU, SENDER_CPU, Program

MEMORY = 'main_queue(queue.type="LinkedList" queue.size="300000" queue.dequeueBatchSize="1024")'
DIRECT = 'main_queue(queue.type="Direct")'
HELD = ('queue.type="Disk" queue.filename="held" queue.checkpointInterval="1"'
        ' action.resumeRetryCount="-1" action.resumeInterval="1" action.resumeIntervalMax="1"')

RECEIVER = """
global(workDirectory="{state}")
module(load="imrelp" tls.tlslib="openssl")
template(name="raw" type="string" string="%msg:::drop-last-lf%\\n")
ruleset(name="out" queue.type="Direct") {{
  action(type="omfile" file="{state}/out" template="raw" ioBufferSize="64k" flushOnTXEnd="on" {sync}
    action.resumeRetryCount="-1" action.resumeInterval="1" action.resumeIntervalMax="1")
}}
input(type="imrelp" port="{port}" ruleset="out" tls="on" tls.authMode="name" tls.permittedPeer="sender"
  tls.caCert="{pki}/ca.pem" tls.myCert="{pki}/receiver.pem" tls.myPrivKey="{pki}/receiver.key")
"""
SENDER = """
global(workDirectory="{state}")
module(load="imfile" mode="inotify")
module(load="omrelp" tls.tlslib="openssl")
{queue}
template(name="raw" type="string" string="<13>1 - - - - - - %msg%")
input(type="imfile" file="{source}" tag="t" reopenOnTruncate="on" persistStateInterval="{persist}")
action(type="omrelp" target="127.0.0.1" port="{port}" template="raw" windowSize="1024" tls="on" tls.authMode="name"
  {held} tls.permittedPeer="receiver" tls.caCert="{pki}/ca.pem" tls.myCert="{pki}/sender.pem" tls.myPrivKey="{pki}/sender.key")
"""


class Rsyslog:
    letter = "rsyslog"

    def __init__(self, setting, durable):
        self.setting, self.durable = setting, durable
        self.name = "rsyslog durable" if durable else "rsyslog fast"

    def prepare(self, place):
        self.place = place
        common = {"pki": self.setting.pki, "port": self.setting.port}
        (place.receiver / "rsyslog.conf").write_text(RECEIVER.format(
            state=place.receiver, sync='sync="on"' if self.durable else "", **common))
        (place.sender / "rsyslog.conf").write_text(SENDER.format(
            state=place.sender, source=place.source, queue=DIRECT if self.durable else MEMORY,
            held=HELD if self.durable else "", persist=1 if self.durable else 0, **common))

    def start(self, state, cpu, environment):
        (state / "pid").unlink(missing_ok=True)
        packages = self.setting.packages
        return Program([packages / "usr/sbin/rsyslogd", "-n", "-f", state / "rsyslog.conf", "-i", state / "pid", "-M",
                        packages / "usr/lib/x86_64-linux-gnu/rsyslog"], cpu, state / "log",
                       self.setting.libraries | environment)

    def start_receiver(self):
        return self.start(self.place.receiver, RECEIVER_CPU, {})

    def start_sender(self, environment={}):
        return self.start(self.place.sender, SENDER_CPU, environment)

    def waiting(self):
        """Whether the sender's queue is written further than it is read, by its own account of both places."""
        account = self.place.sender / "held.qi"
        if not account.exists():
            return False
        places = re.findall(r"\+(?:iCurrFNum|iCurrOffs):2:\d+:(\d+):", account.read_text(errors="replace"))
        return places[:2] != places[2:4]

    def installed_kib(self):
        return self.setting.package_kib("rsyslog_", "rsyslog-relp", "rsyslog-openssl")
