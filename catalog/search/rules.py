"""Which words a product is found by, and which words a query asks for. Pure; every engine uses these.

Sounds, synonyms and the repair of Telex belong here as well, and come with the search issue: whatever a word
becomes, it becomes on both sides.
"""

import re
from collections.abc import Iterable

from base.text import folded

MOST_QUERY_WORDS = 12
MOST_QUERY_LETTERS = 200

NAME_MARK = "="
"""Stands before a word that is in the product's name, where it is written a second time."""

_WORD = re.compile(r"[0-9]+|[^\W0-9_]+")  # "200g" is two words, as "200 g" is


def words(text: str) -> list[str]:
    """``"Cá chạch sấy, 200g"`` → ``["ca", "chach", "say", "200", "g"]``: folded, in order, repeats kept."""
    return _WORD.findall(folded(text))


def query_words(text: str) -> list[str]:
    """What a query asks for: each word once, no more than a person types."""
    return list(dict.fromkeys(words(text[:MOST_QUERY_LETTERS])))[:MOST_QUERY_WORDS]


def folded_words(
    *, name: str, description: str, maker: str, category: str, commune: str, variants: Iterable[str]
) -> str:
    """The text a product is found by: each word once between blanks, those of its name also marked.

    ``" =ca =chach ca chach say "``: so a blank, a word and a blank stand for the whole word, and a blank and a word
    for its beginning, in any database. ``maker`` is empty unless she agreed that buyers read her name.
    """
    in_name = list(dict.fromkeys(words(name)))
    anywhere = words(" ".join([name, *variants, category, maker, commune, description]))
    marked = [NAME_MARK + word for word in in_name]
    return f" {' '.join([*marked, *dict.fromkeys(anywhere)])} "
