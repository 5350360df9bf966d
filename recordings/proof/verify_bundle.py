#!/usr/bin/env python3
"""Verify what Andon says of recordings, with Python 3.8 or later and nothing else. Read it before you believe it: it is one file.

    python3 -I verify_bundle.py [BUNDLE ...] [--vkey KEY] [--older NOTE] [--file RECORDING]

BUNDLE: what `andon recordings prove` wrote, also unpacked, or a certificate of disposal; else what lies beside this file.
One line a check; 0: all of them hold, 1: not.
  --vkey   the log's key as you got it by ANOTHER way than with this bundle (itself, or a file with a key a line). Without it you trust
           whoever gave you the bundle that the key in it is the right one: keep it, and compare it the next time.
  --older  a checkpoint that you kept: proves that the log of then is the beginning of the log of now, so nothing was rewritten since.
  --file   a recording as it was captured, or its container: its SHA-256 must be a sealed one.
What no script can say: what is NOT in the bundle, and whether what was written into the log was true when it was written.
The tree is RFC 9162 (2.1.3.2, 2.1.4.2), a checkpoint C2SP tlog-checkpoint, its signature Ed25519 (RFC 8032).
"""

# mypy: ignore-errors
# ... for it has no types: where it is read nobody checks them, and they would be more to read

import argparse
import base64
import hashlib
import json
import os
import sys
import time
import zipfile

MOST = 1 << 28  # bytes of a file of the bundle
HEADING = "andon certificate of disposal v1\n"


class Wrong(Exception):
    """What does not hold."""


def need(good, why):
    if not good:
        raise Wrong(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def exact(text):
    """JSON that is written in the one way that there is: sorted, no spaces, nothing twice."""
    value = json.loads(text)
    need(canonical(value) == text, "it is not JSON as Andon writes it")
    return value


def unhex(text, size=32):
    data = bytes.fromhex(text)
    need(data.hex() == text and len(data) == size, "it has something that is no hash")
    return data


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "it has Base64 that is written in a second way")
    return data


# ---- Ed25519 (RFC 8032 5.1). Slow, which does not matter for two signatures; whoever only verifies keeps no secret.

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


def point(data):
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    x = x if (v * x * x - u) % P == 0 else x * ROOT % P
    need(len(data) == 32 and y < P and (v * x * x - u) % P == 0 and (x or not odd), "a point is not on the curve")
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P


