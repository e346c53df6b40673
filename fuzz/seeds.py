#!/usr/bin/env python3
"""Fills fuzz/corpus with seeds: the project's vectors, test identities and PDFs, one file each.

fuzz/seeds.py [FOLDER…]: signed PDFs of these folders become seeds of the readers of PDFs too.
"""

import base64
import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"
LARGEST = 8192  # larger seeds only slow the fuzzer down
LARGEST_SIGNED = 65536  # but a signature alone takes this much


def text(parts):
    """The bytes of a vector's text: a string, or pieces (see vectors/README.md)."""
    if isinstance(parts, str):
        return parts.encode()
    out = b""
    for part in parts:
        if isinstance(part, str):
            out += part.encode()
        elif "base64" in part:
            out += base64.b64decode(part["base64"])
        else:
            out += part["repeat"].encode() * part["times"]
    return out


def cases(name):
    return json.loads((ROOT / "vectors" / name).read_text("utf-8"))["cases"]


def order(case):
    given = case["order"]
    if isinstance(given, dict):
        return json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()
    return text(given)


def passphrase(name):
    """Which of the target's passphrases opens a test identity, by its name."""
    return {"empty": 0, "chinese": 2}.get(pathlib.Path(name).stem.split("-")[-1], 1)


def save(target, seeds, largest=LARGEST):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    kept = [seed for seed in seeds if len(seed) <= largest]
    for seed in kept:
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    print(f"{target}: {len(kept)} seeds")


save("push", [bytes([at % 256]) + text(case["body"]) for at, case in enumerate(cases("pushes.json"))])
save("order_json", [order(case) for name in ("wire.json", "violations.json") for case in cases(name)])
save("answer", [text(case["body"]) for case in cases("answers.json")])
archives = sorted((ROOT / "tests" / "fixtures" / "identity").glob("*.p12"))
save("pkcs12", [bytes([passphrase(path.name)]) + path.read_bytes() for path in archives])
folders = [ROOT / "server" / "tests" / "fixtures", ROOT / "vectors" / "signed", *map(pathlib.Path, sys.argv[1:])]
papers = [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.pdf"))]
save("pdf", papers)
for target in ("verify", "trust"):
    save(target, papers, LARGEST_SIGNED)
