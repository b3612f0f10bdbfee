"""Reads every mail of a folder with Python's own parser and compares it with what it was meant to say.

A mail NAME.eml has beside it NAME.subject, NAME.text and NAME.html, as they were rendered, and NAME.to, the one
address it goes to. Prints what is wrong, one line each; the exit code says whether something was.
"""

import email
import email.policy
import pathlib
import sys

HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-deskledger-batch", "mime-version",
    "content-type", "content-language",
}


def text_of(part):
    return part.get_content().replace("\r\n", "\n")


def problems_of(path):
    raw = path.read_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    meant = {kind: path.with_suffix("." + kind).read_text("utf-8") for kind in ("subject", "text", "html", "to")}
    for part in mail.walk():
        for defect in part.defects:
            yield f"defect of {part.get_content_type()}: {defect!r}"
        for name, value in part.items():
            for defect in getattr(value, "defects", ()):
                yield f"defect of the header {name}: {defect!r}"
    names = [name.lower() for name in mail.keys()]
    if len(names) != len(set(names)):
        yield f"a header is there twice: {names}"
    if extra := set(names) - HEADERS:
        yield f"headers that are not ours: {extra}"
    if [address.addr_spec for address in mail["to"].addresses] != [meant["to"]]:
        yield f"it goes to {mail['to']}"
    if len(mail["from"].addresses) != 1:
        yield f"it comes from {mail['from']}"
    if str(mail["subject"]) != meant["subject"]:
        yield f"the subject reads {mail['subject']!r}, and was meant as {meant['subject']!r}"
    plain = mail.get_body(("plain",))
    if plain is None or text_of(plain) != meant["text"]:
        yield "the text is not what was meant"
    html = mail.get_body(("html",))
    if html is None or text_of(html) != meant["html"]:
        yield "the HTML is not what was meant"
    for part in mail.walk():
        if part.get_content_maintype() == "image" and part["content-id"][1:-1] not in meant["html"]:
            yield "a picture that nothing shows"
    if any(len(line) > 998 for line in raw.split(b"\r\n")):
        yield "a line has more than 998 bytes"
    # Serialised and read again it is the same mail.
    again = email.message_from_bytes(mail.as_bytes(policy=email.policy.SMTP), policy=email.policy.default)
    if again["subject"] != mail["subject"] or text_of(again.get_body(("plain",))) != meant["text"]:
        yield "it does not survive being written again"


def main():
    folder = pathlib.Path(sys.argv[1])
    mails = sorted(folder.glob("*.eml"))
    wrong = [f"{path.name}: {problem}" for path in mails for problem in problems_of(path)]
    print(*wrong, f"{len(mails)} mails read", sep="\n")
    return 1 if wrong or not mails else 0


if __name__ == "__main__":
    sys.exit(main())
