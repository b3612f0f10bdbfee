"""Where everything is: the programs, certificates for the peers, a folder for each run."""

import os
import pathlib
import shutil
import subprocess

DAY_BEFORE = "-1d"  # A sender whose clock is nine hours slow must still find its certificate valid.


class Place:
    """The folders of one run, always the same, empty at its beginning. `receiver` and `sender` hold what each keeps."""

    def __init__(self, folder):
        self.folder, self.sender, self.receiver = folder, folder / "sender", folder / "receiver"
        self.source = folder / "anydesk.trace"
        shutil.rmtree(folder, ignore_errors=True)
        self.sender.mkdir(parents=True)
        self.receiver.mkdir()


class Setting:
    def __init__(self, packages, collector, agent, tools, work, apart):
        self.packages, self.collector, self.agent, self.tools = packages, collector, agent, tools
        self.apart = apart  # Loopback, packet filter and mounts are ours alone.
        self.work, self.pki, self.port = work, work / "pki", 13_000 + os.getpid() % 10_000
        folders = [packages / "usr/lib/syslog-ng", packages / "usr/lib/x86_64-linux-gnu"]
        self.libraries = {"LD_LIBRARY_PATH": ":".join(map(str, folders))}
        self.faketime = packages / "usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
        self.pki.mkdir(parents=True)
        (work / "probe").mkdir()
        self.certificate("ca")
        self.certificate("receiver", issuer="ca")
        self.certificate("sender", issuer="ca")

    def certificate(self, name, issuer=None):
        key, request, certificate = (self.pki / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        extensions = self.pki / f"{name}.ext"
        extensions.write_text(f"subjectAltName=DNS:{name},DNS:localhost\n" if issuer else "basicConstraints=critical,CA:true\n")
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                     "-subj", f"/CN={name}", "-out", request)
        signed_by = ["-CA", self.pki / f"{issuer}.pem", "-CAkey", self.pki / f"{issuer}.key", "-CAcreateserial"] if issuer \
            else ["-signkey", key]
        self.openssl("x509", "-req", "-in", request, *signed_by, "-days", "4", "-extfile", extensions, "-out", certificate)

    def openssl(self, *arguments):
        faked = {"LD_PRELOAD": str(self.faketime), "FAKETIME": DAY_BEFORE} if self.faketime.exists() else {}
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, env=os.environ | faked)

    def place(self):
        return Place(self.work / "run")

    def package_kib(self, *names):
        """Installed sizes by the packages' own account."""
        debs = [next((self.packages / "packages").glob(f"{name}*.deb")) for name in names]
        told = [subprocess.run(["dpkg-deb", "-f", deb, "Installed-Size"], check=True, capture_output=True) for deb in debs]
        total = sum(int(each.stdout) for each in told)
        return total, total


def why_not(command, environment=None):
    """Empty: this can be done here."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | (environment or {}))
    except OSError as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def program_of(setting, name):
    found = setting.packages / "usr/sbin" / name
    return found if found.exists() else pathlib.Path(shutil.which(name) or found)
