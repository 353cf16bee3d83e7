"""Drawn pages in this process: only under their own tag, never more bytes than there is room for."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.kept_pages import Kept, KeptPages, weight


def page(tag: str = "a", size: int = 10) -> Kept:
    return Kept(tag, b"x" * size, {})


def room_for(pages: int, *, size: int = 10) -> int:
    """Bytes for so many pages of this size under a key of one letter."""
    return pages * weight("a", page(size=size))


def test_another_tag_is_another_page():
    pages = KeptPages(most_bytes=room_for(3))
    pages.keep("/", page("a"))
    assert pages.get("/", tag="a") == page("a")
    assert pages.get("/", tag="b") is None
    pages.keep("/", page("b"))
    assert pages.get("/", tag="a") is None
    assert (len(pages), pages.held_bytes) == (1, room_for(1))


def test_what_was_asked_for_longest_ago_goes_first():
    pages = KeptPages(most_bytes=room_for(3))
    for name in "abc":
        pages.keep(name, page())
    pages.get("a", tag="a")
    pages.keep("d", page())
    assert [name for name in "abcd" if pages.get(name, tag="a")] == ["a", "c", "d"]


def test_a_page_too_large_for_the_room_pushes_nothing_out():
    pages = KeptPages(most_bytes=room_for(1, size=30))
    pages.keep("a", page())
    pages.keep("b", page(size=31))
    assert pages.get("a", tag="a") is not None
    assert pages.get("b", tag="a") is None


def test_a_long_key_takes_up_room_however_little_stands_under_it():
    """A stranger asks with ever new letters and is told nothing each time: 17,000 letters, 60 bytes of answer."""
    pages = KeptPages(most_bytes=200_000)
    for number in range(100):
        pages.keep(("http", f"?variables={number}" + "%E1%BA%BF" * 1_800), page(size=60))
    letters = sum(len(str(key)) for key in pages._pages)
    assert 0 < letters < pages.held_bytes <= 200_000


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), max_size=60))
def test_never_more_bytes_than_there_is_room_for(kept):
    most_bytes = room_for(2, size=50)
    pages = KeptPages(most_bytes=most_bytes)
    for name, size in kept:
        pages.keep(name, page(size=size))
        assert pages.held_bytes <= most_bytes
        assert pages.held_bytes == sum(weight(key, one) for key, one in pages._pages.items())


def test_many_threads_keep_count():
    most_bytes = room_for(20)
    pages = KeptPages(most_bytes=most_bytes)

    def work(number: int) -> None:
        for turn in range(500):
            pages.keep((number * turn) % 90, page(size=turn % 20))
            pages.get(turn % 90, tag="a")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages.held_bytes == sum(weight(key, one) for key, one in pages._pages.items()) <= most_bytes
