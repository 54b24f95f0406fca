"""How do published figures leave in the formats of the trade?"""
