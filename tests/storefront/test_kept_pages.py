"""Drawn pages in this process: only under their own tag, never more bytes than there is room for."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.kept_pages import Kept, KeptPages


def page(tag: str = "a", size: int = 10) -> Kept:
    return Kept(tag, b"x" * size, {})


def test_another_tag_is_another_page():
    pages = KeptPages(most_bytes=100)
    pages.keep("/", page("a"))
    assert pages.get("/", tag="a") == page("a")
    assert pages.get("/", tag="b") is None
    pages.keep("/", page("b"))
    assert pages.get("/", tag="a") is None
    assert (len(pages), pages.held_bytes) == (1, 10)


def test_what_was_asked_for_longest_ago_goes_first():
    pages = KeptPages(most_bytes=30)
    for name in "abc":
        pages.keep(name, page())
    pages.get("a", tag="a")
    pages.keep("d", page())
    assert [name for name in "abcd" if pages.get(name, tag="a")] == ["a", "c", "d"]


def test_a_page_too_large_for_the_room_pushes_nothing_out():
    pages = KeptPages(most_bytes=30)
    pages.keep("a", page())
    pages.keep("b", page(size=31))
    assert pages.get("a", tag="a") is not None
    assert pages.get("b", tag="a") is None


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), max_size=60))
def test_never_more_bytes_than_there_is_room_for(kept):
    pages = KeptPages(most_bytes=100)
    for name, size in kept:
        pages.keep(name, page(size=size))
        assert pages.held_bytes <= 100
        assert pages.held_bytes == sum(len(pages._pages[one].gzipped) for one in pages._pages)


def test_many_threads_keep_count():
    pages = KeptPages(most_bytes=500)

    def work(number: int) -> None:
        for turn in range(500):
            pages.keep((number * turn) % 90, page(size=turn % 20))
            pages.get(turn % 90, tag="a")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages.held_bytes == sum(len(one.gzipped) for one in pages._pages.values()) <= 500
