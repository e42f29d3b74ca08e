"""Everything a program can ask, as one table. What a view takes and answers is told by name: see shaping.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from audits.api import cover, findings, inventory, left_out, portfolio, standing
from tenants.tokens.scopes import TokenScope


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. view: gets what `asks` and `takes` read, then the arguments of the path.

    path: below VERSION; gives, takes: names in schemas.py of the answer and the body, asks: in asking.py of the query,
    "" for none; matches: asks for If-Match; statuses: further answers it has beside `status`.
    """

    method: str
    path: str
    scope: TokenScope
    view: Callable[..., Any]
    gives: str
    asks: str = ""
    takes: str = ""
    status: int = 200
    matches: bool = False
    statuses: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of its endpoint."""
        return self.view.__name__


_S = TokenScope
ONE = "/inventory/<uuid:asset_id>"
OPERATIONS = (
    Operation("GET", "/standing", _S.FINDINGS_READ, standing.show_standing, "Standing"),
    Operation("GET", "/findings", _S.FINDINGS_READ, findings.list_findings, "FindingList", asks="FindingQuery"),
    Operation("GET", "/left-out", _S.LEFT_OUT_READ, left_out.list_left_out, "LeftOutList", asks="PartQuery"),
    Operation("GET", "/expiries", _S.EXPIRIES_READ, findings.list_expiries, "ExpiryList", asks="ExpiryQuery"),
    Operation("GET", "/inventory", _S.INVENTORY_READ, inventory.list_assets, "AssetList", asks="AssetQuery"),
    Operation("GET", ONE, _S.INVENTORY_READ, inventory.show_asset, "Asset", statuses=(404,)),
    Operation(
        "POST", "/inventory", _S.INVENTORY_WRITE, inventory.add_asset, "Asset", takes="NewAsset", status=201,
        statuses=(200, 409),
    ),
    Operation(
        "PUT", ONE, _S.INVENTORY_WRITE, inventory.replace_asset, "Asset", takes="AssetFields", matches=True,
        statuses=(404, 409, 412, 428),
    ),
    Operation(
        "PATCH", ONE, _S.INVENTORY_WRITE, inventory.change_asset, "Asset", takes="AssetFields", matches=True,
        statuses=(404, 409, 412, 428),
    ),
    Operation("GET", "/cover", _S.COVER_READ, cover.list_cover, "CoverList", asks="PartQuery"),
    Operation("GET", "/portfolio", _S.PORTFOLIO_READ, portfolio.list_portfolio, "ClientList", asks="PartQuery"),
)  # fmt: skip
