from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.models.locking import take

#: Which kind of return carries out which right; a new part is the parts keeper's.
_OPERATIONS = {
    "exchange": "rma.rma_operation_replace",
    "user_choice": "rma.rma_operation_replace",
    "return": "rma.rma_operation_refund",
}


class JinxingExchangeRight(models.Model):
    """A right that is claimed from us becomes a return, which carries it out (G2.1, G2.2)."""

    _inherit = "jinxing.exchange.right"

    rma_ids = fields.One2many("rma", "exchange_right_id", "Returns", readonly=True)
    return_id = fields.Many2one(
        "rma",
        compute="_compute_return_id",
        compute_sudo=True,
        groups="jinxing_base.group_clerk,jinxing_base.group_parts_keeper,"
        "account.group_account_invoice",
    )

    @api.depends("rma_ids.state")
    def _compute_return_id(self):
        for right in self:
            right.return_id = right.rma_ids.filtered(lambda rma: rma.state != "cancelled")[:1]

    def action_claim(self, note=None):
        """Note the claim; what we owe ourselves becomes a return at once (G2.1, G2.2)."""
        result = super().action_claim(note=note)
        for right in self.filtered(
            lambda r: r.outcome in _OPERATIONS and r.bearer_id == r.company_id.partner_id
        ):
            # a machine is exchanged once, by whichever of its rights
            if not right._other_returns():
                right._make_returns()
        return result

    def _other_returns(self):
        """Return the returns under way for the machine by its other rights, the machine taken."""
        self.ensure_one()
        # sudo: of two rights claimed at once the second waits for the machine
        right = self.sudo()
        take(right.lot_id)
        # sudo: as in _make_returns
        return self.env["rma"].sudo().search(
            [
                ("lot_id", "=", right.lot_id.id),
                ("exchange_right_id", "not in", [False, right.id]),
                ("exchange_right_id.state", "in", ("open", "claimed")),
                ("state", "!=", "cancelled"),
            ]
        )

    def action_make_return(self):
        """Make the return of a claimed right: again after a cancelled one, or for the bearer.

        :raises UserError: it is not claimed, gives a part, or has a return already
        """
        self._ensure_group("clerk")
        self._ensure_state("claimed")
        if self.filtered(lambda r: r.bearer_id != r.company_id.partner_id):
            # somebody else answers for it: that we step in is the supervisor's to say
            self._ensure_group("supervisor")
        self._make_returns()
        return self.action_open_return()

    def action_open_return(self):
        """Open the return that carries out the right."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "rma",
            # sudo: which return it is; who may read it is asked when it opens
            "res_id": self.sudo().return_id.id,
            "views": [(self.env.ref("jinxing_return.return_view_form").id, "form")],
        }

    def _make_returns(self):
        """Make a return of each right: its machine, the same model, decided on at once."""
        for right in self:
            # sudo: whether there is one does not depend on who asks
            if right.sudo().return_id or right.outcome not in _OPERATIONS:
                raise UserError(
                    self.env._(
                        "%(right)s has a return already, or gives no machine.", right=right.name
                    )
                )
            if others := right._other_returns():
                raise UserError(
                    self.env._(
                        "%(right)s: the machine is exchanged by %(returns)s already.",
                        right=right.name,
                        returns=", ".join(others.mapped("name")),
                    )
                )
        # what was cancelled makes room first
        self.env["rma"].flush_model(["state"])
        # sudo: the return follows the right, with what only the rules set
        rmas = self.env["rma"].sudo().create([right._prepare_return() for right in self])
        rmas.action_decide()
        for right, rma in zip(self, rmas, strict=True):
            rma._message_log(
                body=self.env._(
                    "From right %(right)s by %(clause)s, %(order)s.",
                    right=right.name,
                    clause=right.clause_code,
                    order=right.order_id.name,
                )
            )
        return rmas

    def _prepare_return(self):
        """Return the values of the return: machine, owner, and our own sale if it was one."""
        self.ensure_one()
        # sudo: machine, card and sale are looked at on behalf of the right
        right = self.sudo()
        machine = right.lot_id
        vals = {
            "exchange_right_id": self.id,
            "entitlement_id": right.clause_id.id,
            "partner_id": (machine.card_id.owner_id or right.partner_id).id,
            "company_id": right.company_id.id,
            "user_id": self.env.uid,
            "origin": right.order_id.name,
            "operation_id": self.env.ref(_OPERATIONS[self.outcome]).id,
            "product_id": machine.product_id.id,
            "lot_id": machine.id,
            "product_uom_qty": 1.0,
            "product_uom": machine.product_id.uom_id.id,
        }
        # sudo: as above
        sold = self.env["stock.move.line"].sudo().search(
            [
                ("lot_id", "=", machine.id),
                ("state", "=", "done"),
                ("move_id.sale_line_id", "!=", False),
                ("location_dest_id.usage", "=", "customer"),
                ("company_id", "=", right.company_id.id),
            ],
            order="date desc, id desc",
            limit=1,
        ).move_id
        if sold:
            vals.update(
                order_id=sold.sale_line_id.order_id.id,
                picking_id=sold.picking_id.id,
                move_id=sold.id,
            )
        return vals

    # -- carried out by the return ---------------------------------------------------------------

    def action_execute(self, note=None):
        """Note that the user got it in another way; a return that has not begun is dropped.

        :raises UserError: the goods are on their way, the return carries the right out
        """
        if (note or "").strip():
            self._ensure_group("supervisor")
            self._drop_returns()
        return super().action_execute(note=note)

    def _record_exchange(self, machine, day, amount=0.0, evidence=(), note=""):
        self._ensure_group("supervisor")
        self._drop_returns()
        return super()._record_exchange(machine, day, amount, evidence, note)

    def _record_return(self, day, refunded, amount=0.0, evidence=(), note=""):
        self._ensure_group("supervisor")
        self._drop_returns()
        return super()._record_return(day, refunded, amount, evidence, note)

    def _drop_returns(self):
        """Cancel the returns of rights that end in another way.

        :raises UserError: the goods of one are on their way
        """
        # sudo: the return follows its right
        rmas = self.sudo().return_id
        begun = rmas.filtered(lambda rma: rma.state != "draft")
        if begun:
            raise UserError(
                self.env._(
                    "The goods are on their way: the return %(names)s carries the right out.",
                    names=", ".join(begun.mapped("name")),
                )
            )
        rmas.action_cancel()

    def _lapse(self, reason, by_rule=False):
        self._drop_returns()
        return super()._lapse(reason, by_rule=by_rule)


class Rma(models.Model):
    _inherit = "rma"

    def _fulfil_rights(self):
        """Note on the rights that the returns have carried them out."""
        for rma in self.filtered("exchange_right_id"):
            right = rma.exchange_right_id
            if right.state not in ("open", "claimed"):
                continue
            if rma.state == "replaced":
                note = self.env._(
                    "Exchanged by %(rma)s: %(old)s for %(new)s.",
                    rma=rma.name,
                    old=rma.lot_id.name,
                    new=rma.new_lot_id.name or rma._exchanged_for().display_name,
                )
            else:
                note = self.env._(
                    "Refunded by %(rma)s: %(amount)s.",
                    rma=rma.name,
                    amount=rma.refund_id.currency_id.format(rma.refund_id.amount_total),
                )
            # sudo: the right follows what was done
            elevated = right.sudo()
            elevated.write(
                {
                    "new_lot_id": rma.new_lot_id.id,
                    "new_card_id": rma.new_card_id.id,
                    "exchanged_on": fields.Date.context_today(rma) if rma.new_lot_id else False,
                }
            )
            elevated._execute(note)
