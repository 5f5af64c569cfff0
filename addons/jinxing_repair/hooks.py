"""What uninstalling on a database with work in it needs."""

#: Records in Odoo's own tables that stock, sales and the books rest on.
USED_BY_OTHERS = (
    "helpdesk.ticket", "product.product", "product.template", "repair.order", "repair.service",
    "res.partner", "res.users", "sale.order", "stock.location", "stock.lot", "stock.move",
    "stock.quant",
)


def uninstall_hook(env):
    """Let go of faults and checklists, and leave what others have used where it is.

    What is kept in vans and stores for orders is free again.
    Parts and labour stay on Odoo's repair orders without their fault. Stock places and products
    that came with the addon hold stock and stand on sale lines: they stay.
    """
    env["jinxing.repair.bring"].search([])._release()
    env.flush_all()
    env.cr.execute("UPDATE stock_move SET fault_id = NULL WHERE fault_id IS NOT NULL")
    env.cr.execute("UPDATE repair_service SET fault_id = NULL WHERE fault_id IS NOT NULL")
    env.cr.execute("DELETE FROM jinxing_repair_check")
    env.invalidate_all()
    # Odoo's own print is offered for its own orders only while there are dispatch orders.
    core_print = env.ref("repair.action_report_repair_order", raise_if_not_found=False)
    if core_print:
        core_print.domain = False
    env["ir.model.data"].search(
        [("module", "=", "jinxing_repair"), ("model", "in", USED_BY_OTHERS)]
    ).unlink()
