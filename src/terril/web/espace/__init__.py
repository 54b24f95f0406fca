"""How do people work together on a contract: who is in it, and the registers they keep?"""
