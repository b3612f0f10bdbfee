"""A real SMTP server for tests: Debian's python3-aiosmtpd, made to misbehave by a file.

server.py CONTROL KEPT REACHED [CERTIFICATE KEY]

Listens on a free loopback port, which it prints. Each mail it takes responsibility for is a line of JSON in KEPT, on disk
before the answer. CONTROL is read again at every step of a conversation; it is empty (all is well) or "HOW STEP [TEXT]":

  close STEP   the connection ends there without an answer
  reply STEP T the answer is T
  stall STEP   "STEP" is written to REACHED, and nothing goes on until CONTROL says something else; then the connection ends
  slow STEP S  the answer comes S seconds later
  poison STEP WHOM T  the answer is T, to a mail with WHOM in one of the addresses that were named so far

Steps: greeting ehlo starttls auth mail rcpt data within dot kept quit. "within" is behind the first line of a mail, "dot" when
it was read and nobody keeps it, "kept" when it is kept and not answered yet. With CERTIFICATE it wants STARTTLS and the login
"robot"/"sesame-7", or the token "token-7" by XOAUTH2.
"""

import asyncio
import base64
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

CONTROL, KEPT, REACHED = sys.argv[1:4]
TLS = sys.argv[4:6]


def told(step):
    with open(CONTROL, encoding="utf-8") as file:
        words = file.read().split(" ", 2)
    return (words[0], words[2] if len(words) > 2 else "") if len(words) > 1 and words[1] == step else ("", "")


class Gone(Exception):
    pass


class Server(SMTP):
    connections = 0

    async def misbehave(self, step, arg=None):
        """The answer in place of the usual one; None for the usual one."""
        how, text = told(step)
        if how == "poison":
            whom, text = text.split(" ", 1)
            named = [arg, *([self.envelope.mail_from, *self.envelope.rcpt_tos] if self.envelope else [])]
            how = "reply" if any(whom in one for one in named if one) else ""
        if how == "stall":
            with open(REACHED, "w", encoding="utf-8") as file:
                file.write(step)
            while told(step)[0] == "stall":
                await asyncio.sleep(0.01)
            how = "close"
        if how == "close":
            self.transport.abort()
            raise Gone()
        if how == "slow":
            await asyncio.sleep(float(text))
        return text if how == "reply" else None

    async def step(self, name, usual, arg):
        answer = await self.misbehave(name, arg)
        if answer is None:
            await usual(arg)
        else:
            await self.push(answer)

    async def _handle_client(self):
        Server.connections += 1
        try:
            answer = await self.misbehave("greeting")
            if answer is not None:
                await self.push(answer)
                self.transport.close()
                return
            await super()._handle_client()
        except Gone:
            pass

    async def smtp_EHLO(self, arg):
        await self.step("ehlo", super().smtp_EHLO, arg)

    async def smtp_STARTTLS(self, arg):
        await self.step("starttls", super().smtp_STARTTLS, arg)

    async def smtp_AUTH(self, arg):
        await self.step("auth", super().smtp_AUTH, arg)

    async def smtp_MAIL(self, arg):
        await self.step("mail", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg):
        await self.step("rcpt", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg):
        if told("within")[0]:
            await self.push("354 go on")
            await self._reader.readline()
            await self.misbehave("within")
        await self.step("data", super().smtp_DATA, arg)

    async def smtp_QUIT(self, arg):
        await self.step("quit", super().smtp_QUIT, arg)


class Handler:
    async def handle_DATA(self, server, session, envelope):
        answer = await server.misbehave("dot")
        if answer is not None:
            return answer
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "raw": envelope.original_content.hex(),
            "connection": Server.connections,
            "tls": session.ssl is not None,
            "user": (session.auth_data or b"").decode() if session.authenticated else "",
        }
        with open(KEPT, "a", encoding="utf-8") as file:
            file.write(json.dumps(mail) + "\n")
            file.flush()
            os.fsync(file.fileno())
        await server.misbehave("kept")
        return "250 2.0.0 taken"

    async def auth_XOAUTH2(self, server, args):
        given = args[1] if len(args) > 1 else None
        if given is None:
            await server.push("334 ")
            given = (await server._reader.readline()).decode().strip()
        if base64.b64decode(given) == b"user=robot\x01auth=Bearer token-7\x01\x01":
            return AuthResult(success=True, auth_data=b"robot by token")
        await server.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        await server._reader.readline()
        return AuthResult(success=False)


def login(server, session, envelope, mechanism, data):
    good = data.login == b"robot" and data.password == b"sesame-7"
    return AuthResult(success=good, auth_data=b"robot by " + mechanism.encode())


async def main():
    context = None
    if TLS:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*TLS)

    def serve():
        options = {"tls_context": context, "require_starttls": True} if context else {}
        options |= {"authenticator": login, "auth_required": True} if context else {}
        return Server(Handler(), hostname="mail.test", ident="test", loop=loop, timeout=30, **options)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(serve, "127.0.0.1", 0, backlog=100)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
