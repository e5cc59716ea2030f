"""What `make bench` runs: the product beside the floor that it stands on, measured in turns."""
