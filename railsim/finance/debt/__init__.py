"""Loans from signing to the last instalment, and who pays when cash is short."""
