"""Links that open the payer's own bank app, through vietqr.io. Text only: nothing here asks anybody anything.

``https://dl.vietqr.io/pay?app=…&ba=<account>@<bank>&am=<đồng>&tn=<memo>&bn=<holder>&url=<back>``, as vietqr.io
documents it. By its change log OCB (2024-05), ACB (2025-10), BIDV (2026-01), VietinBank (2026-02) and MB (2026-07) fill
a transfer in; the others only open. None of it was tried on a real phone: the pages show the other ways right below.
"""

from typing import NamedTuple
from urllib.parse import quote

OPENS = "https://dl.vietqr.io/pay"


class App(NamedTuple):
    """``id`` as vietqr.io names the app. ``fills``: account, amount and memo arrive in it; else it only opens."""

    id: str
    name: str
    fills: bool


class Way(NamedTuple):
    """One app with the address that opens it. ``fills`` is true only where the address carries what to pay."""

    app: App
    url: str
    fills: bool


APPS = (
    App("mb", "MB Bank", fills=True),
    App("bidv", "BIDV", fills=True),
    App("icb", "VietinBank", fills=True),
    App("acb", "ACB", fills=True),
    App("ocb", "OCB", fills=True),
    App("vba", "Agribank", fills=False),
    App("vcb", "Vietcombank", fills=False),
    App("tcb", "Techcombank", fills=False),
    App("vpb", "VPBank", fills=False),
    App("tpb", "TPBank", fills=False),
    App("vib", "VIB", fills=False),
    App("shb", "SHB", fills=False),
    App("hdb", "HDBank", fills=False),
)
_BY_ID = {app.id: app for app in APPS}

# What vietqr.io calls the bank that is paid, where it is not our own code of it in lower case.
_PAID_AT = {
    "970400": "sgicb", "970403": "stb", "970405": "vba", "970407": "tcb", "970409": "bab", "970412": "pvcb",
    "970415": "icb", "970416": "acb", "970418": "bidv", "970419": "ncb", "970422": "mb", "970423": "tpb",
    "970425": "abb", "970426": "msb", "970427": "vab", "970428": "nab", "970429": "scb", "970430": "pgb",
    "970431": "eib", "970432": "vpb", "970433": "vietbank", "970436": "vcb", "970437": "hdb", "970438": "bvb",
    "970440": "seab", "970441": "vib", "970443": "shb", "970446": "coopbank", "970448": "ocb", "970449": "lpb",
    "970452": "klb", "970454": "vccb",
}  # fmt: skip


def app_of(id: str) -> App | None:
    """The app with this id, or None: it comes back from the phone's own memory, so it may be anything."""
    return _BY_ID.get(id)


def way(app: App, *, bin: str, account: str, amount_dong: int | None, memo: str, holder: str, back: str) -> Way:
    """How ``app`` is opened. Where it does not fill anything in, or we do not know what vietqr.io calls the bank that
    is paid, the address carries nothing but the app's name: no third party learns what it cannot use.

    ``amount_dong`` None: more than one transfer carries, so the payer types it. ``back`` is our own page, whole.
    """
    bank = _PAID_AT.get(bin)
    if not app.fills or bank is None:
        return bare(app)
    told = {
        "app": app.id, "ba": f"{account}@{bank}", "am": "" if amount_dong is None else str(amount_dong), "tn": memo,
        "bn": holder, "url": back,
    }  # fmt: skip
    return Way(
        app, f"{OPENS}?" + "&".join(f"{name}={_quoted(text)}" for name, text in told.items() if text), fills=True
    )


def bare(app: App) -> Way:
    """Opens ``app`` and tells it nothing."""
    return Way(app, f"{OPENS}?app={_quoted(app.id)}", fills=False)


def _quoted(text: str) -> str:
    """Blanks as %20, which every app reads alike; ``@`` stays, as documented."""
    return quote(text, safe="@")
