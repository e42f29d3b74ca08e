"""Which data attracts others, and how it is protected."""
