"""What stands on the profile sheet of a neighbourhood, in figures and in sentences?"""
