#!/usr/bin/env python3
"""Endpoints in several languages share one delivery store: each push reaches one function, whatever fails. Then each
language is certified: `wosigndoc-server certify-callback` has nothing to say against it.

usage: run.py JAVA_CLASSPATH [DOTNET_SITE]      without the latter, .NET is skipped

Each language runs a site with the same function. It notes in the folder runs/ when it began and ended, and keeps the
document in stored/. Faults are ordered as files in faults/, KEY.WHAT; a site that strikes one removes it. Steps of the
store throw before or after they have taken effect; function.before and function.after throw before and after the
document is stored; function.slow outlives the claim.
"""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import databases

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPIRE_SECONDS = 3      # for claims that must expire; whole seconds are counted, so that it takes 3 to 4
PATIENCE = 45           # seconds until a push must have been acknowledged
SERVER = os.environ.get("TEST_SERVER", f"{ROOT}/target/debug/wosigndoc-server")
LARGEST = 20            # megabytes: what ASP.NET takes by its default
AT_ONCE = 8             # pushes of each store that everybody sends at the same moment

# What is ordered for a push, and how often its function runs then: once more for each run that failed or whose
# completion nobody noted, and for the one that outlived its claim. Where the run that took over from that one failed, it
# may still note its own completion before a third run begins.
FAULTS = [
    (["claim.before"], 1),
    (["claim.after"], 1),
    (["claim.after", "release.before"], 1),
    (["claim.after", "release.after"], 1),
    (["complete.before"], 2),
    (["complete.after"], 1),
    (["complete.before", "release.before"], 2),
    (["complete.before", "release.after"], 2),
    (["complete.after", "release.after"], 1),
    (["function.before"], 2),
    (["function.after"], 2),
    (["function.before", "release.before"], 2),
    (["function.before", "release.after"], 2),
    (["function.slow"], 2),
    (["function.slow", "function.before"], (2, 3)),
    (["function.slow", "complete.before"], (2, 3)),
    (["function.slow", "complete.after"], 2),
]


