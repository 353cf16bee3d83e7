"""The labelled fields of balance-change texts, as regular expressions over folded text.

Each is matched at one place and never searched for, and every repetition is bounded: the work grows with the length
of the text and not faster.
"""

import re

from payments.providers.sms.banks import NAME
from payments.providers.sms.moments import WHEN

_FOREIGN = "USD|EUR|JPY|GBP|AUD|CAD|CHF|CNY|RMB|HKD|SGD|THB|KRW|TWD|NZD|LAK|KHR|MYR|RUB|XAU"
_MONEY = rf"(?:VND|VNDONG|DONG|D|{_FOREIGN})(?![A-Z0-9])|\N{{DONG SIGN}}"
_FIGURE = r"(?:[1-9][0-9]{0,2}(?: [0-9]{3}){1,5}(?![0-9.,/:])|[0-9]{1,20}(?:[.,][0-9]{1,20}){0,8})(?![0-9])"
_COLON = r" {0,2}:? {0,3}"

FOREIGN = re.compile(rf"(?:{_FOREIGN})(?![A-Z0-9])")

BETWEEN = re.compile(r"[\s.,;:|]{0,40}")

BANK = re.compile(rf"\(?(?P<name>{NAME})\)?(?![A-Z0-9])(?: {{0,2}}(?:XIN )?THONG BAO)?")
AT_BANK = re.compile(rf"TAI (?P<name>{NAME})(?![A-Z0-9])")

ACCOUNT = re.compile(
    rf"(?:(?:SD|SO DU) )?(?:SO )?(?:TK|T/K|STK|TAI KHOAN|ACCOUNT)(?![A-Z]){_COLON}(?:(?:VCB|VND) )?"
    r"(?P<account>[0-9X*]{2,30}(?:-[0-9]{3})?)(?![0-9])"
    rf"(?: ?\((?P<unit>[A-Z]{{3}})\)| ?(?P<glued>VND|{_FOREIGN})(?![A-Z0-9]))?"
)
HOLDER = re.compile(r" ?-(?P<holder>[A-Z][^+\n|:]{1,80}?) (?=[+-] ?[0-9])")

_WORD = r"(?:DUOC )?GHI (?:CO|NO)|TANG|GIAM|GUI|RUT|NHAN|CONG|TRU"
AMOUNT = re.compile(
    rf"(?:(?:SO TIEN GD|SO TIEN|PHAT SINH|PS|GIAO DICH|GD|CHANGE|(?:DA )?THAY DOI)(?![A-Z]){_COLON})?"
    rf"(?:(?P<word>{_WORD})(?![A-Z]){_COLON})?(?:\((?P<bracketed>[+-])\)|(?P<sign>[+-]))? {{0,3}}"
    rf"(?P<figure>{_FIGURE})(?: {{0,2}}(?P<money>{_MONEY}))?"
)
PLUS_WORDS = ("GHI CO", "TANG", "GUI", "NHAN", "CONG")

_BALANCE = (
    "SD CUOI|SO DU CUOI KY|SO DU CUOI|SDC|SO DU HIEN TAI|SO DU HIEN THOI|SO DU(?: TK)? SAU (?:GD|GIAO DICH)|SODU|SO DU"
    "|SDU|SD|BALANCE"
)
_AVAILABLE = "SD KHA DUNG|SO DU KHA DUNG|SDKD"
BALANCE_LABEL = re.compile(rf"(?<![A-Z0-9])(?:{_AVAILABLE}|{_BALANCE})(?![A-Z])")
BALANCE = re.compile(
    rf"(?:(?P<available>{_AVAILABLE})|{_BALANCE})(?![A-Z]){_COLON}(?:LA(?![A-Z]){_COLON})?(?P<sign>[+-])? {{0,2}}"
    rf"(?P<figure>{_FIGURE})(?: {{0,2}}(?P<money>{_MONEY}))?"
)

TIME = re.compile(rf"(?:(?:VAO LUC|LUC|VAO NGAY|VAO|NGAY|DATE|THOI GIAN|TIME)(?![A-Z]){_COLON})?(?P<when>{WHEN})")

IGNORED = re.compile(
    rf"(?:SD DAU|SO DU DAU(?: KY)?){_COLON}[+-]?{_FIGURE}(?: {{0,2}}(?:{_MONEY}))?"
    rf"|(?:PHI(?: GD| DV)?|THUE/PHI|VAT|HAN MUC(?: CON LAI| CON| KHA DUNG)?)(?![A-Z]){_COLON}{_FIGURE}"
    rf"(?: {{0,2}}(?:{_MONEY}))?"
    rf"|\((?:GD|SO TIEN){_COLON}{_FIGURE} {{0,2}}(?:{_MONEY})?[,; ]{{1,3}}(?:THUE/PHI|PHI|THUE){_COLON}{_FIGURE}"
    rf" {{0,2}}(?:{_MONEY})?\)"
    r"|(?:NGUOI CHUYEN|NGUOI GUI|PAYEE|PAYER) ?: ?[^\n:]{0,80}?(?=[. ]{1,2}(?:NOI DUNG|ND|DETAIL) ?:)"
)
NUMBER_OF_IT = re.compile(rf"(?:MA|SO) GD{_COLON}[A-Z0-9]{{4,32}}(?=[.,;|\n])")

MEMO = re.compile(
    r"-? ?(?:(?:NOI DUNG GIAO DICH|NOI DUNG GD|NOI DUNG CK|NOI DUNG|N/DUNG|NDGD|ND CK|ND|MO TA|DIEN GIAI|DETAIL|REF)"
    r"(?![A-Z0-9])(?: ?: ?| |$)|(?:GD|SO GD|MA GD) ?: ?|(?P<bracket>\())"
)
BECAUSE = re.compile(r"DO ")
"""VPBank's label of the memo."""

HOTLINE = re.compile(r"(?<![A-Z])LH ?: ?[0-9][0-9 .]{7,14}\s{0,4}$")
BALANCE_AS_OF = re.compile(
    rf"(?<![A-Z])SO DU TINH DEN(?![A-Z])(?: {{1,2}}(?P<when>{WHEN})(?: LA)?{_COLON}"
    rf"(?:(?P<sign>[+-])? ?(?P<figure>{_FIGURE}))?)?"
)
"""ABBank's balance, which is often cut off."""

# Eximbank's older text: the branch after the name, the memo between the time and an amount without a sign.
MEMO_FIRST = re.compile(
    rf"EIB [^\n]{{0,40}}?TK (?P<account>[0-9X*]{{3,30}}) (?P<when>{WHEN})\s{{1,4}}(?=\S)"
)  # fmt: skip
AMOUNT_LAST = re.compile(
    rf" (?P<sign>[+-])? {{0,2}}(?P<figure>{_FIGURE}) ?(?P<money>{_MONEY}) SD:? ?(?P<balance_sign>[+-])?"
    rf"(?P<balance>{_FIGURE}) ?(?P<balance_money>{_MONEY})?[.\s]{{0,4}}$"
)
