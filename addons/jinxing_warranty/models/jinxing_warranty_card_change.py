from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import phone
from .jinxing_warranty_card import STATED
from .service_day import service_day

#: A change of these makes the card count as altered until a supervisor confirms (G5.4).
ALTERING = frozenset({"lot_id", "product_id", "serial", "invoice_date", "manufacture_date"})
#: What a correction can change; a card stays with its company.
CORRECTABLE = tuple(name for name in STATED if name != "company_id")
#: What is true of the card and of its machine: a correction changes both.
OF_MACHINE = {
    "serial": "name",
    "engine_number": "engine_number",
    "manufacture_date": "manufacture_date",
}


class JinxingWarrantyCard(models.Model):
    _inherit = "jinxing.warranty.card"

    def _ensure_supervisor(self):
        if not (self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")):
            raise AccessError(self.env._("Only a supervisor may do this."))

    def _ensure_active(self):
        others = self.filtered(lambda c: c.state != "active")
        if others:
            raise UserError(
                self.env._("Not active: %(names)s", names=", ".join(others.mapped("display_name")))
            )

    # -- void ----------------------------------------------------------------------------------

    def action_void(self, reason=None):
        """Void drafts, or active cards if one is a supervisor, with a reason.

        Without ``reason`` the form that asks for it opens. The dealer reads the reason.
        """
        if not reason:
            return self._open_wizard("void")
        reason = reason.strip()
        self.check_access("write")
        if not reason:
            raise UserError(self.env._("Voiding needs a reason."))
        done = self.filtered(lambda c: c.state not in ("draft", "active"))
        if done:
            raise UserError(
                self.env._(
                    "Void already or replaced: %(names)s",
                    names=", ".join(done.mapped("display_name")),
                )
            )
        active = self.filtered(lambda c: c.state == "active")
        if active:
            self._ensure_supervisor()
        self._store({"state": "void", "void_reason": reason})
        active.lot_id._forget_card()
        body = self.env._("Voided: %(reason)s", reason=reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return True

    # -- correction ----------------------------------------------------------------------------

    def action_correct(self, values=None, reason=None):
        """Change what a card states, keeping the old value and the reason (G5.4).

        Serial, engine number and day of manufacture change on the machine too. An error of
        the seller's excuses much (L-err): only a supervisor says that there is one.

        :param values: ``{field: new value}``, fields of the card's front only
        :raises UserError: no reason, an unknown field, or nothing changes
        """
        if values is None:
            return self._open_wizard("correct")
        self.ensure_one()
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("A correction needs a reason."))
        self._ensure_active()
        strange = set(values) - set(CORRECTABLE)
        if strange:
            raise UserError(
                self.env._("Not on the card: %(names)s", names=", ".join(sorted(strange)))
            )
        values = self._correction(values)
        changed = self._changes(values, list(values))
        if not changed:
            raise UserError(self.env._("Nothing changes."))
        if "seller_error" in changed:
            self._ensure_supervisor()
        before = {name: self._shown(name) for name in changed}
        old_machine = self.lot_id
        self._store({n: values[n] for n in changed if n != "manufacture_date"})
        machine_values = {OF_MACHINE[n]: values[n] for n in changed if n in OF_MACHINE}
        if machine_values and "lot_id" not in changed:
            # sudo: the machine bears what its card says, whoever may edit stock records
            self.lot_id.sudo().write(machine_values)
        self._log_corrections(before, reason.strip())
        if {"invoice_date", "lot_id"} & set(changed):
            self._state_cover()
        self._correct_owner_history(changed)
        if "lot_id" in changed:
            old_machine._forget_card()
        self._push_to_machines()
        self._record_cover()
        if ALTERING & set(changed):
            self._store({"altered": True})
            self._ask_supervisor()
        return True

    def _correction(self, values):
        """Return the values of a correction; with another machine come its model and numbers."""
        values = self._clean(values)
        missing = [
            name
            for name in ("name", "lot_id", "product_id", "serial", "owner_id", "owner_phone")
            + ("invoice_number", "invoice_date")
            if name in values and not (values[name] and values[name] != "/")
        ]
        if missing:
            labels = self.fields_get(missing, ["string"])
            raise UserError(
                self.env._(
                    "A card cannot do without: %(names)s",
                    names=", ".join(labels[name]["string"] for name in missing),
                )
            )
        if "lot_id" in values:
            machine = self.env["stock.lot"].browse(values["lot_id"])
            machine.check_access("read")
            if machine != self.lot_id:
                for name in ("manufacture_date", "serial", "product_id", "engine_number"):
                    values.pop(name, None)
                values.update(
                    product_id=machine.product_id.id,
                    serial=machine.name,
                    engine_number=machine.engine_number,
                )
        return values

    def _log_corrections(self, before, reason):
        """Keep for each changed field what the card said and what it says."""
        # sudo: the log of corrections is written by the system alone
        self.env["jinxing.warranty.card.correction"].sudo().create(
            [
                {
                    "card_id": self.id,
                    "field_name": name,
                    "old_value": old,
                    "new_value": self._shown(name),
                    "reason": reason,
                    "user_id": self.env.uid,
                    "altering": name in ALTERING,
                }
                for name, old in before.items()
            ]
        )

    def _correct_owner_history(self, changed):
        """Let the history of owners follow a correction: he never was the owner."""
        # sudo: as in action_activate
        history = self.sudo().owner_history_ids
        if "invoice_date" in changed and history:
            history[0].date_from = self.cover_start
        if {"owner_id", "owner_phone"} & set(changed) and history:
            history[-1].write({"partner_id": self.owner_id.id, "phone": self.owner_phone})

    def _shown(self, name):
        value = self[name]
        if self._fields[name].relational:
            return value.display_name
        if isinstance(value, bool) and self._fields[name].type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        return str(value or "")

    def _ask_supervisor(self):
        # sudo: who the supervisors are is no secret of theirs
        group = self.env.ref("jinxing_base.group_supervisor").sudo()
        user = group.all_user_ids.filtered(
            lambda u: self.company_id in u.company_ids
            and u.active
            and not u.share
            and u != self.env.user
        )[:1]
        if user:
            self.activity_schedule(
                "jinxing_warranty.activity_confirm_alteration", user_id=user.id
            )

    def action_confirm_alteration(self):
        """Accept the corrections of altered cards; supervisors only (G5.4)."""
        self._ensure_supervisor()
        self.check_access("write")
        altered = self.filtered("altered")
        if not altered:
            raise UserError(self.env._("There is no alteration to confirm."))
        altered._store({"altered": False})
        # sudo: as in _log_corrections
        altered.sudo().correction_ids.filtered(
            lambda c: c.altering and not c.confirmed_by_id
        ).write({"confirmed_by_id": self.env.uid, "confirmed_on": fields.Datetime.now()})
        altered.activity_feedback(["jinxing_warranty.activity_confirm_alteration"])
        altered._message_log_batch(
            bodies=dict.fromkeys(altered.ids, self.env._("Alteration confirmed."))
        )
        return True

    # -- another owner, another machine --------------------------------------------------------

    def action_transfer_owner(self, partner=None, date=None, number=None):
        """Hand machine and card to a new owner; cover goes on (L-own).

        :param partner: id or record of the new owner
        :param date: first day of the new owner
        :param number: his telephone number, his contact's own by default
        """
        if partner is None:
            return self._open_wizard("transfer")
        self.ensure_one()
        self.check_access("write")
        partner = self.env["res.partner"].browse(int(partner)).exists()
        number = phone.normalise(number or partner.phone)
        day = fields.Date.to_date(date) or service_day(self.env)
        self._ensure_active()
        if not partner:
            raise UserError(self.env._("Choose the new owner."))
        if partner == self.owner_id:
            raise UserError(self.env._("%(name)s owns it already.", name=partner.display_name))
        if not number:
            raise UserError(self.env._("The new owner's phone is missing."))
        # sudo: as in action_activate
        history = self.sudo().owner_history_ids
        last = history[-1:]
        if (last and day < last.date_from) or day > service_day(self.env):
            raise UserError(
                self.env._("The day must lie between %(first)s and today.", first=last.date_from)
            )
        self._store({"owner_id": partner.id, "owner_phone": number})
        last.date_to = day
        history.create(
            {"card_id": self.id, "partner_id": partner.id, "phone": number, "date_from": day}
        )
        self._push_to_machines()
        self._message_log_batch(
            bodies={
                self.id: self.env._(
                    "%(name)s owns the machine from %(day)s on.",
                    name=partner.display_name,
                    day=day,
                )
            }
        )
        return True

    def _replace_machine(self, machine, day, reason):
        """Let another machine take this one's place after an exchange (G2.1, G2.2).

        The old card is replaced by an active one of the new machine: same owner, dealer,
        invoice and days of cover, the downtime included; with L-new switched on cover begins
        anew on ``day``.

        :return: the new card
        """
        self.ensure_one()
        self.check_access("write")
        self._ensure_active()
        anew = "L-new" in self.env["jinxing.clause"]._enabled_statutes()
        self._store({"state": "replaced"})
        self.env.flush_all()
        # sudo: the system makes the card of an exchange, whoever decided on it
        card = self.sudo().create(
            {
                "source": "exchange",
                "lot_id": machine.id,
                "owner_id": self.owner_id.id,
                "owner_phone": self.owner_phone,
                "dealer_id": self.dealer_id.id,
                "company_id": self.company_id.id,
                "seller_error": self.seller_error,
            }
        )
        card._store(
            {
                "replaces_id": self.id,
                "renewed_on": day if anew else False,
                "invoice_number": self.invoice_number,
                "invoice_date": self.invoice_date,
            }
        )
        card.action_activate()
        if not anew:
            # sudo: the downtime goes with the cover, it is the system's record
            for gap in self.sudo().downtime_ids:
                gap.copy({"card_id": card.id})
        self._store({"replaced_by_id": card.id})
        self.lot_id._forget_card()
        body = self.env._(
            "Exchanged on %(day)s: %(card)s takes its place. %(reason)s",
            day=day,
            card=card.display_name,
            reason=reason,
        )
        self._message_log_batch(bodies={self.id: body})
        return card.with_env(self.env)

    # -- forms ---------------------------------------------------------------------------------

    def _open_wizard(self, kind):
        self.ensure_one()
        titles = {
            "void": self.env._("Void the card"),
            "correct": self.env._("Correct the card"),
            "transfer": self.env._("Change of owner"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[kind],
            "res_model": "jinxing.card.change",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_card_id": self.id, "default_kind": kind},
        }

    def action_open_machine(self):
        """Open the machine of this card."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Machine"),
            "res_model": "stock.lot",
            "res_id": self.lot_id.id,
            "views": [[self.env.ref("jinxing_warranty.machine_view_form").id, "form"]],
        }
