"""Settings from text: what is right comes out frozen, what is wrong comes out in full, with line, key and advice."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.environment import Names, variables
from andon.findings import Seen
from andon.places import line_of, places
from andon.reading import Reading, read
from andon.settings import FREE, LISTS, TABLES, Secret, Url, address_of
from tests.house.sources import ROOT

GOOD = '[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'


def read_text(text: str, environment: dict[str, str] | None = None, files: dict[str, Seen] | None = None) -> Reading:
    known = files or {}
    return read(text, "/etc/andon/andon.toml", environment or {}, lambda path: known.get(path, Seen(fault="there is no such file")))


def complaints(text: str, environment: dict[str, str] | None = None, files: dict[str, Seen] | None = None) -> list[str]:
    return [str(finding) for finding in read_text(text, environment, files).findings]


def test_the_least_that_is_needed() -> None:
    settings = read_text(GOOD).settings
    assert settings is not None
    assert settings.nodes == ("hall7",)
    assert settings.pbx[0].secret.reveal() == "s3cret"
    assert settings.board.listen == "127.0.0.1:8800"
    assert settings.data.dir == "/etc/andon/data"
    assert settings.floor.plan == "/etc/andon/plan"


BAD = {
    "misspelt key": (
        GOOD + 'usrname = "x"',
        ['andon.toml:5: pbx.hall7.usrname: there is no such key; did you mean "username"?'],
    ),
    "misspelt table": (
        GOOD + '[bord]\nlisten = "x"',
        ['andon.toml:5: bord: there is no table "bord"; did you mean "board"?'],
    ),
    "unknown table": (
        GOOD + "[zzz]",
        [
            'andon.toml:5: zzz: there is no table "zzz"; known are '
            "floor, agi, board, data, history, mqtt, archive, pbx, queue, pause_states."
        ],
    ),
    "wrong type": (
        GOOD + 'tls = "no"\ntrunks = "PJSIP/x"\nami = 5038',
        [
            "andon.toml:5: pbx.hall7.tls: expected true or false, found text; write it without quotes.",
            'andon.toml:6: pbx.hall7.trunks: expected a list, found text; write it as ["..."].',
            'andon.toml:7: pbx.hall7.ami: expected text in quotes, found a number; write it as "...".',
        ],
    ),
    "time zone": (
        '[floor]\ntimezone = "Asia/Shanghia"\n' + GOOD,
        ['andon.toml:2: floor.timezone: "Asia/Shanghia" is no time zone that this machine knows; did you mean "Asia/Shanghai"?'],
    ),
    "day": (
        '[floor]\nday_starts = "24:00"\n' + GOOD,
        ['andon.toml:2: floor.day_starts: "24:00" is no time of day; write it as "06:00".'],
    ),
    "address": (
        GOOD + 'ami = "hall7"',
        ['andon.toml:5: pbx.hall7.ami: "hall7" is no HOST:PORT; write it as "127.0.0.1:5038".'],
    ),
    "port": (
        GOOD + '[board]\nlisten = "127.0.0.1:88000"',
        ['andon.toml:6: board.listen: "127.0.0.1:88000" is no HOST:PORT; write it as "127.0.0.1:8800".'],
    ),
    "an empty gate is no gate, a crooked one is none": (
        GOOD + '[agi]\nlisten = "here"',
        ['andon.toml:6: agi.listen: "here" is no HOST:PORT; write it as "127.0.0.1:4573".'],
    ),
    "nothing": ("", ["andon.toml: pbx: there is no PBX to read; add a [[pbx]] with node, ami, username and secret_file."]),
    "missing keys": (
        '[[pbx]]\nami = "127.0.0.1:5038"',
        [
            "andon.toml:1: pbx[1].node: it is missing; give it a name.",
            'andon.toml:1: pbx[1].username: it is missing; write username = "andon", as in manager.conf.',
            "andon.toml:1: pbx[1].secret_file: it is missing; name a file that holds the secret, or set secret.",
        ],
    ),
    "same node twice": (
        GOOD + GOOD,
        ['andon.toml:6: pbx[2].node: "hall7" is already the node of [[pbx]] number 1; give each its own.'],
    ),
    "same queue twice": (
        GOOD + '[[queue]]\nname = "a"\n[[queue]]\nname = "a"',
        ['andon.toml:8: queue[2].name: "a" is already the name of [[queue]] number 1; give each its own.'],
    ),
    "queue out of range": (
        GOOD + '[[queue]]\nname = "a"\ntarget_s = -2',
        ["andon.toml:7: queue.a.target_s: -2 is out of range; write a number from -1 to 86400."],
    ),
    "node with a slash": (
        GOOD.replace("hall7", "hall/7"),
        [
            'andon.toml:2: pbx.hall/7.node: "hall/7" cannot be a name; use at most 64 characters, '
            'none of " # + / \\ { } and no space at an end.'
        ],
    ),
    "one bracket": ("[pbx]\nnode = 'x'", ["andon.toml:1: pbx: this table comes many times; write each as [[pbx]] in double brackets."]),
    "two brackets": (GOOD + "[[board]]", ["andon.toml:5: board: this is a table; write it as [board] with its keys below."]),
    "control without secret": (
        GOOD + 'control_username = "c"',
        ["andon.toml:1: pbx.hall7.control_secret_file: it is missing; name a file that holds the secret, or set control_secret."],
    ),
    "two secrets": (
        GOOD + 'secret_file = "x"',
        ["andon.toml:4: pbx.hall7.secret: both secret and secret_file are set; keep one of them."],
    ),
    "secret file missing": (
        GOOD.replace('secret = "s3cret"', 'secret_file = "x"'),
        [
            'andon.toml:4: pbx.hall7.secret_file: "/etc/andon/x" cannot be read (there is no such file); '
            "make it, owned by Andon's user, with the secret in it."
        ],
    ),
    "authority without TLS": (
        GOOD + 'ca = "x"',
        ["andon.toml:5: pbx.hall7.ca: there is nothing to verify without TLS; add tls = true, or remove ca."],
    ),
    "public role for all": (
        GOOD + '[board]\nlisten = "0.0.0.0:80"\npublic_role = "screen"',
        [
            "andon.toml:7: board.public_role: it would let everybody on the network in without a token; "
            "listen on 127.0.0.1, or remove it and use andon token."
        ],
    ),
    "proxy": (
        GOOD + '[board]\ntrusted_proxies = ["proxy.example"]\nsession_hours = 0\nsession_idle_minutes = 5',
        [
            'andon.toml:6: board.trusted_proxies: "proxy.example" is no IP address or network; write it as "10.0.0.5" or "10.0.0.0/24".',
            "andon.toml:7: board.session_hours: 0 is out of range; write a number from 1 to 744.",
            "andon.toml:8: board.session_idle_minutes: 5 is out of range; write a number from 15 to 44640.",
        ],
    ),
    "role": (GOOD + '[board]\npublic_role = "scren"', ['andon.toml:6: board.public_role: "scren" is no role; did you mean "screen"?']),
    "pause state": (
        GOOD + '[pause_states]\n"小休" = "on_brake"',
        ['andon.toml:6: pause_states.小休: "on_brake" is no state of a pause; did you mean "on_break"?'],
    ),
    "redis": (
        GOOD + '[data]\nredis = "127.0.0.1:6379"',
        [
            "andon.toml:6: data.redis: an address with one of redis, rediss, valkey, valkeys, unix is needed; "
            'write it as "redis://127.0.0.1:6379/0", or leave it empty.'
        ],
    ),
    "broker": (
        GOOD + '[mqtt]\nurl = "mqtt://andon:pass/word@broker.example"\nca = "x"',
        [
            "andon.toml:7: mqtt.ca: there is nothing to verify without TLS; write mqtts:// in url, or remove ca.",
            'andon.toml:6: mqtt.url: its host or port is written wrongly; write it as "mqtt://127.0.0.1:1883", '
            "with USER:PASSWORD@ before the host where the broker wants it.",
        ],
    ),
    "trunk": (
        GOOD + 'trunks = ["PJSIP/a", "b"]',
        ['andon.toml:5: pbx.hall7.trunks: "b" (number 2) is no device; write it as "PJSIP/carrier".'],
    ),
    "not TOML": (
        "[floor]\nname = main",
        ["andon.toml:2: this is not TOML at column 8 (Invalid value); correct the line, texts need quotes."],
    ),
    "line break in a name": (
        GOOD + 'ami = "a:1\\r\\nAction: Logoff"',
        [
            "andon.toml:5: pbx.hall7.ami: the text holds a line break or control character, or more than 2000 characters; "
            "write it on one line."
        ],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_in_full(name: str) -> None:
    text, expected = BAD[name]
    assert complaints(text) == expected
    assert read_text(text).settings is None


WARNINGS = {
    "secret for all": (
        GOOD.replace('secret = "s3cret"', 'secret_file = "x"'),
        {"/etc/andon/x": Seen("s3cret\n", "", 0o644)},
        ['andon.toml:4: pbx.hall7.secret_file: warning: everybody on this machine can read "/etc/andon/x"; chmod 600 it.'],
    ),
    "queue_log": (
        GOOD + 'queue_log = "/var/log/q"',
        {"/var/log/q": Seen(fault="no permission")},
        [
            "andon.toml:5: pbx.hall7.queue_log: warning: it cannot be read (no permission), so gaps stay unknown; "
            "give Andon's user the right."
        ],
    ),
    "broker in clear text": (
        GOOD + '[mqtt]\nurl = "mqtt://andon:secret@broker.example"',
        {},
        [
            "andon.toml:6: mqtt.url: warning: the floor, and the password if there is one, travel unencrypted over the network; "
            "use mqtts:// if it can."
        ],
    ),
    "clear text": (
        GOOD + 'ami = "10.0.0.7:5038"',
        {},
        ["andon.toml:1: pbx.hall7.tls: warning: calls and names travel unencrypted over the network; set tls = true if the PBX can."],
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_stops_nothing(name: str) -> None:
    text, files, expected = WARNINGS[name]
    reading = read_text(text, files=files)
    assert [str(finding) for finding in reading.findings] == expected
    assert reading.settings is not None
    assert reading.settings.pbx[0].secret.reveal() == "s3cret"


# ---------------------------------------------------------------- environment


def test_every_key_has_a_variable_and_each_is_obeyed() -> None:
    text = GOOD + '[[queue]]\nname = "sales"\n[pause_states]\nlunch = "on_break"\n'
    texts = {
        "ANDON_FLOOR_NAME": "n",
        "ANDON_FLOOR_TIMEZONE": "Asia/Shanghai", "ANDON_FLOOR_DAY_STARTS": "06:00", "ANDON_PBX_HALL7_AMI": "[::1]:5038",
        "ANDON_PBX_HALL7_TLS": "true", "ANDON_PBX_HALL7_TRUNKS": "PJSIP/a, PJSIP/b", "ANDON_QUEUE_SALES_TARGET_S": "15",
        "ANDON_QUEUE_SALES_WRAPUP_S": "7", "ANDON_PAUSE_STATES_LUNCH": "meeting", "ANDON_AGI_LISTEN": "127.0.0.1:1",
        "ANDON_AGI_ALLOW": "10.0.0.5", "ANDON_BOARD_LISTEN": "127.0.0.1:2", "ANDON_BOARD_HOSTS": "a.example,b.example",
        "ANDON_BOARD_PUBLIC_ROLE": "screen", "ANDON_BOARD_MAX_CLIENTS": "5",
        "ANDON_BOARD_TRUSTED_PROXIES": "10.0.0.1,10.1.0.0/16", "ANDON_BOARD_SESSION_HOURS": "8",
        "ANDON_BOARD_SESSION_IDLE_MINUTES": "30", "ANDON_DATA_REDIS": "redis://h/0",
        "ANDON_DATA_DATABASE": "postgresql+asyncpg://h/a", "ANDON_DATA_ARCHIVE": "file:///srv/recordings", "ANDON_HISTORY_KEEP_DAYS": "30",
        "ANDON_MQTT_URL": "mqtts://h", "ANDON_MQTT_AGENTS": "false", "ANDON_MQTT_STOP": "true",
        "ANDON_ARCHIVE_RUN": "false", "ANDON_ARCHIVE_SETTLE_S": "3.5", "ANDON_ARCHIVE_FREE_GB": "3.5", "ANDON_ARCHIVE_FREE_SHARE": "0.2",
        "ANDON_ARCHIVE_SECOND": "/second", "ANDON_ARCHIVE_KEYS": "/keys", "ANDON_ARCHIVE_SECOND_KEYS": "/second-keys",
    }  # fmt: skip
    one_of_two = {"ANDON_PBX_HALL7_SECRET_FILE", "ANDON_PBX_HALL7_CONTROL_SECRET_FILE", "ANDON_ARCHIVE_KEY_COMMAND"}
    names = variables(Names({"pbx": ["hall7"], "queue": ["sales"]}, ["lunch"]))
    environment = {name: texts.get(name, "/some/word") for name in names if name not in one_of_two}
    reading = read_text(text, environment, {"/some/word": Seen("x")})
    assert [str(finding) for finding in reading.findings] == []
    settings = reading.settings
    assert settings is not None
    assert settings.pause_states == {"lunch": "meeting"}
    assert settings.pbx[0].trunks == ("PJSIP/a", "PJSIP/b")
    assert settings.pbx[0].secret.reveal() == "/some/word"
    default = read_text(text).settings
    assert default is not None
    for table, struct in TABLES.items():
        for field in msgspec.structs.fields(struct):
            same = f"ANDON_{table}_{field.name}".upper() in one_of_two
            changed = getattr(getattr(settings, table), field.name) != getattr(getattr(default, table), field.name)
            assert changed is not same, (table, field.name)
    for table, (struct, identity) in LISTS.items():
        for field in msgspec.structs.fields(struct):
            same = field.name == identity or field.name.endswith("secret_file")
            changed = getattr(getattr(settings, table)[0], field.name) != getattr(getattr(default, table)[0], field.name)
            assert changed is not same, (table, field.name)


def test_a_misspelt_variable_is_an_error() -> None:
    said = complaints(GOOD, {"ANDON_BOARD_LISTN": "x", "ANDON_CONFIG": "y", "ANDON_LAB": "1", "PATH": "/bin"})
    assert said == ['environment: ANDON_BOARD_LISTN: there is no such setting; did you mean "ANDON_BOARD_LISTEN"?']


def test_a_variable_for_an_unknown_node_is_an_error() -> None:
    (said,) = complaints(GOOD, {"ANDON_PBX_HALL8_SECRET": "x"})
    assert said.startswith("environment: ANDON_PBX_HALL8_SECRET: there is no such setting; did you mean")


def test_a_wrong_value_in_a_variable_is_said_of_the_variable() -> None:
    said = complaints(GOOD, {"ANDON_BOARD_MAX_CLIENTS": "many", "ANDON_BOARD_LISTEN": "nowhere"})
    assert said == [
        "environment: ANDON_BOARD_MAX_CLIENTS: expected a whole number; write it as 20.",
        'environment: ANDON_BOARD_LISTEN: "nowhere" is no HOST:PORT; write it as "127.0.0.1:8800".',
    ]


def test_two_nodes_of_one_variable_are_refused() -> None:
    text = GOOD + GOOD.replace("hall7", "HALL7")
    (said,) = complaints(text, {"ANDON_PBX_HALL7_SECRET": "x"})
    assert (
        said == "environment: ANDON_PBX_HALL7_SECRET: this would set pbx.hall7.secret and pbx.HALL7.secret; set them in the file instead."
    )


def test_a_secret_in_a_variable_goes_before_the_secret_file() -> None:
    text = GOOD.replace('secret = "s3cret"', 'secret_file = "gone"')
    settings = read_text(text, {"ANDON_PBX_HALL7_SECRET": "other"}).settings
    assert settings is not None
    assert settings.pbx[0].secret.reveal() == "other"


# ---------------------------------------------------------------- secrets

hidden = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=6, max_size=40).map(lambda text: f"Q7{text}Q7")


@given(hidden, st.sampled_from(["", 'ami = "x"', "tls = 3", "nodee = 1", 'secret_file = "x"', "control_secret = 5", 'username = "ü\\n"']))
def test_no_secret_shows(secret: str, trouble: str) -> None:
    quoted = secret.replace("\\", "\\\\").replace('"', '\\"')
    text = f'[[pbx]]\nnode = "n"\nusername = "u"\nsecret = "{quoted}"\n{trouble}\n[data]\nredis = "redis://u:{quoted}@h:1/0"'
    environment = {"ANDON_MQTT_URL": f"tcp://{secret}", "ANDON_PBX_N_CONTROL_SECRET": secret, "ANDON_NOTHING": secret}
    for given_environment in (environment, {}):
        reading = read_text(text, given_environment)
        shown = repr(reading) + "".join(map(str, reading.findings)) + str(reading.settings)
        assert secret not in shown
        assert quoted not in shown


def test_a_secret_of_the_wrong_type_is_not_repeated() -> None:
    (said,) = complaints(GOOD.replace('"s3cret"', "7412589630"))
    assert said == 'andon.toml:4: pbx.hall7.secret: expected text in quotes, found a number; write it as "...".'


def test_secrets_show_themselves_only_when_asked() -> None:
    assert (str(Secret("x")), repr(Secret("x")), bool(Secret()), Secret("a") == Secret("a")) == ("(set)", "Secret(set)", False, True)
    assert str(Url("rediss://user:p@ss@h:6379/0?password=x")) == "rediss://h:6379/0"
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret("x"))


# ---------------------------------------------------------------- lines


def test_lines_of_keys_in_a_difficult_file() -> None:
    text = '# [x]\n[a]\nb = """\n[c]\nd = 1\n"""\n"e.f" = [\n'
    text += "  1, # ]\n  2,\n]\ng.h = { i = \"}\" }\n\n[[p]]\nn = 1\n[p.q]\nr = '#'\n[[p]]\nn = 2\n"
    tomllib.loads(text)
    found = places(text)
    expected = {
        ("a",): 2, ("a", "b"): 3, ("a", "e.f"): 7, ("a", "g"): 11, ("a", "g", "h"): 11, ("p",): 13, ("p", 0): 13,
        ("p", 0, "n"): 14, ("p", 0, "q"): 15, ("p", 0, "q", "r"): 16, ("p", 1): 17, ("p", 1, "n"): 18,
    }  # fmt: skip
    assert found == expected
    assert line_of(found, ("a", "g", "h", "i")) == 11
    assert line_of(found, ("nothing",)) == 0


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6, unique_by=lambda pair: pair[0]), st.integers(0, 3))
def test_a_key_is_found_on_its_own_line(pairs: list[tuple[str, str]], blank: int) -> None:
    def basic(text: str) -> str:
        escaped = (f"\\u{ord(c):04X}" if ord(c) < 0xFFFF and (not c.isprintable() or c in '\\"') else c for c in text)
        return '"' + "".join(escaped) + '"'

    text = "[t]\n"
    expected = {}
    for key, value in pairs:
        text += "\n" * blank + "# " + repr(value) + "\n"
        expected[("t", key)] = text.count("\n") + 1
        text += f"{basic(key)} = {basic(value)}\n"
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # a character that TOML does not take
    found = places(text)
    assert {path: line for path, line in found.items() if len(path) > 1} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:5038", ("127.0.0.1", 5038)), ("[::1]:80", ("::1", 80)), ("pbx.example:1", ("pbx.example", 1)),
        ("::1:80", None), (":80", None), ("host", None), ("host:x", None), ("a b:1", None), ("h:99999", None), ("u@h:1", None),
        ("h:\u0665", None),
    ],
)  # fmt: skip
def test_addresses(text: str, expected: tuple[str, int] | None) -> None:
    assert address_of(text) == expected


# ---------------------------------------------------------------- the example

EXAMPLE = ROOT / "examples" / "andon.toml"


def test_the_example_is_right_and_knows_every_key() -> None:
    text = EXAMPLE.read_text()
    reading = read(text, str(EXAMPLE), {}, lambda _: Seen("secret"))
    assert [str(finding) for finding in reading.findings] == []
    tree = tomllib.loads(text.replace("# secret", "secret").replace("# control_secret", "control_secret"))
    assert set(tree) == {*TABLES, *LISTS, FREE}
    for table, struct in TABLES.items():
        assert set(tree[table]) == {field.name for field in msgspec.structs.fields(struct)}
    for table, (struct, _) in LISTS.items():
        assert set(tree[table][0]) == {field.name for field in msgspec.structs.fields(struct)}


def test_the_example_shows_defaults() -> None:
    tree = tomllib.loads(EXAMPLE.read_text())
    must_be_said = {"node", "username", "secret_file", "name", "timezone", "target_s"}
    for table, struct in (*TABLES.items(), *((name, struct) for name, (struct, _) in LISTS.items())):
        said = tree[table][0] if isinstance(tree[table], list) else tree[table]
        for field in msgspec.structs.fields(struct):
            if field.name in said and field.name not in must_be_said:
                default = field.default.reveal() if isinstance(field.default, Secret) else field.default
                assert said[field.name] == (list(default) if isinstance(default, tuple) else default), (table, field.name)


def test_every_key_of_the_example_is_commented() -> None:
    lines = EXAMPLE.read_text().splitlines()
    keys = [line for line in lines if "=" in line and not line.startswith("#")]
    assert [line for line in keys if "#" not in line and not line.startswith(("tea", "huddle"))] == []


def test_the_page_names_only_variables_that_exist() -> None:
    import re

    page = Path(ROOT / "docs" / "settings.md").read_text()
    known = variables(Names({"pbx": ["hall-7"], "queue": ["sales"]}, ["lunch"]))
    named = set(re.findall(r"ANDON_[A-Z0-9_]+", page)) - {"ANDON_", "ANDON_BOARD_LISTN"}
    assert named - set(known) == {"ANDON_CONFIG", "ANDON_LOG", "ANDON_LOG_LEVEL", "ANDON_LIFELINE", "ANDON_LAB"}


def test_an_empty_address_means_no_gate() -> None:
    assert complaints(GOOD + '[agi]\nlisten = ""') == []


def test_a_gate_that_hears_no_pbx_is_told_of() -> None:
    said = read_text(GOOD + '[agi]\nlisten = "10.0.0.1:4573"')
    assert said.settings is not None, "a warning only"
    assert any("agi.allow" in str(finding) and "PBX's address" in str(finding) for finding in said.findings)
    assert complaints(GOOD + '[agi]\nlisten = "10.0.0.1:4573"\nallow = ["10.0.0.5"]') == []
