"""Shows the HTML of every golden mail to one headless Chromium, in two widths, light and dark, keeps a picture of
each, and checks what can be checked without comparing pixels of fonts.

    pictures.py FOLDER_OF_MAILS FOLDER_FOR_PICTURES [NAME...]

The browser is started once and spoken to over a pipe (Chrome DevTools Protocol); it can reach nothing.
"""

import base64
import email
import email.policy
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

WIDTHS = (700, 360)
SCHEMES = ("light", "dark")
LIMIT_S = 240

# Runs in the page. Contrast as WCAG 2 computes it, of each piece of text with what lies behind it.
LOOK = """
(() => {
  const channels = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = rgb => {
    const [r, g, b] = rgb.slice(0, 3).map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const color = channels(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0.99) return color;
      if (color[3] > 0) return null;
    }
    return dark ? [18, 18, 18] : [255, 255, 255];
  };
  const problems = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0, worst = 99;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim()) continue;
    ++texts;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const said = JSON.stringify(node.textContent.trim().slice(0, 40));
    if (box.width === 0 || box.height === 0) problems.push(`${said} is not to be seen`);
    if (box.right > innerWidth + 0.5 || box.left < -0.5) problems.push(`${said} sticks out`);
    const ground = behind(node.parentElement);
    if (!ground) { problems.push(`${said} stands on something half transparent`); continue; }
    const a = luminance(channels(getComputedStyle(node.parentElement).color)), b = luminance(ground);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    worst = Math.min(worst, contrast);
    if (contrast < 4.5) problems.push(`${said} has a contrast of ${contrast.toFixed(2)}`);
  }
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) problems.push(`it is ${root.scrollWidth} wide in a window of ${innerWidth}`);
  const page = luminance(channels(getComputedStyle(document.querySelector('.page')).backgroundColor));
  if (dark ? page > 0.1 : page < 0.7) problems.push(`the page's ground has a luminance of ${page.toFixed(2)}`);
  for (const image of document.images)
    if (!image.complete || image.naturalWidth === 0) problems.push('a picture is not shown');
  return {problems, texts, worst, text: document.body.innerText, images: document.images.length};
})()
"""


class Browser:
    def __init__(self, profile):
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe", f"--user-data-dir={profile}",
            "about:blank",
        ]

        def hand_over():
            os.dup2(to_browser, 203)
            os.dup2(from_browser, 204)
            os.dup2(203, 3)
            os.dup2(204, 4)

        self.log = open(os.path.join(profile, "browser.log"), "wb")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, close_fds=False,
            preexec_fn=hand_over)
        os.close(to_browser)
        os.close(from_browser)
        self.deadline = time.monotonic() + LIMIT_S
        self.buffer = b""
        self.number = 0
        self.session = None
        self.asked_for = []  # Everything that a page wanted from outside itself.

    def message(self):
        while b"\0" not in self.buffer:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.read_end], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.read_end, 1 << 20)
            if not more:
                raise ConnectionError("the browser ended")
            self.buffer += more
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.write_end, data):]
        while True:
            answer = self.message()
            if answer.get("method") == "Network.requestWillBeSent":
                url = answer["params"]["request"]["url"]
                if not url.startswith(("data:", "about:")):
                    self.asked_for.append(url)
            if answer.get("id") != self.number:
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            return answer["result"]

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def open(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        self.frame = self.call("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def show(self, html, width, scheme):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=300, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.setDocumentContent", frameId=self.frame, html=html)
        self.evaluate("Promise.all([...document.images].map(i => i.decode().catch(() => 0)))")
        return self.evaluate(LOOK)

    def picture(self):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 4000), "scale": 1}
        return base64.b64decode(
            self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"])

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


def read(path):
    """The HTML with its pictures inside, and what must be seen in it."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    html = mail.get_body(("html",)).get_content()
    for part in mail.walk():
        if part.get_content_maintype() == "image":
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace("cid:" + part["content-id"][1:-1], f"data:{part.get_content_type()};base64,{data}")
    return html, [mail["x-deskledger-batch"], mail["from"].addresses[0].display_name[:20]]


def problems_of(browser, path, pictures):
    html, expected = read(path)
    for width in WIDTHS:
        for scheme in SCHEMES:
            name = f"{path.stem}-{width}-{scheme}"
            seen = browser.show(html, width, scheme)
            (pictures / f"{name}.png").write_bytes(browser.picture())
            yield from (f"{name}: {problem}" for problem in seen["problems"])
            if seen["texts"] < 8:
                yield f"{name}: there are only {seen['texts']} pieces of text"
            yield from (f"{name}: '{text}' is missing" for text in expected if text not in seen["text"])
            if path.stem != "hostile" and (left := re.search(r"%[a-z_ ]+%", seen["text"])):
                yield f"{name}: {left[0]} was not filled in"
            if ("image/" in html) != (seen["images"] > 0):
                yield f"{name}: {seen['images']} pictures"
    for url in browser.asked_for:
        yield f"{path.stem}: it wants {url} from outside"
    browser.asked_for.clear()


# What the check itself must find, or it proves nothing.
BAD = """<html><body><table class="page" style="background-color:#ffffff"><tr><td>
<p style="color:#999999">pale text</p><div style="width:900px">wide</div><img src="https://example.invalid/x.png">
</td></tr></table></body></html>"""


def blind_spots(browser):
    found = " ".join(browser.show(BAD, 360, "dark")["problems"])
    for needle in ("contrast of", "it is 9", "luminance of", "a picture is not shown"):
        if needle not in found:
            yield f"the check does not see '{needle}': {found}"
    if not browser.asked_for:
        yield "the check does not see what is loaded from outside"
    browser.asked_for.clear()


def main():
    mails = sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))
    if sys.argv[3:]:
        mails = [path for path in mails if path.stem in sys.argv[3:]]
    pictures = pathlib.Path(sys.argv[2])
    pictures.mkdir(parents=True, exist_ok=True)
    if not shutil.which("chromium"):
        print("there is no chromium; install it with: ./dev setup test")
        return 1
    with tempfile.TemporaryDirectory(prefix="deskledger-pictures-", ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            browser.open()
            wrong = list(blind_spots(browser))
            for path in mails:
                wrong += problems_of(browser, path, pictures)
        except (OSError, RuntimeError) as error:
            log = pathlib.Path(profile, "browser.log").read_text("utf-8", "replace")
            wrong = [f"{error}\n{log[-2000:]}"]
        finally:
            browser.close()
    print(*wrong, f"{len(mails)} mails shown, {len(mails) * 4} pictures in {pictures}", sep="\n")
    return 1 if wrong or not mails else 0


if __name__ == "__main__":
    sys.exit(main())
