"""What installing on a database with machines in it needs."""


def post_init_hook(env):
    """Give the machines that are there already what new ones get on creation."""
    env["stock.lot"]._fill_missing_tokens()


def uninstall_hook(env):
    """Leave machines, people and products where they are: stock moves and sales name them."""
    env["ir.model.data"].search(
        [
            ("module", "=", "jinxing_warranty"),
            (
                "model",
                "in",
                (
                    "product.category", "product.product", "product.template", "res.partner",
                    "stock.lot",
                ),
            ),
        ]
    ).unlink()
