"""Mail: a row of the change's own transaction, sent after it was kept, tried again until it arrives."""

from core.mail.outbox import (
    MailState,
    NotAnAddress,
    OutboxMail,
    came_back,
    forget,
    queue,
    queued_since,
    refused,
    states_of,
)

__all__ = [
    "MailState",
    "NotAnAddress",
    "OutboxMail",
    "came_back",
    "forget",
    "queue",
    "queued_since",
    "refused",
    "states_of",
]
