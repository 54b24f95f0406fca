"""How is the residents' part in a contract put on paper?"""
