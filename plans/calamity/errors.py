"""What can be wrong with a calamity, beside what can be wrong with any change of the plan."""

from uuid import UUID

from flask_babel import lazy_gettext as _l

from plans.errors import PlanError


class MayNot(PlanError):
    """Somebody who may enter here, and is not one of those who decide."""

    def __init__(self) -> None:
        super().__init__(_l("Only owners and those whom the plan names may decide this."))


class AlreadyRunning(PlanError):
    """The plan is at work already: `calamity_id` by whom and since when."""

    def __init__(self, calamity_id: UUID) -> None:
        super().__init__(_l("The plan is at work already."))
        self.calamity_id = calamity_id


class Closed(PlanError):
    """The calamity was closed; nothing is written down about it any more."""

    def __init__(self) -> None:
        super().__init__(_l("This was closed meanwhile. Nothing can be added any more."))
