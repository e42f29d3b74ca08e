"""What can be wrong with a step of a version, in words fit to show."""

from flask_babel import lazy_gettext as _l

from plans.errors import PlanError


class NothingNew(PlanError):
    """The plan says what the version in use says."""

    def __init__(self) -> None:
        super().__init__(_l("Nothing was changed since the version in use: there is nothing to review."), "note")


class NotInThisState(PlanError):
    """Somebody else took this step, or another one, meanwhile."""

    def __init__(self) -> None:
        super().__init__(_l("Somebody took another step with this plan meanwhile. Look at it again."), "")


class ChangedMeanwhile(PlanError):
    """The plan is no longer what was sent for review, so the review no longer counts."""

    def __init__(self) -> None:
        super().__init__(
            _l("The plan was changed after it was sent for review, so the review no longer counts. Send it again."), ""
        )
