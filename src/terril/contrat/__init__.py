"""How is a contract followed: its tree, its commitments, its schemes, its meetings, its residents?

Rules over the rows of registers (``registres.rows``); nothing here knows where they are kept.
"""
