"""The beneficiary deed, the clients of a service, and who accepted which version."""
