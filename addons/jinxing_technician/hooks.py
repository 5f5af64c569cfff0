"""What uninstalling on a database with work in it needs."""


def uninstall_hook(env):
    """Leave people where they are: orders, deliveries and their logins name them."""
    env["ir.model.data"].search(
        [("module", "=", "jinxing_technician"), ("model", "in", ("res.partner", "res.users"))]
    ).unlink()
