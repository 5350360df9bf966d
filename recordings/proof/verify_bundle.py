#!/usr/bin/env python3
"""Verify what Andon says of recordings, with Python 3.8 or later and nothing else. Read it before you believe it: it is one file.

    python3 -I verify_bundle.py [BUNDLE ...] [--vkey KEY] [--older NOTE] [--file RECORDING]

BUNDLE: what `andon recordings prove` wrote, also unpacked, or a certificate of disposal; else what lies beside this file.
One line a check, up to the first that does not hold; 0: all of them hold, 1: not.
  --vkey   the log's key as you got it by ANOTHER way than with this bundle (itself, or a file with a key a line, the newest last): these
           keys are trusted and no other, and the checkpoint must be signed with the last of them. Without it you trust whoever gave you
           the bundle that the key in it is the right one: keep it, and compare it the next time.
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
SIGNATURES = 16  # of a note: what C2SP signed-note asks a reader to bear
NAMES = ("bundle.json", "certificate.json")
ENTRY = {"index", "leaf", "proof", "private", "salt"}
BUNDLE = {"v", "recordings", "entries", "checkpoint", "keys", "older", "consistency"}
HEADING = "andon certificate of disposal v1\n"


def need(good, why):
    if not good:
        raise ValueError(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def exact(text):
    """An object of JSON that is written in the one way that there is: sorted, no spaces, nothing twice."""
    value = json.loads(text)
    need(type(value) is dict and value and canonical(value) == text, "it is not JSON as Andon writes it")
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


def check_lines(text, lines, keys):
    """The signatures of a signed note: one is by one of these keys, others are a witness's. Whose it is."""
    parts = [line.split(" ") for line in lines]
    need(0 < len(parts) <= SIGNATURES and all(len(part) == 3 and part[0] == "\u2014" for part in parts), "it is no signed note")
    signed = [(name, unbase64(coded)) for _, name, coded in parts]
    ours = [(name, each) for name, each in signed if (name, each[:4]) in keys]
    need(len(ours) == 1, "it is not signed with " + " or ".join(f"{name}+{key_id.hex()}" for name, key_id in keys))
    name, signature = ours[0]
    check_signature(keys[name, signature[:4]], text.encode(), signature[4:])
    return name


def read_checkpoint(note, keys):
    text, _, lines = note.rpartition("\n\n")
    need(lines.endswith("\n"), "it is no signed note")
    name = check_lines(text + "\n", lines[:-1].split("\n"), keys)
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


# ---- what is checked


def read(path):
    with open(path, "rb") as file:
        data = file.read(MOST + 1)
    need(len(data) <= MOST, "it is too large")
    return data


def texts_of(path):
    """bundle.json and certificate.json without their last newline, None where there is none."""
    if os.path.isdir(path):
        paths = {name: os.path.join(path, name) for name in NAMES}
        found = {name: read(each) for name, each in paths.items() if os.path.isfile(each)}
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            members = [each for each in packed.infolist() if each.filename in NAMES]
            need(len({each.filename for each in members}) == len(members), "it has a file twice")
            # stored or deflated: others inflate to more than they say before anybody can stop it
            need(all(each.compress_type in (0, 8) and each.file_size <= MOST for each in members), "it is too large, or packed otherwise")
            found = {each.filename: packed.open(each).read(each.file_size) for each in members}
    else:
        data = read(path)
        found = {NAMES["certificate" in json.loads(data)]: data}
    need(found and all(data.endswith(b"\n") for data in found.values()), "there is nothing whole in it")
    return [found[name].decode()[:-1] if name in found else None for name in NAMES]


def check_entry(entry, size, root, recordings, logged):
    leaf, private, salt = exact(entry["leaf"]), entry["private"], entry["salt"]
    check_inclusion(sha256(b"\0", entry["leaf"].encode()), entry["index"], [unhex(one) for one in entry["proof"]], size, root)
    if (private, salt) != (None, None):
        need(sha256(unhex(salt, 16), private.encode()).hex() == leaf["private"], "its private part is not the one that was sealed")
    disposal = logged is not None and leaf["public"].get("certificate_sha256") == logged
    need(entry.keys() == ENTRY and (leaf["subject"] in recordings or disposal), "it is about something else")
    return leaf


def check_older(text, consistency, keys, size, root):
    need(consistency is not None, "ask for a bundle that goes on from this checkpoint")
    first, old_root = read_checkpoint(text, keys)
    check_consistency(first, old_root, size, root, [unhex(one) for one in consistency])
    return first


