"""What installing on a database with machines in it needs."""


def post_init_hook(env):
    """Give the machines that are there already what new ones get on creation."""
    env["stock.lot"]._fill_missing_tokens()
