"""What is written here, one verb a file?"""