def check_certificate(text, keys, recordings):
    found = exact(text)
    body, items = found["certificate"], found["items"]
    need(found.keys() == {"certificate", "items", "key", "signature"}, "it is no certificate")
    check_lines(HEADING + canonical(body) + "\n", [found["signature"]], keys)
    need(read_key(found["key"]) in keys.items(), "it names another key")
    listed = "".join(item + "\n" for item in sorted(items))
    need(len(items) == body["count"] and sha256(listed.encode()).hex() == body["items_sha256"], "its list is not the one that was signed")
    need(set(recordings) <= set(items), "it is about other recordings")
    return f"{body['kind']} {body['id']}, {len(items)} recordings, {'complete' if body['complete'] is True else 'NOT COMPLETE'}"


def named(what, check, *arguments):
    """What a check gives; what it says no to bears its name."""
    try:
        return check(*arguments)
    except Exception as error:  # whatever it is: this does not hold
        raise ValueError(f"{what}: {error or type(error).__name__}") from error


def verify_log(bundle, keys, older, logged, known):
    """`logged`: digest of a certificate that an entry has to have. Which files are known goes into `known`."""
    recordings, leaves = bundle["recordings"], []
    need(bundle.keys() == BUNDLE and bundle["v"] == 1 and type(recordings) is list and recordings, "it is no bundle")
    size, root = named("checkpoint", read_checkpoint, bundle["checkpoint"], dict([*keys.items()][-1:]))
    yield f"ok checkpoint: {size} entries, root {root.hex()}"
    for entry in bundle["entries"]:
        leaf = named(f"entry {entry['index']}", check_entry, entry, size, root, recordings, logged)
        leaves.append(leaf)
        when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(leaf["at"] // 1000000))
        private = "not shown" if entry["private"] is None else entry["private"]
        yield f"ok entry {entry['index']}: {leaf['kind']} at {when} of {leaf['subject']}, private part {private}"
        if leaf["kind"] == "store":
            known[leaf["public"]["container"]] = f"the container of {leaf['subject']}"
    for recording in recordings:
        seals = [leaf["public"] for leaf in leaves if (leaf["kind"], leaf["subject"]) == ("seal", recording)]
        need(len(seals) == 1, f"recording {recording}: it has no seal here, or several")
        known.update((each["sha256"], f"what was sealed as {recording}") for each in (*seals[0].get("files", ()), seals[0]))
        yield f"ok recording {recording}: sealed with SHA-256 {seals[0]['sha256']}"
    if older is not None or bundle["older"] is not None:
        text = bundle["older"] if older is None else read(older).decode()
        first = named("older checkpoint", check_older, text, bundle["consistency"], keys, size, root)
        yield f"ok older checkpoint: the log goes on from the {first} entries of then"
    need(logged in [None, *(leaf["public"].get("certificate_sha256") for leaf in leaves)], "certificate: no entry of the log here names it")


def verify(path, given, older, known):
    """One line a check that holds; raises at the first that does not."""
    text, paper = texts_of(path)
    need(text is not None or older is None, "--older: a certificate has no log that could go on")
    bundle = exact(text) if text is not None else {"keys": [exact(paper)["key"]], "recordings": []}
    keys = dict(named("key", read_key, each) for each in given or bundle["keys"])
    yield f"ok key: {', '.join(given or bundle['keys'])}"
    if given is None:
        yield "-- this key came with the bundle: compare it with one that came another way, or you only trust who gave you this"
    if text is not None:
        yield from verify_log(bundle, keys, older, None if paper is None else sha256((paper + "\n").encode()).hex(), known)
    if paper is not None:
        yield "ok certificate: " + named("certificate", check_certificate, paper, keys, bundle["recordings"])


def verify_file(path, known):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    need(digest.hexdigest() in known, "these bytes were never sealed")
    yield f"ok file {path}: byte for byte {known[digest.hexdigest()]}"


def say(line):
    sys.stdout.write("".join(letter if letter.isprintable() else "?" for letter in line) + "\n")  # no bundle steers a terminal


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="*", default=[os.path.dirname(os.path.abspath(__file__))])
    for name in ("--vkey", "--older", "--file"):
        parser.add_argument(name)
    sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese still gets the rest
    given, known, what = parser.parse_args(), {}, "--vkey, --older, --file"
    try:
        keys = given.vkey if given.vkey is None else (read(given.vkey).decode() if os.path.isfile(given.vkey) else given.vkey).split()
        need(keys != [] and "" not in (given.older, given.file), "one of them is empty")
        checks = [(path, verify(path, keys, given.older, known)) for path in given.bundle]
        checks += [(f"file {given.file}", verify_file(given.file, known))] if given.file is not None else []
        for what, lines in checks:  # noqa: B007 - it names what does not hold
            for line in lines:
                say(line)
    except Exception as error:  # whatever it is: this does not hold
        say(f"NO {what}: {error or type(error).__name__}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
