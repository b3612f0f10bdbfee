"""syslog-ng over TLS, in the best configurations found by trying.

Its open edition's protocol acknowledges nothing; flow control holds the reading back, larger windows than its defaults.
Durable: each write synced, up to a thousand lines at a time, and the reliable disk buffer at the sender.
"""

from program import RECEIVER_CPU, SENDER_CPU, Program

RECEIVER = """@version: 3.38
options {{ stats-freq(0); flush-lines(1000); time-reopen(1); }};
source s {{ network(ip("127.0.0.1") port({port}) transport("tls") flags(no-parse) log-iw-size(20000) log-fetch-limit(1000)
  tls(key-file("{pki}/receiver.key") cert-file("{pki}/receiver.pem") ca-file("{pki}/ca.pem") peer-verify(required-trusted))); }};
destination d {{ file("{state}/out" template("${{MSG}}\\n") {sync}); }};
log {{ source(s); destination(d); flags(flow-control); }};
"""
SENDER = """@version: 3.38
options {{ stats-freq(0); flush-lines(1000); time-reopen(1); }};
source s {{ file("{source}" follow-freq(0.1) flags(no-parse) log-iw-size(20000) log-fetch-limit(1000)); }};
destination d {{ network("localhost" port({port}) transport("tls") template("${{MSG}}\\n") {held}
  tls(key-file("{pki}/sender.key") cert-file("{pki}/sender.pem") ca-file("{pki}/ca.pem") peer-verify(required-trusted))); }};
log {{ source(s); destination(d); flags(flow-control); }};
"""


class SyslogNg:
    letter = "syslog-ng"

    def __init__(self, setting, durable):
        self.setting, self.durable = setting, durable
        self.name = "syslog-ng durable" if durable else "syslog-ng fast"

    def prepare(self, place):
        self.place = place
        common = {"pki": self.setting.pki, "port": self.setting.port}
        held = f'disk-buffer(reliable(yes) disk-buf-size(67108864) mem-buf-size(1048576) dir("{place.sender}"))'
        (place.receiver / "conf").write_text(RECEIVER.format(
            state=place.receiver, sync="fsync(yes)" if self.durable else "", **common))
        (place.sender / "conf").write_text(SENDER.format(
            source=place.source, held=held if self.durable else "log-fifo-size(40000)", **common))

    def start(self, state, cpu, environment):
        packages = self.setting.packages
        return Program([packages / "usr/sbin/syslog-ng", "-F", "--stderr", "--no-caps", f"--cfgfile={state}/conf",
                        f"--persist-file={state}/persist", f"--pidfile={state}/pid", f"--control={state}/ctl",
                        f"--module-path={packages}/usr/lib/syslog-ng/3.38"], cpu, state / "log",
                       self.setting.libraries | environment)

    def start_receiver(self):
        return self.start(self.place.receiver, RECEIVER_CPU, {})

    def start_sender(self, environment={}):
        return self.start(self.place.sender, SENDER_CPU, environment)

    def waiting(self):
        return False  # The file of its buffer keeps its size; only the pause without a change tells.

    def installed_kib(self):
        return self.setting.package_kib("syslog-ng-core")
