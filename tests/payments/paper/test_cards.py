"""Household cards: a code that opens the page, symbols to type, nothing that proves who holds it."""

from dataclasses import replace

from reportlab.lib.units import mm

from payments.paper.cards import Card, household_cards
from tests.payments.paper.making import LONG_NAME, Pdf, places

CARD = Card(
    biller="Trường Tiểu học Yên Hòa", household="Trần Thị Hạnh", place="Thôn Nộn Khê",
    accounts=("N.V.A. · 3A · HS-0001", "N.T.B. · 1B · HS-0002"),
    link="https://chophien.example.vn/bills/h/dGhpcyBpcyBhIHRva2VuIG9mIGEgaG91/", address="chophien.example.vn/bills/",
    code="7K2M9-Q9MAB", factor="gõ bốn số cuối của số điện thoại đã báo",
)  # fmt: skip


def test_each_card_has_its_own_link_beside_its_own_code():
    cards = [replace(CARD, link=f"{CARD.link}{place}/", code=f"7K2M9-{place:05d}") for place in range(11)]
    found = []
    for page in Pdf(household_cards(cards)).pages:
        for left, bottom, right, top in places(page, 2, 4):
            for link, across, up in page.codes():
                if left < across < right and bottom < up < top:
                    found.append((link, page.text_in(left, bottom, right, top)))
    assert [link for link, _text in found] == [card.link for card in cards]
    for card, (_link, text) in zip(cards, found, strict=True):
        assert card.code in text
        assert card.factor in text


def test_a_long_card_stays_in_its_place():
    long = replace(
        CARD, household=LONG_NAME, place=LONG_NAME, biller=LONG_NAME * 2, accounts=CARD.accounts * 4, demo=True,
        address="mot-ten-mien-that-dai.xa-yen-mo.ninhbinh.example.vn/bills/",
        factor="gõ tên gọi (chữ cuối của họ tên) của một người có mã ghi trên",
    )  # fmt: skip
    [page] = Pdf(household_cards([long] * 8)).pages
    middle = page.width / 2
    for letter in page.letters:
        assert letter.right <= middle - 3 * mm or letter.left >= middle + 3 * mm
        assert min(letter.bottom % (page.height / 4), -letter.top % (page.height / 4)) >= 3 * mm
    assert len(page.codes()) == 8
    assert "và 4 mã khác" in page.text
