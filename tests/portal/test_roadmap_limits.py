"""Which limits hold a category's share: as the release says it, not as figures happen to fall; and both ways come to the same where they can."""

from __future__ import annotations

from typing import Any

from rasad.web.portal.roadmap_limits import Limits

Row = dict[str, Any]
SPENDING: list[Row] = [
    {"period": period, "category": category, "amount": amount}
    for period, amounts in enumerate([(30, 30, 40), (20, 20, 60)])
    for category, amount in zip(("hardware", "telecom_cloud", "software"), amounts, strict=True)
]


def limit(kind: str, code: str, period: int, used: int, categories: str = "", **more: Any) -> Row:
    row = {"kind": kind, "code": code, "period": period, "until": period, "used": used, "available": 100}
    return {**row, "least": False, "categories": categories, "share_bp": None, **more}


LIMITS = [
    *(limit("budget", "cloud", at, used, "telecom_cloud") for at, used in enumerate((100, 100))),
    *(limit("budget", "total", at, 100) for at in (0, 1)),
    # Takes in each period as much as hardware does, and comes first.
    *(limit("share", "cloud", at, used, "telecom_cloud", share_bp=3500) for at, used in enumerate((30, 20))),
    *(limit("share", "hw", at, used, "hardware", share_bp=4000) for at, used in enumerate((30, 20))),
    limit("share", "soft", 0, 40, "software", share_bp=2000, least=True),
    limit("share", "things", 0, 100, "hardware telecom_cloud", until=1, share_bp=5500),
]


def test_limits_are_what_the_release_says_they_are() -> None:
    found = Limits(LIMITS, SPENDING)
    assert {row["code"] for row in found.budget().values()} == {"total"}
    told = [(one.row["code"], one.categories, one.points, one.least, one.whole) for one in found.shares()]
    assert told == [
        ("hw", ("hardware",), 4000, False, False),
        ("cloud", ("telecom_cloud",), 3500, False, False),
        ("things", ("hardware", "telecom_cloud"), 5500, False, True),
        ("soft", ("software",), 2000, True, False),
    ]
    cap = found.cap()
    assert cap is not None
    assert sorted(cap.rows) == [0, 1]


def test_without_words_they_are_known_by_their_figures() -> None:
    """A release from before: the same cap where figures tell it apart, and here they do not."""
    untold = [
        {key: row[key] for key in row if key not in ("until", "categories", "share_bp")} for row in LIMITS
    ]
    cap = Limits(untold, SPENDING).cap()
    assert cap is not None
    assert (cap.row["code"], cap.categories, cap.points) == ("cloud", ("hardware",), None)
    plain = [row for row in untold if row["code"] in ("total", "hw")]
    told = [row for row in LIMITS if row["code"] in ("total", "hw")]
    one, other = Limits(plain, SPENDING), Limits(told, SPENDING)
    assert [row["code"] for row in one.budget().values()] == [row["code"] for row in other.budget().values()]
    same = [(share.categories, sorted(share.rows)) for share in (*one.shares(), *other.shares())]
    assert same == [(("hardware",), [0, 1])] * 2
    assert Limits([], SPENDING).cap() is None
