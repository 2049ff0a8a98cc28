"""Figures of the release window under Xvfb: `make figures`.

Start (exec to the first text pixel, median of 10), memory (PSS of all its processes) at start and after a large log,
frames while a large log is read, and the time from drop to verdict for a log of 8 MB.
"""

import base64
import json
import mmap
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINDOW = Path(os.environ.get("REPRIEVE_WINDOW", ROOT / "target/release/reprieve-window"))
SAMPLE = ROOT / "assets/samples/mail.log"


class Display:
    """Xvfb with its picture in a file."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-fbdir", self.folder, "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
        self.server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        self.name = ":" + os.read(read, 16).decode().strip()

    def environment(self):
        home = Path(self.folder)
        return dict(os.environ, DISPLAY=self.name, GDK_BACKEND="x11", GTK_THEME="Adwaita", HOME=str(home), XDG_DATA_HOME=str(home / "data"))

    def has_text(self, picture):
        """Whether the window is light and holds dark pixels: the page's first words."""
        header, *_ = struct.unpack(">I", picture[0:4])
        colours = struct.unpack(">I", picture[76:80])[0]
        start = header + colours * 12
        rows = [picture[start + row * 1280 * 4 : start + row * 1280 * 4 + 1000 * 4] for row in range(8, 300, 6)]
        pixels = b"".join(rows)[0::4]
        light = sum(1 for pixel in pixels if pixel > 200)
        dark = sum(1 for pixel in pixels if pixel < 90)
        return light > len(pixels) * 0.6 and dark > 60

    def close(self):
        self.server.kill()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def pss(root):
    """The proportional memory of a process and its children, in MB."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    total, open_ = 0, [root]
    while open_:
        process = open_.pop()
        open_ += children.get(process, [])
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


def starts(count=10):
    times, memory = [], 0
    for _ in range(count):
        display = Display()
        picture = open(Path(display.folder) / "Xvfb_screen0", "r+b")
        with mmap.mmap(picture.fileno(), 0) as view:
            begun = time.perf_counter()
            window = subprocess.Popen([str(WINDOW)], env=display.environment(), stderr=subprocess.DEVNULL)
            while not display.has_text(view) and time.perf_counter() - begun < 20:
                time.sleep(0.01)
            times.append(time.perf_counter() - begun)
        time.sleep(1)
        memory = pss(window.pid)
        window.kill()
        window.wait()
        display.close()
    print(f"start: median {statistics.median(times):.2f} s of {count}, {min(times):.2f} to {max(times):.2f} s; PSS {memory} MB")


class Driver:
    """The window through WebDriver."""

    def __init__(self, *arguments):
        self.display = Display()
        self.manager = subprocess.Popen(["openbox"], env=self.display.environment(), stderr=subprocess.DEVNULL)
        environment = dict(self.display.environment(), TAURI_WEBVIEW_AUTOMATION="true")
        self.port = 4600 + os.getpid() % 900
        self.driver = subprocess.Popen(["WebKitWebDriver", f"--port={self.port}"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.7)
        options = {"binary": str(WINDOW), "args": [str(argument) for argument in arguments]}
        answer = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}})
        self.session = answer["sessionId"]

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, data=data, headers={"content-type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=120))["value"]

    def run(self, script):
        return self.ask("POST", f"/session/{self.session}/execute/sync", {"script": script, "args": []})

    def mouse(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], env=self.display.environment(), check=True)

    def drop(self, path):
        """Drags a file over the window and drops it."""
        self.ask("POST", f"/session/{self.session}/window/rect", {"x": 0, "y": 0, "width": 900, "height": 640})
        source = subprocess.Popen(["/usr/bin/python3", str(ROOT / "tests/window/drag.py"), str(path)], env=self.display.environment())
        time.sleep(1.5)
        self.mouse("mousemove", 1230, 780)
        self.mouse("mousedown", 1)
        for step in range(1, 26):
            self.mouse("mousemove", 1230 - step * 30, 780 - step * 16)
            time.sleep(0.02)
        self.mouse("mouseup", 1)
        return source

    def process(self):
        output = subprocess.run(["pgrep", "-f", f"^{WINDOW}"], capture_output=True, text=True, check=True)
        return int(output.stdout.split()[0])

    def close(self):
        self.ask("DELETE", f"/session/{self.session}")
        for process in (self.driver, self.manager):
            process.kill()
            process.wait()
        self.display.close()


WATCH = """
window.frames_ = []; window.marks_ = {};
let last = performance.now();
const frame = (now) => { if (window.marks_.busy) window.frames_.push(now - last); last = now; requestAnimationFrame(frame); };
requestAnimationFrame(frame);
new MutationObserver(() => {
  const now = performance.now();
  if (document.querySelector('header li') && !window.marks_.dropped) { window.marks_.dropped = now; window.marks_.busy = true; }
  if (document.querySelector('#verdict') && !window.marks_.verdict) window.marks_.verdict = now;
  if (window.marks_.dropped && !document.querySelector('#stop') && document.querySelector('#letter-body')) { window.marks_.done = window.marks_.done ?? now; window.marks_.busy = false; }
}).observe(document.body, { childList: true, subtree: true });
"""


def watched(path, label):
    driver = Driver()
    driver.run(WATCH)
    source = driver.drop(path)
    deadline = time.time() + 120
    while time.time() < deadline and not driver.run("return window.marks_.done ?? null"):
        time.sleep(0.3)
    marks = driver.run("return window.marks_")
    frames = sorted(driver.run("return window.frames_"))
    print(f"{label}: verdict after {marks['verdict'] - marks['dropped']:.0f} ms, all after {marks['done'] - marks['dropped']:.0f} ms")
    if frames:
        print(f"  {len(frames)} frames: 95 % within {frames[int(len(frames) * 0.95)]:.0f} ms, longest {frames[-1]:.0f} ms")
    time.sleep(1)
    print(f"  PSS afterwards {pss(driver.process())} MB")
    source.kill()
    driver.close()


def main():
    large = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    starts()
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "mail.log"
        sample = SAMPLE.read_bytes()
        small.write_bytes(sample * (8_000_000 // len(sample) + 1))
        watched(small, "8 MB log")
    if large:
        watched(large, f"{large.name}")


if __name__ == "__main__":
    main()
