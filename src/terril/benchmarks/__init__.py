"""How does each neighbourhood stand against its references?"""
