"""Through whose eyes pages are seen."""

from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """Through whose eyes a page is seen."""

    FIRST = "first"  # where nobody has been set up yet
    NOBODY = "nobody"
    NEWCOMER = "newcomer"  # owner of a firm in which nothing stands yet
    OWNER = "owner"
    READER = "reader"
    SUPPLIER = "supplier"
    OFFICER = "officer"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signs in, and the organisation they look at."""

    email: str
    password: str
    slug: str
