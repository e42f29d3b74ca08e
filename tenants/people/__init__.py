"""The people of an organisation: members, open invitations, auditors."""
