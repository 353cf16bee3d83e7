"""Another template, script or translation is another build; a file that no page shows is not."""

from pathlib import Path

from storefront.build import build, fingerprint


def written(folder: Path) -> str:
    return fingerprint([folder])


def test_it_is_the_same_every_time():
    assert build() == build.__wrapped__()


def test_what_a_page_shows_makes_another_build(tmp_path):
    seen = {written(tmp_path)}
    for name, text in [("a.html", "một"), ("a.html", "hai"), ("b.html", "hai"), ("vi.mo", "x"), ("view.py", "1")]:
        (tmp_path / name).write_text(text)
        seen.add(written(tmp_path))
    (tmp_path / "b.html").rename(tmp_path / "c.html")
    seen.add(written(tmp_path))
    assert len(seen) == 7


def test_settings_that_pages_show_make_another_build():
    assert fingerprint([], told="one") != fingerprint([], told="two")


def test_what_no_page_shows_makes_none(tmp_path):
    before = written(tmp_path)
    (tmp_path / "notes.md").write_text("x")
    (tmp_path / "cached.pyc").write_text("x")
    assert written(tmp_path) == before
