"""The bench: what is printed becomes a page, and a page says on what it was measured."""

import pytest

from tools import bench, bench_start
from tools.fetch import SetupError

SOURCE = '"""Steps of an order.\n\nOne by one.\n"""\n# databases: plain, ours\n'


def test_lines_become_results():
    printed = "noise\ncreate | 12.5 | ms\ncreate | 22 | queries\na | b\n  confirm | 3 | ms\n"
    assert bench.parse(printed) == {
        "create": {"ms": "12.5", "queries": "22"},
        "confirm": {"ms": "3"},
    }


def test_a_bench_says_where_it_runs():
    assert bench.databases_of(SOURCE) == ("plain", "ours")
    assert bench.databases_of("# nothing said\n") == ("ours",)
    with pytest.raises(SetupError, match="no such database: elsewhere; there are plain, ours"):
        bench.databases_of("# databases: elsewhere\n")


def test_one_database_gives_a_column_for_each_unit():
    results = {"plain": {"create": {"ms": "12", "queries": "2"}, "end": {"ms": "3"}}}
    assert bench.page("x", SOURCE, results, "Here.") == (
        "# Steps of an order\n\nOne by one.\n\nHere.\n\n"
        "| what | ms | queries |\n|---|---:|---:|\n| create | 12 | 2 |\n| end | 3 |  |\n"
    )


def test_two_databases_stand_side_by_side():
    results = {"plain": {"create": {"ms": "12"}}, "ours": {"create": {"ms": "13"}}}
    assert "| what | plain ms | ours ms |\n|---|---:|---:|\n| create | 12 | 13 |\n" in bench.page(
        "x", SOURCE, results, "Here."
    )


def test_a_page_says_how_many_times_as_much():
    source = SOURCE + "# compare: ours / plain\n"
    results = {
        "plain": {"create": {"ms": "12"}, "sign": {"ms": "5"}},
        "ours": {"create": {"ms": "15"}, "close": {"ms": "3"}},
    }
    assert (
        "| what | plain ms | ours ms | ours / plain ms |\n|---|---:|---:|---:|\n"
        "| create | 12 | 15 | 1.25 |\n| sign | 5 |  |  |\n| close |  | 3 |  |\n"
    ) in bench.page("x", source, results, "Here.")


def test_every_bench_file_says_what_it_is_and_where_it_runs():
    for path in bench.BENCH.glob("bench_*.py"):
        source = path.read_text(encoding="utf-8")
        assert source.startswith('"""'), path
        assert bench.databases_of(source), path


def test_the_first_start_stands_beside_what_it_may_take():
    page = bench_start.page({"second start to login page": 4.4}, "Here.")
    assert "| second start to login page | 4 s | 10 s |" in page
