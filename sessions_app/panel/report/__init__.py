"""The report of one session as a PDF: what was found, against what, and the fingerprint of every picture (R70)."""
