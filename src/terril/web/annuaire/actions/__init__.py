"""What is done to the sheets of the directory, each act in one transaction?"""
