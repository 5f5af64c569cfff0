"""Drive a headless Chromium as a person would: go, type, click, look.

Used by the walk that makes the screenshots of docs/. Speaks the DevTools protocol over
websocket-client, which Odoo's own browser tests need anyway, so nothing more is installed.
"""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=zh-CN",
    "--remote-allow-origins=*",
]


class BrowserError(Exception):
    """The page did not do what a person would have waited for."""


class Browser:
    """One Chromium with one page and its own empty profile.

    :param size: viewport in CSS pixels; ``mobile`` makes it a touch screen
    """

    def __init__(self, size=(1366, 900), mobile=False):
        binary = shutil.which("chromium") or shutil.which("chromium-browser")
        if not binary:
            raise BrowserError("chromium is not installed; script/setup names the package")
        self._profile = tempfile.TemporaryDirectory(
            prefix="jinxing-chromium-", ignore_cleanup_errors=True
        )
        self._process = subprocess.Popen(
            [
                binary,
                *FLAGS,
                "--remote-debugging-port=0",
                f"--user-data-dir={self._profile.name}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ids = itertools.count(1)
        self.errors: list[str] = []
        port = self._port()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(tab for tab in json.load(answer) if tab["type"] == "page")
        self._socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=60)
        for domain in ("Page", "Runtime", "Network"):
            self._call(f"{domain}.enable")
        self.resize(size, mobile)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._socket.close()
        self._process.terminate()
        self._process.wait(10)
        self._profile.cleanup()

    def _port(self):
        path = Path(self._profile.name) / "DevToolsActivePort"
        for _attempt in range(200):
            if path.exists() and path.read_text().strip():
                return int(path.read_text().split()[0])
            time.sleep(0.1)
        raise BrowserError("chromium did not start")

    def _call(self, method, **params):
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                details = message["params"]["exceptionDetails"]
                text = details.get("exception", {}).get("description") or details.get("text")
                self.errors.append(text)
            if message.get("id") == number:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']['message']}")
                return message["result"]

    def resize(self, size, mobile=False):
        """Set the viewport in CSS pixels."""
        width, height = size
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if mobile else 1,
            mobile=mobile,
        )
        if mobile:
            self._call("Emulation.setTouchEmulationEnabled", enabled=True)

    def go(self, url, wait="body"):
        """Open ``url`` and wait until ``wait`` (a CSS selector) is shown."""
        self._call("Page.navigate", url=url)
        time.sleep(0.3)
        self.wait(wait)

    def run(self, script):
        """Return the value of a JavaScript expression."""
        result = self._call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def wait(self, selector, seconds=30):
        """Wait until ``selector`` is visible; ``text=…`` waits for a text on the page."""
        if selector.startswith("text="):
            script = f"document.body && document.body.innerText.includes({selector[5:]!r})"
        else:
            script = (
                f"[...document.querySelectorAll({selector!r})].some(e => e.getClientRects().length)"
            )
        script = f"document.readyState === 'complete' && ({script})"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.run(script):
                    return
            except BrowserError:
                pass  # the page is being replaced
            time.sleep(0.15)
        text = self.run("document.body.innerText.slice(0, 600)")
        raise BrowserError(f"waited {seconds} s for {selector}; the page says: {text}")

    def click(self, selector, text=None):
        """Click the first visible match, if given the one whose text holds ``text``."""
        self.wait(selector)
        done = self.run(
            f"""(() => {{
                const hit = [...document.querySelectorAll({selector!r})].find(e =>
                    e.getClientRects().length && (!{json.dumps(text)} ||
                    (e.innerText || e.value || "").includes({json.dumps(text)})));
                if (!hit) return false;
                hit.scrollIntoView({{block: "center"}});
                hit.click();
                return true;
            }})()"""
        )
        if not done:
            raise BrowserError(f"nothing to click: {selector} {text or ''}")
        time.sleep(0.4)

    def type(self, selector, text):
        """Put ``text`` into a field as if typed."""
        self.wait(selector)
        self.run(
            f"""(() => {{
                const field = [...document.querySelectorAll({selector!r})].find(
                    e => e.getClientRects().length);
                field.focus();
                field.value = "";
            }})()"""
        )
        self._call("Input.insertText", text=text)
        self.run(
            """(() => {
                const field = document.activeElement;
                field.dispatchEvent(new Event("change", {bubbles: true}));
            })()"""
        )
        time.sleep(0.2)

    def login(self, base, user, password, path="/odoo"):
        """Log in afresh as ``user`` and open ``path``."""
        self._call("Network.clearBrowserCookies")
        self.go(f"{base}/web/login", wait="input[name=login]")
        self.type("input[name=login]", user)
        self.type("input[name=password]", password)
        self.click("form.oe_login_form button[type=submit]")
        self.wait("body")
        time.sleep(1)
        self.go(base + path)

    def settle(self, seconds=20):
        """Wait until no request is under way and fonts and pictures are there."""
        end = time.monotonic() + seconds
        quiet = 0
        while time.monotonic() < end and quiet < 3:
            busy = self.run(
                "!!document.querySelector('.o_loading_indicator, .o_blockUI') ||"
                " [...document.images].some(i => !i.complete)"
            )
            quiet = 0 if busy else quiet + 1
            time.sleep(0.25)

    def shot(self, path, whole=False):
        """Save what is seen as PNG; ``whole`` takes the page to its end."""
        self.settle()
        params = {"format": "png", "captureBeyondViewport": whole}
        if whole:
            size = self._call("Page.getLayoutMetrics")["cssContentSize"]
            params["clip"] = {
                "x": 0,
                "y": 0,
                "width": size["width"],
                "height": min(size["height"], 6000),
                "scale": 1,
            }
        data = self._call("Page.captureScreenshot", **params)["data"]
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
        return path
