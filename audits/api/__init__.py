"""What programs read and change with a token: findings, what lapses, the inventory, cover and clients."""
