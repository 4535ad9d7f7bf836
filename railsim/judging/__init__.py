"""What a world's traffic and works are worth to owners, treasury and society."""
