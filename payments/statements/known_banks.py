"""The banks that have a map of their own, by the key that people and scripts name them with."""

from collections.abc import Mapping

from payments.statements.bank_map import BankMap
from payments.statements.maps.acb import ACB
from payments.statements.maps.agribank import AGRIBANK
from payments.statements.maps.bidv import BIDV
from payments.statements.maps.mb import MB
from payments.statements.maps.techcombank import TECHCOMBANK
from payments.statements.maps.vib import VIB
from payments.statements.maps.vietcombank import VIETCOMBANK
from payments.statements.maps.vietinbank import VIETINBANK

MAPS: Mapping[str, BankMap] = {
    bank.key: bank for bank in (VIETCOMBANK, BIDV, TECHCOMBANK, MB, VIB, VIETINBANK, AGRIBANK, ACB)
}
