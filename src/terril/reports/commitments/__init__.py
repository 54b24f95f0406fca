"""How is the review of the commitments handed to the steering committee?"""
