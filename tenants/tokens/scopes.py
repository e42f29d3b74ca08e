"""What a token may do, as one table. What is not in it is forbidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from tenants.models import TenantKind
from tenants.owned import Area
from tenants.permissions import CONTENT, CONTINUITY, EVERYWHERE, PLAN, SUPPLIERS, TRAIL


class TokenScope(StrEnum):
    """One thing a program may be let do."""

    FINDINGS_READ = "read:findings"
    LEFT_OUT_READ = "read:left-out"
    EXPIRIES_READ = "read:expiries"
    INVENTORY_READ = "read:inventory"
    INVENTORY_WRITE = "write:inventory"
    COVER_READ = "read:cover"
    PORTFOLIO_READ = "read:portfolio"


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """One line of the table. reads, writes: the areas its scope opens; kinds: of organisations whose tokens have it."""

    scope: TokenScope
    label: Any
    reads: frozenset[Area]
    writes: frozenset[Area] = frozenset()
    kinds: frozenset[TenantKind] = EVERYWHERE

    @property
    def reading(self) -> bool:
        """Tell whether this scope changes nothing."""
        return not self.writes


_S = TokenScope
TOKEN_POLICIES = (
    # A finding is shown as far as its area is open.
    TokenPolicy(_S.FINDINGS_READ, _l("Read findings"), CONTENT),
    # Reasons, and who decided: more than somebody expects who wants to count findings.
    TokenPolicy(_S.LEFT_OUT_READ, _l("Read what is left out, the reason and who decided it"), PLAN),
    TokenPolicy(_S.EXPIRIES_READ, _l("Read what lapses"), CONTENT),
    TokenPolicy(_S.INVENTORY_READ, _l("Read the inventory"), PLAN),
    TokenPolicy(_S.INVENTORY_WRITE, _l("Add to and change the inventory"), PLAN, PLAN | TRAIL),
    TokenPolicy(_S.COVER_READ, _l("Read who is covered"), CONTINUITY),
    # Over the clients that granted it, each as far as it granted.
    TokenPolicy(_S.PORTFOLIO_READ, _l("Read how clients stand"), CONTENT, kinds=SUPPLIERS),
)
BY_SCOPE: Mapping[TokenScope, TokenPolicy] = MappingProxyType({policy.scope: policy for policy in TOKEN_POLICIES})


def offered(kind: TenantKind) -> tuple[TokenPolicy, ...]:
    """Return what a token of an organisation of this kind can be let do."""
    return tuple(policy for policy in TOKEN_POLICIES if kind in policy.kinds)
