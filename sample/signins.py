"""Who can sign in to a sample, and how."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from tenants.models import Capacity, Role
from tenants.sign_in.strength import WeakPassword, check_choice

# Short Dutch words without doubles: easy to read out and to type.
WORDS = tuple(
    """
    anker appel balkon beker bloem boter brug cirkel deksel dijk duin eend egel emmer fiets fles fluit fornuis galm
    gist gordel haven hazel hengel honing iglo inkt kabel kaneel kapstok kast ketel klok knoop koffer korst kraan
    kruimel ladder lamp lepel linde maan mand meel merel molen mosterd noot oever oven paard parel pen plank pollepel
    radijs rogge ruit salie schaal schuur sleutel slinger snoek spoel steiger tafel tarwe toren trommel tulp veer
    vijver vlinder vork wafel wagen walnoot wekker wilg wolk zadel zeil zolder zonnebloem zwaan
""".split()  # noqa: SIM905 -- eighty words read better as text
)


class SampleRefused(Exception):
    """A sample cannot be made here; the text says why in a plain sentence."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person in one organisation. second_step: whether signing in asks for a code of their app as well."""

    organisation: str
    slug: str
    role: Role | Capacity
    name: str
    email: str
    second_step: bool = False


@dataclass(frozen=True, slots=True)
class SampleSignIns:
    """What was made: the organisations by id, the people who can sign in, and the password of all of them."""

    tenant_ids: tuple[int, ...]
    people: tuple[SignIn, ...]
    password: str

    def of(self, slug: str, role: Role | Capacity) -> SignIn:
        """Return who has `role` in the organisation called `slug`. Raises KeyError when nobody does."""
        for person in self.people:
            if (person.slug, person.role) == (slug, role):
                return person
        raise KeyError((slug, role))


def new_password(own: Iterable[str]) -> str:
    """Return a password of three words and three digits, about 29 bits: enough for made-up data on a desk.

    own: names and e-mail addresses of everybody who gets it; somebody called Kabel may not have that word in theirs.
    """
    own = tuple(own)
    while True:
        words = (secrets.choice(WORDS) for _ in range(3))
        password = "-".join([*words, f"{secrets.randbelow(1000):03}"])
        with suppress(WeakPassword):
            check_choice(password, own)
            return password
