"""First floor: what is for sale, whose it is, how much is left, how it is found."""
