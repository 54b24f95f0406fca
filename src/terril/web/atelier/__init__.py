"""How do analysts prepare, check, seal and publish editions without a command line?"""
