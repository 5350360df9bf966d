"""What people import: every row is a number, a block, blank, or bad with its line; nothing is lost in between."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.lists import rows
from realtime.lists.rows import CUT, LINE_MAX, SHAPES, Bad, Rows, Unreadable, chunks, e164_of, shape

MOBILE = 8_613_912_345_678


def read(content: bytes, country: str = "CN", column: str = "", size: int = 1 << 20) -> tuple[list[int], list[str], list[Bad]]:
    numbers: list[int] = []
    blocks: list[str] = []
    bad: list[Bad] = []
    reader = Rows(country, column)
    for chunk in chunks(io.BytesIO(content).read, size):
        batch = reader.take(chunk)
        numbers += batch.numbers
        blocks += batch.blocks
        bad += batch.bad
        assert batch.rows >= len(batch.numbers) + len(batch.blocks) + len(batch.bad)
    return numbers, blocks, bad


def text(lines: Iterable[str]) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "said",
    [
        "13912345678",
        "+8613912345678",
        "8613912345678",
        "008613912345678",
        "013912345678",
        "139 1234 5678",
        "139-1234-5678",
        "(139) 1234.5678",
        "+86 (0)139 1234 5678",
        "+86013912345678",
        "１３９１２３４５６７８",
        "'13912345678",
        '="13912345678"',
        "13912345678.0",
        "\u202a13912345678\u202c",
        "13912345678 转 801",
        "13912345678 ext. 12345678901",
        "17951 0139 1234 5678",
        "  13912345678\t",
    ],
)
def test_one_number_however_it_is_written(said: str) -> None:
    assert read(f"{said}\n".encode()) == ([MOBILE], [], [])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("1.39E+10", "exponent"),
        ("1.39e10", "exponent"),
        ("13912345678/13812345678", "two_numbers"),
        ("13912345678 13812345678", "two_numbers"),
        ("13912345678;87654321", "two_numbers"),
        ("13912345678、13812345678", "two_numbers"),
        ("139123", "not_a_number"),
        ("87654321", "not_a_number"),  # a city's number without its city
        ("nobody", "not_a_number"),
        ("400*", "block_without_country"),
        ("+86*", "block_too_wide"),
        ("*", "block_without_country"),
        ("'", "empty"),
    ],
)
def test_a_bad_row_has_its_line_and_why(said: str, why: str) -> None:
    numbers, blocks, bad = read(text(["13912345678", "", said, "13912345679"]), column="")
    assert (numbers, blocks) == ([MOBILE, MOBILE + 1], [])
    assert bad == [Bad(3, why, said)]  # type: ignore[arg-type]


def test_blocks_stand_among_numbers() -> None:
    assert read(b"+86400*\n13912345678\n+1 900 *\n") == ([MOBILE], ["86400", "1900"], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("column", ["手机号", "2"])
def test_a_column_in_any_encoding(encoding: str, ending: str, column: str) -> None:
    content = ending.join(["姓名,手机号,备注", "张三,13912345678,", '"李,四",13912345679,"说""不"', "王五,,没有", "㐀龦,139 1234 5680,x"])
    numbers, _, bad = read(content.encode(encoding), column=column)
    assert numbers == [MOBILE, MOBILE + 1, MOBILE + 2]
    assert bad == [Bad(4, "empty", "王五,,没有")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_what_separates_is_seen(separator: str) -> None:
    assert read(text([f"a{separator}phone", f"x{separator}13912345678"]), column="PHONE")[0] == [MOBILE]


def test_a_quote_that_is_never_closed_swallows_one_line() -> None:
    numbers, _, bad = read(text(["name,phone", '"open,13912345678', "x,13912345679", 'y,"13912345680']), column="phone")
    assert numbers == [MOBILE + 1, MOBILE + 2]
    assert [each.line for each in bad] == [2]


def test_a_byte_that_is_no_text_costs_no_number() -> None:
    assert read(b"n,phone\n\xff\xff\x80,13912345678\n", column="phone")[0] == [MOBILE]


def test_which_column_must_be_said_where_there_are_many() -> None:
    with pytest.raises(Unreadable, match="--column"):
        read(b"a,b\n1,2\n")
    with pytest.raises(Unreadable, match="no column 'c'"):
        read(b"a,b\n1,2\n", column="c")
    with pytest.raises(Unreadable, match="more than one"):
        read(b"b,b\n1,2\n", column="b")


@pytest.mark.parametrize("content", ["13912345678\n".encode("utf-16"), b"PK\x03\x04 a workbook", b"\0\0\0"])
def test_another_kind_of_file_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)


@pytest.mark.parametrize("filler", ["9", "龦"])
def test_a_line_without_end_is_a_bad_row_and_is_not_held(filler: str) -> None:
    content = text(["13912345678", filler * (2 * CUT), "13912345679", "x" * (LINE_MAX + 1), "13912345680"])
    numbers, _, bad = read(content, size=10_000)
    assert numbers == [MOBILE, MOBILE + 1, MOBILE + 2]
    assert [(each.line, each.why) for each in bad] == [(2, "too_long"), (4, "too_long")]
    assert max(map(len, chunks(io.BytesIO(content).read, 10_000))) <= CUT + 10_000


def test_a_line_too_long_at_the_very_end() -> None:
    assert [each.why for each in read(text(["13912345678", "9" * (2 * CUT)]), size=10_000)[2]] == ["too_long"]


# ------------------------------------------------------------------ the quick way is the slow way

said_rows = st.sampled_from(
    ["13912345678", "+8613912345678", "+13055551234", "+447400123456", "", "x", "+86400*", "139 1234 5678", "1.4E+10"]
)


@settings(deadline=None)  # on a busy machine
@given(st.lists(said_rows, max_size=40), st.integers(1, 60))
def test_lines_are_the_same_however_they_come(lines: list[str], size: int) -> None:
    assert read(text(lines), size=size) == read(text(lines))


@settings(deadline=None)  # on a busy machine
@given(st.lists(said_rows, max_size=40))
def test_every_row_is_something(lines: list[str]) -> None:
    numbers, blocks, bad = read(text(["13912345678", *lines]))
    assert len(numbers) + len(blocks) + len(bad) == 1 + sum(bool(line) for line in lines)
    assert [each.line for each in bad] == [place for place, line in enumerate(lines, 2) if line in ("x", "1.4E+10")]


ALL_SHAPES = [(country, each) for country, shapes in SHAPES.items() for each in shapes] + [("CN", each) for each in rows.EVERYWHERE]


@settings(deadline=None)  # on a busy machine
@given(st.sampled_from(ALL_SHAPES), st.data())
def test_a_known_shape_is_what_the_parser_says(known: tuple[str, rows.Shape], data: st.DataObject) -> None:
    country, each = known
    said = data.draw(st.from_regex(each.one, fullmatch=True, alphabet="+0123456789"))
    assert e164_of(said, country) in (f"+{int(said) + each.add}", ""), "or it is no number yet: then it is on the list for nothing"


def test_a_shape_takes_a_million_lines_without_recursion() -> None:
    assert shape("[0-9]").whole.fullmatch("1\n" * 1_000_000)
