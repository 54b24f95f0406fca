"""How are the registers of the workspace read, checked, compared and chosen from?

Rules over plain values: a register is a card of the catalogue and rows; nothing here knows
where rows are kept. The contract, the meetings, the residents' needs are such registers.
"""
