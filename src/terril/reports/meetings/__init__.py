"""How are invitations, attendance sheets and minutes handed over?"""
