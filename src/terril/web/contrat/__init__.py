"""The contract on the site: its tree, its money, its commitments, for members and for everybody."""
