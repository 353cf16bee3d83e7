"""Banks by BIN, to show beside an account. A BIN that is not here is still right: never refuse one for that.

Names are the banks' own short names as of 2026; SWIFT where public lists agree. BINs do not always begin with 970.
"""

from typing import NamedTuple


class Bank(NamedTuple):
    """``bin`` as VietQR carries it, the usual code, the short name that people know, SWIFT (empty if unknown)."""

    bin: str
    code: str
    short_name: str
    swift: str = ""


BANKS = (
    Bank("422589", "CIMB", "CIMB Bank", "CIBBVNVN"),
    Bank("458761", "HSBC", "HSBC Vietnam", "HSBCVNVX"),
    Bank("546034", "CAKE", "Cake"),
    Bank("546035", "UBANK", "Ubank by VPBank"),
    Bank("668888", "KBANK", "Kasikornbank", "KASIVNVX"),
    Bank("796500", "DBS", "DBS Bank", "DBSSVNVX"),
    Bank("801011", "NONGHYUP", "Nonghyup Bank"),
    Bank("963369", "LIOBANK", "Liobank"),
    Bank("963388", "TIMO", "Timo"),
    Bank("970400", "SGB", "SaigonBank", "SBITVNVX"),
    Bank("970403", "STB", "Sacombank", "SGTTVNVX"),
    Bank("970405", "AGRIBANK", "Agribank", "VBAAVNVX"),
    Bank("970406", "VIKKI", "Vikki Bank", "EACBVNVX"),
    Bank("970407", "TCB", "Techcombank", "VTCBVNVX"),
    Bank("970408", "GPBANK", "GPBank", "GBNKVNVX"),
    Bank("970409", "BAB", "Bac A Bank", "NASCVNVX"),
    Bank("970410", "SC", "Standard Chartered Vietnam", "SCBLVNVX"),
    Bank("970412", "PVCOMBANK", "PVcomBank", "WBVNVNVX"),
    Bank("970414", "MBV", "MBV"),
    Bank("970415", "CTG", "VietinBank", "ICBVVNVX"),
    Bank("970416", "ACB", "ACB", "ASCBVNVX"),
    Bank("970418", "BID", "BIDV", "BIDVVNVX"),
    Bank("970419", "NVB", "NCB", "NVBAVNVX"),
    Bank("970421", "VRB", "VRB"),
    Bank("970422", "MBB", "MB Bank", "MSCBVNVX"),
    Bank("970423", "TPB", "TPBank", "TPBVVNVX"),
    Bank("970424", "SVB", "Shinhan Bank", "SHBKVNVX"),
    Bank("970425", "ABB", "ABBank", "ABBKVNVX"),
    Bank("970426", "MSB", "MSB", "MCOBVNVX"),
    Bank("970427", "VAB", "VietABank", "VNACVNVX"),
    Bank("970428", "NAB", "Nam A Bank", "NAMAVNVX"),
    Bank("970429", "SCB", "SCB", "SACLVNVX"),
    Bank("970430", "PGB", "PG Bank", "PGBLVNVX"),
    Bank("970431", "EIB", "Eximbank", "EBVIVNVX"),
    Bank("970432", "VPB", "VPBank", "VPBKVNVX"),
    Bank("970433", "VBB", "VietBank", "VNTTVNVX"),
    Bank("970434", "IVB", "Indovina Bank"),
    Bank("970436", "VCB", "Vietcombank", "BFTVVNVX"),
    Bank("970437", "HDB", "HDBank", "HDBCVNVX"),
    Bank("970438", "BAOVIETBANK", "BaoViet Bank", "BVBVVNVX"),
    Bank("970439", "PBVN", "Public Bank Vietnam", "VIDPVNVX"),
    Bank("970440", "SSB", "SeABank", "SEAVVNVX"),
    Bank("970441", "VIB", "VIB", "VNIBVNVX"),
    Bank("970442", "HLB", "HongLeong Bank", "HLBBVNVX"),
    Bank("970443", "SHB", "SHB", "SHBAVNVX"),
    Bank("970444", "VNCB", "CB Bank", "GTBAVNVX"),
    Bank("970446", "COOPBANK", "Co-op Bank"),
    Bank("970448", "OCB", "OCB", "ORCOVNVX"),
    Bank("970449", "LPB", "LPBank", "LVBKVNVX"),
    Bank("970452", "KLB", "KienlongBank", "KLBKVNVX"),
    Bank("970454", "BVB", "BVBank", "VCBCVNVX"),
    Bank("970455", "IBKHN", "IBK HN"),
    Bank("970456", "IBKHCM", "IBK HCM"),
    Bank("970457", "WRB", "Woori Bank"),
    Bank("970458", "UOB", "United Overseas Bank Vietnam"),
    Bank("970462", "KBHN", "Kookmin Bank HN"),
    Bank("970463", "KBHCM", "Kookmin Bank HCM"),
    Bank("971025", "MOMO", "MoMo"),
)

_BY_BIN = {bank.bin: bank for bank in BANKS}


def bank_of(bin: str) -> Bank | None:
    """The bank with this BIN, or None where the table does not know it."""
    return _BY_BIN.get(bin)
