"""How long all documents take, and how much memory: an ordinary case, and fifty thousand refusals. Run by `make documents`."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, "target/release/reprieve")
HOST = "mx01.mail.icloud.com[17.57.154.33]"
SAID = "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137. Txn ID 4fbc0af0-417e-4180-91d8-"


def refusals(path, count):
    with open(path, "w") as log:
        for number in range(count):
            second = number // 20
            stamp = f"2026-10-05T{7 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z mail postfix"
            message = f"{0x4D000000 + number:011X}"
            log.write(f"{stamp}/qmgr[7]: {message}: from=<maria{number % 40}@northwind.example>, size=5120, nrcpt=1 (queue active)\n")
            log.write(
                f"{stamp}/smtp[8]: {message}: to=<kund{number % 9000}@icloud.com>, relay={HOST}:25, delay=2, dsn=5.7.1, "
                f"status=bounced (host {HOST} said: {SAID}{number:012x} (in reply to end of DATA command))\n"
            )


def run(log, folder):
    out = os.path.join(folder, "out")
    shutil.rmtree(out, ignore_errors=True)
    facts = ["--company", "Northwind", "--domain", "northwind.example", "--ip", "203.0.113.25", "--cause", "x", "--fixed", "y", "--mail-kind", "z"]
    environment = {**os.environ, "XDG_DATA_HOME": folder, "SOURCE_DATE_EPOCH": "1791200000"}
    begun = time.perf_counter()
    child = subprocess.Popen([PROGRAM, "draft", "--no-check", "--tz", "UTC", "--out", out, *facts, log], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


with tempfile.TemporaryDirectory() as folder:
    many = os.path.join(folder, "many.log")
    refusals(many, 50_000)
    for name, log, most in [("sample", os.path.join(ROOT, "assets/samples/mail.log"), 0.3), ("50,000 refusals", many, 2.0)]:
        runs = [run(log, folder) for _ in range(5)]
        seconds, memory = statistics.median(seconds for seconds, _ in runs), max(memory for _, memory in runs)
        print(f"{name}: all documents in {seconds:.2f} s (aim {most} s), peak {memory:.0f} MB")
