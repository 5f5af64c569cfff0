from odoo import api, models

from ..rules import card_import
from . import import_texts
from .service_day import service_day


class JinxingCardRegistration(models.AbstractModel):
    """A dealer's registration of a sale: checked like a row of an import, then drafted (G4).

    A dealer registers machines that were delivered to him, and no others: the serial number
    of another dealer's machine is as unknown to him as one that does not exist. What he says
    stays on the draft; the machine's own record changes when the card is activated.
    """

    _name = "jinxing.card.registration"
    _description = "Registration of a Sale"

    @api.model
    def _check(self, values, dealer):
        """Return errors by field, the typed row (if none), and the machine.

        :param values: ``{column of rules/card_import.py: text}``
        :param dealer: the dealer's company
        """
        # sudo: a taken number counts, whoever holds it; nothing of it is shown
        lots = self.env["stock.lot"].sudo()
        machine = lots.search(
            [
                ("is_machine", "=", True),
                ("name", "=", values["serial"]),
                ("dealer_id", "=", dealer.id),
            ],
            limit=1,
        )
        other = lots.search(
            [("is_machine", "=", True), ("engine_number", "=", values["engine"] or "-")], limit=1
        )
        # sudo: the dealer is the user's own company, the models are no secret
        name, products = dealer.sudo().name, self.env["product.product"].sudo()
        alive = machine.card_ids.filtered(lambda c: c.state in ("draft", "active"))
        known = card_import.Known(
            models={str(p.id): 1 for p in products.search([("is_machine", "=", True)])},
            dealers={name: 1},
            machines={
                machine.name: card_import.Machine(
                    models=(str(machine.product_id.id),),
                    engine=machine.engine_number or "",
                    made=machine.manufacture_date or None,
                    has_card=bool(alive),
                )
            }
            if machine
            else {},
            engines={other.engine_number: other.name} if other else {},
        )
        columns = (*values, "dealer")
        cells = [*values.values(), name]
        heading = {column: position for position, column in enumerate(columns)}
        good, problems = card_import.check_rows(
            heading, [(1, cells)], known, service_day(self.env)
        )
        errors = {}
        for problem in problems:
            label = import_texts.column(self.env, problem.column)
            reason = import_texts.reason(self.env, problem.reason)
            errors.setdefault(
                problem.column, self.env._("%(column)s %(reason)s", column=label, reason=reason)
            )
        if not machine and "serial" not in errors:
            errors["serial"] = self.env._(
                "We have no machine with this serial number for you. Check the plate, or ask us."
            )
        return errors, good[0] if good else None, machine

    @api.model
    def _create_card(self, row, machine, dealer, photo):
        """Draft the card of a checked row.

        :param photo: base64 of the invoice's photo
        """
        # sudo: a dealer has no right to create; the row was checked, see above
        env = self.sudo().env
        owner = env["res.partner"].search(
            [("name", "=", row.owner), ("phone", "=", row.phone)], limit=1
        ) or env["res.partner"].create(
            {
                "name": row.owner,
                "phone": row.phone,
                "street": row.address,
                "lang": self.env.lang,
                "country_id": machine.company_id.country_id.id or env.company.country_id.id,
            }
        )
        card = env["jinxing.warranty.card"].create(
            {
                "source": "portal",
                "lot_id": machine.id,
                "engine_number": row.engine,
                "owner_id": owner.id,
                "owner_phone": row.phone,
                "dealer_id": dealer.id,
                "invoice_number": row.invoice,
                "invoice_date": row.invoice_date,
                "invoice_scan": photo,
                "invoice_scan_name": f"{row.invoice}.jpg",
                "company_id": (machine.company_id or env.company).id,
            }
        )
        env.flush_all()
        return card
