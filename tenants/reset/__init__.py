"""A new password for somebody who lost theirs, by a link to their mailbox."""
