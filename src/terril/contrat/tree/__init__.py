"""What does the contract want, who pays for it, and does it move?"""