def add(one, other):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b, c, d = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2), 2 * t1 * t2 * D, 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, what):
    total = (0, 1, 1, 0)
    while factor:
        total = add(total, what) if factor & 1 else total
        what, factor = add(what, what), factor >> 1
    return total


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def check_signature(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    (x1, y1, z1, _), (x2, y2, z2, _) = times(s % L, BASE), add(point(signature[:32]), times(k, point(public)))
    same = (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0
    need(len(signature) == 64 and s < L and same, "it is not what this key signed")


# ---- keys, signed notes, the tree


def read_key(text):
    name, key_id, coded = text.split("+", 2)
    public = unbase64(coded)
    need(len(public) == 33 and public[:1] == b"\1" and sha256(name.encode(), b"\n", public)[:4].hex() == key_id, "it is no key")
    return (name, bytes.fromhex(key_id)), public[1:]


def check_line(text, line, keys):
    """One signature of a signed note; whose it is."""
    dash, name, coded = line.split(" ")
    signature = unbase64(coded)
    need(dash == "\u2014" and (name, signature[:4]) in keys, "it is not signed with the key of the log")
    check_signature(keys[name, signature[:4]], text.encode(), signature[4:])
    return name


def read_checkpoint(note, keys):
    text, _, lines = note.rpartition("\n\n")
    need(lines.endswith("\n") and lines.count("\n") == 1, "it is no note with one signature")
    name = check_line(text + "\n", lines[:-1], keys)
    origin, size, root = text.split("\n")
    need(origin.split("/gap-")[0] == name and str(int(size)) == size and len(unbase64(root)) == 32, "it is no checkpoint of this log")
    return int(size), unbase64(root)


def climb(at, last, path, new, old=b""):
    for sibling in path:
        need(last > 0, "the proof is too long")
        if at & 1 or at == last:
            new, old = sha256(b"\1", sibling, new), sha256(b"\1", sibling, old)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = sha256(b"\1", new, sibling)
        at, last = at >> 1, last >> 1
    need(last == 0, "the proof is too short")
    return new, old


def check_inclusion(leaf, index, path, size, root):
    need(type(index) is int and 0 <= index < size, "the tree has no such leaf")
    need(climb(index, size - 1, path, leaf)[0] == root, "it is not in the tree")


def check_consistency(first, old_root, second, new_root, path):
    need(0 < first <= second, "it is of an empty log, or of a longer one")
    if first == second:
        return need(not path and old_root == new_root, "there are two logs of this length")
    path = [old_root, *path] if first & (first - 1) == 0 else path
    need(path, "the proof is too short")
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return need(climb(at, last, path[1:], path[0], path[0]) == (new_root, old_root), "the log was rewritten")


# ---- what is checked, a line each: what was found, in words, and for what follows


def keys_of(bundle, certificate, given):
    ours = bundle["keys"] if bundle else [exact(certificate)["key"]]
    need(ours and (not given or set(ours) <= set(given.split())), "the bundle has another key than yours")
    return ", ".join(ours), dict(map(read_key, ours))


def head_of(bundle, keys):
    need(
        bundle.keys() == {"v", "recordings", "entries", "checkpoint", "keys", "older", "consistency"} and bundle["v"] == 1,
        "it is no bundle",
    )
    need(type(bundle["recordings"]) is list and bundle["recordings"], "it is about nothing")
    need(all(each.keys() == {"index", "leaf", "proof", "private", "salt"} for each in bundle["entries"]), "something in it is no entry")
    size, root = read_checkpoint(bundle["checkpoint"], keys)
    return f"{size} entries, root {root.hex()}", (size, root)


def check_entry(entry, head, recordings, certificate):
    leaf, private, salt = exact(entry["leaf"]), entry["private"], entry["salt"]
    check_inclusion(sha256(b"\0", entry["leaf"].encode()), entry["index"], [unhex(one) for one in entry["proof"]], *head)
    if (private, salt) != (None, None):
        need(sha256(unhex(salt, 16), private.encode()).hex() == leaf["private"], "its private part is not the one that was sealed")
    disposal = certificate and leaf["public"].get("certificate_sha256") == sha256((certificate + "\n").encode()).hex()
    need(leaf["subject"] in recordings or disposal, "it is about something else")
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(leaf["at"] // 1000000))
    return f"{leaf['kind']} at {when} of {leaf['subject']}, private part {private or 'not shown'}", leaf


def seal_of(recording, leaves):
    of = [leaf for leaf in leaves if leaf and leaf["subject"] == recording]
    seals = [leaf["public"] for leaf in of if leaf["kind"] == "seal"]
    need(len(seals) == 1, "it has no seal here, or several")
    known = {unhex(each["sha256"]).hex(): f"what was sealed as {recording}" for each in (*seals[0].get("files", ()), seals[0])}
    known.update({leaf["public"]["container"]: f"the container of {recording}" for leaf in of if leaf["kind"] == "store"})
    return f"sealed with SHA-256 {seals[0]['sha256']}", known


def check_older(path, bundle, keys, head):
    need(bundle["consistency"] is not None, "ask for a bundle that goes on from this checkpoint")
    first, old_root = read_checkpoint(read_file(path).decode() if path else bundle["older"], keys)
    check_consistency(first, old_root, *head, [unhex(one) for one in bundle["consistency"]])
    return f"the log goes on from the {first} entries of then", True


def check_certificate(text, keys, recordings):
    found = exact(text)
    body, items = found["certificate"], found["items"]
    need(found.keys() == {"certificate", "items", "key", "signature"}, "it is no certificate")
    check_line(HEADING + canonical(body) + "\n", found["signature"], keys)
    need(read_key(found["key"]) in keys.items(), "it names a key that is none of the log")
    listed = "".join(item + "\n" for item in sorted(items))
    need(len(items) == body["count"] and sha256(listed.encode()).hex() == body["items_sha256"], "its list is not the one that was signed")
    need(set(recordings) <= set(items), "it is about other recordings")
    return f"{body['kind']} {body['id']}, {len(items)} recordings, {'complete' if body['complete'] is True else 'NOT COMPLETE'}", True


def check_file(path, known):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    need(digest.hexdigest() in known, "these bytes were never sealed")
    return f"byte for byte {known[digest.hexdigest()]}", True


def read_files(path):
    """bundle.json and certificate.json as texts without their last newline, None where there is none."""
    names = ("bundle.json", "certificate.json")
    if os.path.isfile(path) and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            listed = [each for each in packed.infolist() if each.filename in names]
            need(len({each.filename for each in listed}) == len(listed), "it has a file twice")
            need(all(each.file_size <= MOST for each in listed), "it is too large")
            found = {each.filename: packed.read(each) for each in listed}
    elif os.path.isdir(path):
        paths = {name: os.path.join(path, name) for name in names}
        found = {name: read_file(each) for name, each in paths.items() if os.path.isfile(each)}
    else:
        data = read_file(path)
        found = {names["certificate" in json.loads(data)]: data}
    need(found and all(data.endswith(b"\n") for data in found.values()), "there is nothing whole in it")
    texts = [found[name].decode()[:-1] if name in found else None for name in names]
    return " and ".join(sorted(found)), (exact(texts[0]) if texts[0] else None, texts[1])


def read_file(path):
    with open(path, "rb") as file:
        data = file.read(MOST + 1)
    need(len(data) <= MOST, "it is too large")
    return data


class Checks:
    failed = 0

    def say(self, mark, text):
        shown = "".join(letter if letter.isprintable() else "?" for letter in text)  # no bundle steers a terminal
        sys.stdout.write(f"{mark} {shown}\n")

    def hold(self, what, check, *arguments):
        try:
            words, found = check(*arguments)
        except Exception as error:  # whatever it is: this does not hold
            self.failed += 1
            return self.say("NO", f"{what}: {error or type(error).__name__}")
        self.say("ok", f"{what}: {words}")
        return found


def verify(path, given, checks):
    """Which digests of files are known by it."""
    files = checks.hold(path, read_files, path)
    if files is None:
        return {}
    bundle, certificate = files
    vkey = read_file(given.vkey).decode() if given.vkey and os.path.isfile(given.vkey) else given.vkey
    keys = checks.hold("key", keys_of, bundle, certificate, vkey)
    if keys and not vkey:
        checks.say("--", "this key came with the bundle: compare it with one that came another way, or you only trust who gave you this")
    head = checks.hold("checkpoint", head_of, bundle, keys) if keys and bundle else None
    recordings, known = bundle["recordings"] if head else [], {}
    if head:
        leaves = [checks.hold(f"entry {each['index']}", check_entry, each, head, recordings, certificate) for each in bundle["entries"]]
        for recording in recordings:
            known.update(checks.hold(f"recording {recording}", seal_of, recording, leaves) or {})
        if bundle["older"] or given.older:
            checks.hold("older checkpoint", check_older, given.older, bundle, keys, head)
    if keys and certificate:
        checks.hold("certificate", check_certificate, certificate, keys, recordings)
    return known


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="*", default=[os.path.dirname(os.path.abspath(__file__))])
    for name in ("--vkey", "--older", "--file"):
        parser.add_argument(name)
    sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese still gets the rest
    given, checks, known = parser.parse_args(), Checks(), {}
    for path in given.bundle:
        known.update(verify(path, given, checks))
    if given.file:
        checks.hold(f"file {given.file}", check_file, given.file, known)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
