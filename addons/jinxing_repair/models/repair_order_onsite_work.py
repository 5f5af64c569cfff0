import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import escape_psql
from odoo.tools.image import image_process

from .repair_order_onsite import AT_THE_MACHINE, DIAGNOSING

#: Technical limits of what a phone may send.
MAX_PHOTO = 6 * 1024 * 1024
MAX_SIGNATURE = 400 * 1024
MAX_PHOTOS = 12
PHOTO_SIZE = (1600, 1600)
PHOTO_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n")

NOTE_FIELDS = ("explanation", "precautions", "trial_run_ok")
#: What decides on cover: only while the fault is looked for.
DIAGNOSIS_FIELDS = ("component_id", "category_id", "exclusion", "exclusion_evidence")
RESULT_FIELDS = ("symptom", "cause", "quality_after", "result")
FAULT_FIELDS = DIAGNOSIS_FIELDS + RESULT_FIELDS


class RepairOrder(models.Model):
    """What is found, fitted and written down at the machine (G1.2, G5, S8.3, S8.4, N9).

    Called with the rights of the system, on the technician's own order alone: each child is
    checked to be the order's.
    """

    _inherit = "repair.order"

    # -- reading what a phone sends --------------------------------------------------------------

    def _onsite_text(self, value, limit=4000):
        """Return a text without blanks around it."""
        if value in (None, False):
            return ""
        if not isinstance(value, str):
            raise UserError(self.env._("The phone sends something that is no text."))
        value = value.strip()
        if len(value) > limit:
            raise UserError(
                self.env._("The text is longer than %(limit)s characters.", limit=limit)
            )
        return value

    def _onsite_number(self, value, least, most):
        """Return a number between ``least`` and ``most``."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not least <= number <= most:
            raise UserError(
                self.env._("Enter a number from %(least)s to %(most)s.", least=least, most=most)
            )
        return number

    def _onsite_picture(self, data, limit):
        """Return the bytes of a picture sent as base64 or data URL."""
        if not isinstance(data, str) or not data:
            raise UserError(self.env._("The picture is missing."))
        if len(data) > limit * 4 // 3 + 100:
            raise UserError(
                self.env._("The picture is larger than %(size)s kB.", size=limit // 1024)
            )
        try:
            raw = base64.b64decode(data.rpartition(",")[2], validate=True)
        except binascii.Error as error:
            raise UserError(self.env._("The picture cannot be read.")) from error
        if not raw.startswith(PHOTO_MAGIC):
            raise UserError(self.env._("Only pictures (.jpg, .png) are accepted."))
        return raw

    def _onsite_signature(self, values):
        """Return the drawn signature as the binary fields keep it."""
        if not self._onsite_text(values.get("name"), 100):
            raise UserError(self.env._("Who signs? Enter the name."))
        raw = self._onsite_picture(values.get("signature"), MAX_SIGNATURE)
        try:
            # Written anew, so that nothing but a picture is kept.
            return base64.b64encode(image_process(raw, size=(1200, 600), output_format="PNG"))
        except (UserError, ValueError) as error:
            raise UserError(self.env._("The picture cannot be read.")) from error

    def _onsite_in(self, states):
        """Refuse work that is not the order's turn; after the signature nothing changes."""
        if self.service_state not in states:
            raise UserError(
                self.env._(
                    "%(order)s is “%(state)s”: this cannot be changed now.",
                    order=self.name,
                    state=dict(self._fields["service_state"]._description_selection(self.env))[
                        self.service_state
                    ],
                )
            )

    def _onsite_child(self, records, reference):
        """Return the child of the order that a phone names, by its id or by the number of the
        change that made it.

        :param records: the children of this order that may be meant
        :raises UserError: it is none of them, or has been removed
        """
        if isinstance(reference, str):
            reference = self.env["jinxing.onsite.request"]._created_by(reference, self)
        child = records.filtered(lambda record: record.id == reference)
        if not child:
            raise UserError(
                self.env._("This line is not on the order any more. Look at it again.")
            )
        return child

    def _onsite_one(self, model, record_id, domain=()):
        """Return the record with this id if it is in ``domain``."""
        records = self.env[model]
        found = records.browse()
        if type(record_id) is int:  # true is no id
            found = records.search([("id", "=", record_id), *domain])
        if not found:
            raise UserError(self.env._("What was chosen does not exist any more. Choose again."))
        return found

    # -- the machine (S8.1) ----------------------------------------------------------------------

    def _onsite_machine(self, values, base, at):
        """Name the machine by its plate, where the registration did not know it."""
        self._onsite_in(DIAGNOSING)
        if self.lot_id:
            raise UserError(
                self.env._(
                    "The order is for %(machine)s. Only the office changes that.",
                    machine=self.lot_id.name,
                )
            )
        serial = escape_psql(self._onsite_text(values.get("serial"), 60))
        machine = self.env["stock.lot"].search(
            [
                ("is_machine", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
                "|", ("name", "=ilike", serial), ("engine_number", "=ilike", serial),
            ],
            limit=2,
        )
        if not serial or len(machine) != 1:
            raise UserError(
                self.env._(
                    "No machine of ours has this serial or engine number. Read the plate again, "
                    "or call the office."
                )
            )
        self.write({"lot_id": machine.id, "product_id": machine.product_id.id})

    # -- checklists and notes (S8.3, N9) ---------------------------------------------------------

    def _onsite_tick(self, values, base, at):
        check = self._onsite_child(self.check_ids, values.get("check"))
        self._onsite_in(
            (*DIAGNOSING, "repaired") if check.phase == "departure" else AT_THE_MACHINE
        )
        done = {"done": bool(values.get("done"))}
        self._onsite_ensure_unchanged(check, done, base)
        if check.done != done["done"]:
            check.write(done)

    def _onsite_note(self, values, base, at):
        # The explanation is part of the hand-in; the trial run comes before the signature.
        self._onsite_in(AT_THE_MACHINE if "trial_run_ok" in values else (*AT_THE_MACHINE, "signed"))
        vals = {
            name: bool(values[name]) if name == "trial_run_ok" else self._onsite_text(values[name])
            for name in NOTE_FIELDS
            if name in values
        }
        self._onsite_ensure_unchanged(self, vals, base)
        self.write(vals)

    # -- faults (G1.2, G4, G5) -------------------------------------------------------------------

    def _onsite_fault_vals(self, values):
        """Return what the phone says of a fault, checked."""
        vals = {}
        for name in FAULT_FIELDS:
            if name not in values:
                continue
            value = values[name]
            field = self.env["jinxing.repair.fault"]._fields[name]
            if field.type == "many2one":
                found = self._onsite_one(field.comodel_name, value) if value else self.browse()
                if not found and field.required:
                    raise UserError(self.env._("Choose the component."))
                vals[name] = found.id
            elif field.type == "selection":
                if value and value not in dict(field.selection):
                    raise UserError(self.env._("This is none of the choices."))
                vals[name] = value or False
            else:
                vals[name] = self._onsite_text(value)
        return vals

    def _onsite_fault_add(self, values, base, at):
        self._onsite_in(DIAGNOSING)
        vals = self._onsite_fault_vals(values)
        if not vals.get("component_id"):
            raise UserError(self.env._("Choose the component."))
        fault = self.env["jinxing.repair.fault"].create({**vals, "order_id": self.id})
        return {"id": fault.id}

    def _onsite_fault_write(self, values, base, at):
        fault = self._onsite_child(self.fault_ids, values.get("fault"))
        vals = self._onsite_fault_vals(values)
        deciding = set(vals) & set(DIAGNOSIS_FIELDS)
        self._onsite_in(DIAGNOSING if deciding else (*DIAGNOSING, "repaired"))
        self._onsite_ensure_unchanged(fault, vals, base)
        fault.write(vals)
        if vals.get("result") and "result" in base and vals["result"] != base["result"]:
            fault._ensure_price_accepted()

    def _onsite_fault_remove(self, values, base, at):
        self._onsite_in(DIAGNOSING)
        fault = self._onsite_child(self.fault_ids, values.get("fault"))
        # Removed is what he looked at; the phones of before do not say what that was.
        seen = {name: base[name] for name in FAULT_FIELDS if name in base}
        self._onsite_ensure_unchanged(fault, seen, seen)
        fault.move_ids.filtered(lambda m: m.state == "cancel").unlink()
        fault.unlink()

    def _onsite_photo_add(self, values, base, at):
        self._onsite_in((*DIAGNOSING, "repaired"))
        fault = self._onsite_child(self.fault_ids, values.get("fault"))
        if len(fault.evidence_ids) >= MAX_PHOTOS:
            raise UserError(
                self.env._("A fault takes up to %(number)s photos.", number=MAX_PHOTOS)
            )
        raw = self._onsite_picture(values.get("data"), MAX_PHOTO)
        try:
            # Written anew, so that nothing but a picture is kept: no place, no program.
            raw = image_process(raw, size=PHOTO_SIZE, quality=85, output_format="JPEG")
        except (UserError, ValueError) as error:
            raise UserError(self.env._("The picture cannot be read.")) from error
        photo = self.env["ir.attachment"].create(
            {
                "name": f"{self.name}-{len(fault.evidence_ids) + 1}.jpg".replace("/", "-"),
                "raw": raw,
                "mimetype": "image/jpeg",
                "res_model": fault._name,
                "res_id": fault.id,
            }
        )
        fault.write({"evidence_ids": [Command.link(photo.id)]})
        return {"id": photo.id}

    def _onsite_photo_remove(self, values, base, at):
        self._onsite_in((*DIAGNOSING, "repaired"))
        fault = self._onsite_child(self.fault_ids, values.get("fault"))
        self._onsite_child(fault.evidence_ids, values.get("photo")).unlink()

    # -- parts (G1.2, S8.3) ----------------------------------------------------------------------

    def _onsite_sources(self):
        """Return where parts of the order may come from: van, station, the order's stock."""
        self.ensure_one()
        technician = self.technician_id
        return (
            technician.parts_location_id
            | technician.commercial_partner_id.parts_location_id
            | self.provider_id.parts_location_id
            | self.location_id
        )

    def _onsite_parts(self):
        """Return the parts to be fitted."""
        return self.move_ids.filtered(
            lambda m: m.repair_line_type == "add" and m.state not in ("done", "cancel")
        )

    def _onsite_part_add(self, values, base, at):
        self._onsite_in(DIAGNOSING)
        fault = self._onsite_child(self.fault_ids, values.get("fault"))
        part = self._onsite_one(
            "product.product",
            values.get("product"),
            [
                ("type", "=", "consu"),
                ("is_machine", "=", False),
                ("company_id", "in", (False, self.company_id.id)),
            ],
        )
        quantity = self._onsite_number(values.get("quantity", 1), 0.001, 9999)
        source = self._onsite_child(
            self._onsite_sources(), values.get("source") or self.location_id.id
        )
        lots = self._onsite_lots(part, values.get("lots"))
        beyond = self._onsite_beyond_stock(part, source, lots, quantity, values)
        move = self.env["stock.move"].create(
            {
                "repair_id": self.id,
                "repair_line_type": "add",
                "fault_id": fault.id,
                "product_id": part.id,
                "product_uom_qty": quantity,
                "part_source_id": source.id if source != self.location_id else False,
            }
        )
        if lots:
            self._onsite_take_lots(move, lots, quantity)
            move._ensure_serials_free()
        if beyond:
            self.message_post(body=beyond)
        return {"id": move.id}

    def _onsite_beyond_stock(self, part, source, lots, quantity, values):
        """Return a note when more is taken than the books say is there.

        A part in the technician's hand is there, whatever the books say: he confirms it, and
        the keeper reads the note (G1.3).

        :raises UserError: he has not confirmed it
        """
        if not part.is_storable:
            return None
        there = self.env["stock.quant"]._get_available_quantity(
            part, source, lot_id=lots if len(lots) == 1 else None
        )
        if part.uom_id.compare(there, quantity) >= 0:
            return None
        words = {
            "part": part.display_name,
            "place": source.name,
            "there": part.uom_id.round(there),
            "wanted": quantity,
        }
        if not values.get("beyond_stock"):
            raise UserError(
                self.env._(
                    "%(part)s: by the books %(place)s holds %(there)s, %(wanted)s are wanted. "
                    "If you have them in your hand, confirm that.",
                    **words,
                )
            )
        return self.env._(
            "%(part)s: %(wanted)s taken from %(place)s, where by the books %(there)s are.",
            **words,
        )

    def _onsite_lots(self, part, lot_ids):
        """Return the lots chosen, each one of this part."""
        lots = self.env["stock.lot"]
        for lot_id in lot_ids if isinstance(lot_ids, list) else ():
            lots |= self._onsite_one("stock.lot", lot_id, [("product_id", "=", part.id)])
        return lots

    def _onsite_take_lots(self, move, lots, quantity):
        """Take the quantity from these lots: a serial number is one piece."""
        serial = move.product_id.tracking == "serial"
        if serial and len(lots) != quantity or not serial and len(lots) > 1:
            raise UserError(
                self.env._(
                    "%(part)s: choose one serial number a piece, or one lot.",
                    part=move.product_id.display_name,
                )
            )
        move.move_line_ids.unlink()
        for lot in lots:
            self.env["stock.move.line"].create(
                {
                    **move._prepare_move_line_vals(quantity=0),
                    "lot_id": lot.id,
                    "quantity": 1 if serial else quantity,
                }
            )

    def _onsite_part_write(self, values, base, at):
        """Plan another quantity of a part."""
        self._onsite_in(DIAGNOSING)
        move = self._onsite_child(self._onsite_parts(), values.get("part"))
        vals = {"product_uom_qty": self._onsite_number(values.get("product_uom_qty"), 0.001, 9999)}
        self._onsite_ensure_unchanged(move, vals, base)
        move.write({**vals, "picked": False})

    def _onsite_part_use(self, values, base, at):
        """Say how many of a part were used, and which lots (G1.2)."""
        self._onsite_in(AT_THE_MACHINE)
        move = self._onsite_child(self._onsite_parts(), values.get("part"))
        vals = {"quantity": self._onsite_number(values.get("quantity"), 0, 9999)}
        lots = self._onsite_lots(move.product_id, values.get("lots"))
        if move.picked:
            said = {"lot_ids": lots.ids} if "lot_ids" in base else {}
            self._onsite_ensure_unchanged(move, {**vals, **said}, base)
        if vals["quantity"]:
            move.fault_id._ensure_price_accepted()
        if move.product_id.uom_id.compare(vals["quantity"], move.product_uom_qty) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: more was used than planned. Plan the quantity first, so that its "
                    "price is accepted before (S8.4).",
                    part=move.product_id.display_name,
                )
            )
        if move.product_id.tracking != "none" and vals["quantity"]:
            if not lots:
                raise UserError(
                    self.env._(
                        "%(part)s: choose the lot or serial number.",
                        part=move.product_id.display_name,
                    )
                )
            self._onsite_take_lots(move, lots, vals["quantity"])
            move._ensure_serials_free()
        else:
            move.write(vals)
        move.write({"picked": True})

    def _onsite_part_remove(self, values, base, at):
        self._onsite_in(DIAGNOSING)
        move = self._onsite_child(self._onsite_parts(), values.get("part"))
        kept = {"product_uom_qty": base.get("product_uom_qty")}
        self._onsite_ensure_unchanged(move, kept, kept)
        move.unlink()

    # -- labour and travel (S8.4) ----------------------------------------------------------------

    @api.model
    def _onsite_fee_domain(self, companies):
        """Return the fee card in force today at these companies."""
        today = fields.Date.context_today(self)
        return [
            ("company_id", "in", companies.ids),
            "|", ("date_from", "=", False), ("date_from", "<=", today),
            "|", ("date_to", "=", False), ("date_to", ">=", today),
        ]

    def _onsite_labour_add(self, values, base, at):
        self._onsite_in(DIAGNOSING)
        fault = self._onsite_child(self.fault_ids, values.get("fault"))
        item = self._onsite_one(
            "jinxing.fee.item", values.get("fee_item"), self._onsite_fee_domain(self.company_id)
        )
        vals = {"repair_id": self.id, "fault_id": fault.id, "fee_item_id": item.id}
        if values.get("quantity") not in (None, ""):
            vals["product_uom_qty"] = self._onsite_number(values["quantity"], 0.01, 9999)
        return {"id": self.env["repair.service"].create(vals).id}

    def _onsite_labour_write(self, values, base, at):
        self._onsite_in(DIAGNOSING)
        service = self._onsite_child(self.repair_service_ids, values.get("labour"))
        vals = {"product_uom_qty": self._onsite_number(values.get("product_uom_qty"), 0.01, 9999)}
        self._onsite_ensure_unchanged(service, vals, base)
        service.write(vals)

    def _onsite_labour_remove(self, values, base, at):
        self._onsite_in(DIAGNOSING)
        service = self._onsite_child(self.repair_service_ids, values.get("labour"))
        seen = {name: base[name] for name in ("product_uom_qty",) if name in base}
        self._onsite_ensure_unchanged(service, seen, seen)
        service.unlink()