class Push:
    """The push of a document of its own."""

    def __init__(self, site, name, faults=()):
        self.site, self.name = site, name
        document = b"%PDF-1.7\n" + name.encode()
        digest = hashlib.sha256(document).hexdigest()
        self.key = hashlib.sha256(f"{name}:{digest}".encode()).hexdigest()
        self.body = json.dumps({"actiontype": "PushSignedDoc", "status": 1, "errorcode": "0", "extendData": {
            "signid": name, "ordernumber": name, "content": base64.b64encode(document).decode(), "hash": digest}})
        self.ordered = [f"{self.key}.{fault}" for fault in faults]
        for fault in self.ordered:
            pathlib.Path(site, "faults", fault).touch()

    def send(self, port, path):
        """True when it was acknowledged. Every answer is looked at."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.closing(connection):
            connection.request("POST", path, self.body)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode()
        if status == 200:
            assert text == "1", f"200 {text}"
            assert pathlib.Path(self.site, "stored", f"{self.key}.pdf").exists(), "acknowledged, and not stored"
            return True
        word = {503: ["busy"], 500: ["not_stored", "store_failed"]}.get(status, [])
        assert text in [f"not acknowledged: {one}" for one in word], f"{status} {text}"
        return False

    def send_until_acknowledged(self, port, path):
        deadline = time.monotonic() + PATIENCE
        while not self.send(port, path):
            assert time.monotonic() < deadline, "never acknowledged"
            time.sleep(0.1)

    def runs(self):
        """Begin and end of each run of the function, in seconds."""
        begun = pathlib.Path(self.site, "runs").glob(f"{self.key}.*.start")
        return sorted((one.stat().st_mtime, one.with_suffix(".end").stat().st_mtime) for one in begun)

    def judge(self, expected_runs):
        runs = self.runs()
        expected = expected_runs if isinstance(expected_runs, tuple) else (expected_runs,)
        assert len(runs) in expected, f"{len(runs)} runs, expected {expected_runs}: {runs}"
        for (began, ended), (next_began, _) in zip(runs, runs[1:]):
            # The function notes its begin after the claim was made: a busy machine takes a second or two for that.
            held = next_began - began > EXPIRE_SECONDS - 2
            assert next_began >= ended or held, f"a second run inside a claim: {runs}"
        left = [one for one in os.listdir(f"{self.site}/faults") if one in self.ordered]
        assert not left, f"never struck: {left}"


def deliver(push, ports, path, expected_runs):
    """All sites get the push at once, again and again until each has acknowledged it, and then once more."""
    with ThreadPoolExecutor(len(ports) * 2) as pool:
        for sent in [pool.submit(push.send_until_acknowledged, port, path) for port in ports * 2]:
            sent.result()
    for port in ports:
        assert push.send(port, path), "acknowledged before, and now no more"
    push.judge(expected_runs)


def certify(language, port, work):
    """The site takes what is right and nothing else: its signatures are verified, and what it stores is looked at."""
    command = [*certify_command(work), "--stored", f"{work}/stored", "--largest", str(LARGEST), "--number-prefix",
               f"{language}-", f"http://127.0.0.1:{port}/folder/900/verify"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"status {done.returncode}: {done.stdout}{done.stderr}"


def certify_command(work):
    return [SERVER, "certify-callback", "--data", f"{work}/authority"]


def site_commands(java_classpath, dotnet_site):
    # PHP takes 8 MB by its default.
    yield "php", ["php", "-d", "ffi.enable=1", "-d", "post_max_size=64M", "-S", "127.0.0.1:{port}",
                  str(ROOT / "tests/deliveries/site.php")]
    yield "java", ["java", "-Xmx256m", "-cp", java_classpath, "com.wosigndoc.DeliverySite", "{port}"]
    if dotnet_site:
        yield "dotnet", ["dotnet", dotnet_site, "{port}"]


@contextlib.contextmanager
def site(language, command, work, stores):
    """A running site; gives its port."""
    port, log = databases.free_port(), f"{work}/{language}.log"
    places = {name: place[language] for name, place in stores.items() if language in place}
    told = json.dumps({"folder": work, "stores": places, "root": f"{work}/authority/ca.pem"})
    environment = dict(os.environ, SITE=told, PHP_CLI_SERVER_WORKERS="12")
    with open(log, "wb") as output:
        process = subprocess.Popen([part.format(port=port) for part in command], env=environment,
                                   stdout=output, stderr=output, start_new_session=True)
    try:
        databases.wait_for(port, process, log)
        yield port
    finally:
        # PHP's server has workers, which are in its process group.
        os.killpg(process.pid, 15)
        process.wait()


def start(stack, contexts):
    """Enters all of them at once, and gives what each gives."""
    with ThreadPoolExecutor() as pool:
        entered = {name: pool.submit(stack.enter_context, context) for name, context in contexts.items()}
        return {name: one.result() for name, one in entered.items()}


def cases(work, stores, ports):
    """Name and call of each test."""
    for store, place in stores.items():
        these = [port for language, port in ports.items() if language in place]
        for n in range(AT_ONCE):
            push = Push(work, f"{store}-at-once-{n}")
            yield push.name, (deliver, push, these, f"/{store}/900", 1)
        for faults, runs in FAULTS:
            push = Push(work, f"{store}-{'-'.join(faults)}", faults)
            expires = {"release.before", "function.slow"} & set(faults)
            yield push.name, (deliver, push, these, f"/{store}/{EXPIRE_SECONDS if expires else 900}", runs)


def certifications(work, ports):
    """Name and call of each test that has its site for itself, since it looks at how long answers take."""
    for language, port in ports.items():
        yield f"{language}-certified", (certify, language, port, work)


def run(java_classpath, dotnet_site):
    work = tempfile.mkdtemp(prefix="wsd-sites-")
    for folder in ("runs", "stored", "faults", "incoming"):
        os.mkdir(f"{work}/{folder}")
    database = f"{work}/deliveries.sqlite"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    stores = {
        "folder": dict.fromkeys(("php", "java", "dotnet"), f"folder:{work}/deliveries"),
        "sqlite": {"php": f"sqlite:{database}", "java": f"jdbc:sqlite:{database}?busy_timeout=30000",
                   "dotnet": f"Data Source={database};Default Timeout=30"},
    }
    subprocess.run([*certify_command(work), "--prepare"], check=True, stdout=subprocess.DEVNULL)
    passed, failed = 0, 0
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        stores |= start(stack, {"postgresql": databases.postgresql(), "mariadb": databases.mariadb()})
        ports = start(stack, {language: site(language, command, work, stores)
                              for language, command in site_commands(java_classpath, dotnet_site)})
        for group in (cases(work, stores, ports), certifications(work, ports)):
            with ThreadPoolExecutor(16) as pool:
                started = [(name, pool.submit(*call)) for name, call in group]
                for name, outcome in started:
                    error = outcome.exception()
                    passed, failed = passed + (error is None), failed + (error is not None)
                    if error is not None:
                        print(f"FAILED: {name}: {type(error).__name__}: {error}")
        if failed:
            for log in pathlib.Path(work).glob("*.log"):
                print(f"== {log.name}", log.read_text(errors="replace")[-6000:], sep="\n")
    skipped = 0 if dotnet_site else 1
    print(f"deliveries: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
