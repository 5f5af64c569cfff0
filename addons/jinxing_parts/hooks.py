"""What uninstalling on a database with work in it needs."""

#: Records in Odoo's own tables that stock, purchases and the books rest on.
USED_BY_OTHERS = (
    "maintenance.equipment", "maintenance.equipment.category", "product.product",
    "product.supplierinfo", "product.template", "purchase.order", "res.partner",
    "stock.location", "stock.lot", "stock.quant", "stock.warehouse",
)


def uninstall_hook(env):
    """Let go of the moves that requisitions have made, and leave what others use where it is.

    What was shipped stays shipped; stores, vans and warehouses keep the stock that lies in them.
    """
    env.flush_all()
    env.cr.execute(
        "UPDATE stock_move SET requisition_line_id = NULL WHERE requisition_line_id IS NOT NULL"
    )
    env.invalidate_all()
    env["ir.model.data"].search(
        [("module", "=", "jinxing_parts"), ("model", "in", USED_BY_OTHERS)]
    ).unlink()
