"""How do the residents take part: which forms live, what is asked, answered, shared, changed?

Rules over the registers of ``catalogue/registers/participation.yaml``.
Not knowing is never « no »: each verdict has a value for what nobody wrote down.
"""
