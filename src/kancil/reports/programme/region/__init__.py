"""What countries released, beside each other; no order but the alphabet's."""
