from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SIGNATURE
from .money_common import MoneyCase


class SettlementData:
    """Rates, and closed orders of the station's man."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["jinxing.settlement.rate"].create(
            [
                {"kind": "labour", "amount": 40, "date_from": "2020-01-01"},
                {"kind": "labour", "grade": "3", "amount": 50, "date_from": "2020-01-01"},
                {"kind": "labour", "grade": "3", "amount": 99,
                 "date_from": cls.today + timedelta(days=2)},
                {"kind": "travel", "amount": 1.5, "date_from": "2020-01-01"},
                {"kind": "handling", "basis": "percent", "amount": 5,
                 "date_from": "2020-01-01"},
                {"kind": "installation", "amount": 120, "date_from": "2020-01-01"},
            ]
        )
        for part in (cls.part_housing, cls.part_battery):
            cls.env["stock.quant"]._update_available_quantity(
                part, cls.warehouse.lot_stock_id, 500
            )

    @classmethod
    def station_order(cls, km=42.5, close=True, machine=None):
        """A free housing by the station's man: 6 h, a part of 2,380, and his kilometres.

        The battery on the same order is charged: it is not ours to pay.
        """
        machine = machine or cls.sell(f"JY2025{cls.env['stock.lot'].search_count([]):04d}S", 20)
        order = cls.approved(machine)
        cls.as_("supervisor", order).action_assign(
            technician_id=cls.station_man.id, reason="The dealer has nobody"
        )
        worker = cls.as_("station_man", order)
        worker.action_accept()
        worker.action_contact()
        cls.packed(order)
        worker.action_arrive()
        cls.add_faults(order)
        if order.quote_state == "to_quote":
            worker.action_quote()
            worker.action_accept_quotation(SIGNATURE, "Zhang Defu")
        cls.complete(order)
        worker.action_finish()
        worker.action_leave("fixed", distance_km=km)
        worker.action_sign(SIGNATURE, "Zhang Defu")
        worker.action_hand_in()
        if close:
            cls.as_("supervisor", order).action_close(5)
        return order.with_env(cls.env)

    @classmethod
    def build(cls, day=None, partners=None, role="supervisor"):
        settlements = cls.as_(role, cls.env["jinxing.settlement"])
        return settlements._build(day or cls.today, partners=partners).with_env(cls.env)

    @classmethod
    def reviewed(cls, settlement):
        cls.as_("supervisor", settlement.line_ids.filtered(
            lambda line: line.state == "to_review"
        )).action_approve()
        return settlement

    @classmethod
    def approved_settlement(cls, settlement):
        """Reviewed, sent, confirmed by the provider and approved."""
        cls.reviewed(settlement)
        cls.as_("supervisor", settlement).action_send()
        cls.as_("station_man", settlement).action_confirm()
        cls.as_("supervisor", settlement).action_approve()
        return settlement

    @classmethod
    def liability(cls, order, amount=200, partner=None):
        record = cls.env["jinxing.liability"].create(
            {
                "origin": "loss",
                "order_id": order.id,
                "partner_id": (partner or cls.station).id,
                "cause": "repairer",
                "amount": amount,
            }
        )
        cls.as_("supervisor", record).action_decide()
        return record


@tagged("post_install", "-at_install")
class TestSettlement(SettlementData, MoneyCase):
    """What dealers and stations are owed for a month's free repairs (G1.3, G1.4, G2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_ = cls.station_order()

    def test_g1_3_hours_by_grade_kilometres_and_parts(self):
        """G1.3: 6 h at the three-star rate, 42.5 km, 5 % of the part; the battery is not paid."""
        self.assertTrue(self.order_.to_settle)
        settlement = self.build()
        self.assertEqual(settlement.partner_id, self.station)
        amounts = {line.kind: line.amount for line in settlement.line_ids}
        self.assertEqual(amounts, {"labour": 300, "travel": 63.75, "handling": 119})
        self.assertEqual(settlement.amount_claimed, 482.75)
        self.assertEqual((settlement.amount_total, settlement.open_count), (0, 3))
        self.assertFalse(self.order_.to_settle)
        labour = settlement.line_ids.filtered(lambda line: line.kind == "labour")
        self.assertEqual((labour.grade, labour.quantity, labour.unit_amount), ("3", 6, 50))
        decision = labour.decision_ids
        self.assertEqual((decision.outcome, decision.clause_codes), ("payable", ["G1.3"]))
        self.assertIn("6 × 50 = 300", decision.explanation)

    def test_g1_3_made_twice_nothing_is_added(self):
        """G1.3: the same month again finds nothing new; a later order goes into the draft."""
        settlement = self.build()
        self.assertFalse(self.build() - settlement)
        self.assertEqual(len(settlement.line_ids), 3)
        self.station_order()
        self.assertEqual(self.build(), settlement)
        self.assertEqual(len(settlement.line_ids), 6)

    def test_g1_3_after_it_was_sent_the_next_month_takes_it(self):
        """G1.3: what is closed when the month's settlement is out waits for the next."""
        settlement = self.reviewed(self.build())
        self.as_("supervisor", settlement).action_send()
        late = self.station_order()
        self.build()
        self.assertEqual(len(settlement.line_ids), 3)
        self.assertTrue(late.to_settle)

    def test_g1_3_own_technicians_are_not_settled_with(self):
        """G1.3: an order of the factory's own technician waits for no settlement."""
        order = self.to_pay()
        self.as_("technician", order).action_hand_in()
        self.as_("supervisor", order).action_close(5)
        self.assertFalse(order.to_settle)

    def test_g1_3_no_rate_is_shown_not_guessed(self):
        """G1.3: without a rate the line is there, marked, and cannot be approved."""
        self.rates.filtered(lambda rate: rate.kind == "travel").unlink()
        settlement = self.build()
        travel = settlement.line_ids.filtered(lambda line: line.kind == "travel")
        self.assertTrue(travel.rate_missing)
        self.assertEqual(travel.decision_ids.outcome, "no_rate")
        with self.refused(UserError, "without a rate"):
            self.as_("supervisor", settlement.line_ids).action_approve()
        reason = self.env.ref("jinxing_repair.refusal_3")
        self.as_("supervisor", travel).action_refuse(reason.id)
        self.assertEqual(travel.state, "refused")

    def test_g1_3_the_grade_of_the_day_of_the_repair(self):
        """G1.3: a star earned later does not raise what was repaired before."""
        award = self.env["jinxing.certification"].create(
            {
                "partner_id": self.station_man.id,
                "grade": 5,
                "date_award": self.today,
                "examiner_id": self.external.id,
                "score_written": 95,
                "score_practical": 95,
            }
        )
        award.action_award()
        self.order_.sudo().signed_at = fields.Datetime.now() - timedelta(days=2)
        labour = self.build().line_ids.filtered(lambda line: line.kind == "labour")
        self.assertEqual(labour.grade, "3")

    def test_g1_4_liabilities_are_deducted_once(self):
        """G1.4: a decided liability is taken off, settled with the approval, and never again."""
        liability = self.liability(self.order_)
        settlement = self.build()
        line = settlement.line_ids.filtered(lambda line: line.kind == "liability")
        self.assertEqual((line.amount, line.state), (-200, "approved"))
        self.assertEqual(line.decision_ids.clause_codes, ["G1.4"])
        self.assertEqual(settlement.amount_deducted, 200)
        self.approved_settlement(settlement)
        self.assertEqual(settlement.amount_total, 282.75)
        self.assertEqual(liability.state, "settled")
        self.assertFalse(self.build())

    def test_g1_4_another_party_s_liability_is_not_deducted(self):
        """G1.4: what a supplier or our own man answers for does not touch the station."""
        self.liability(self.order_, partner=self.technician)
        settlement = self.build()
        self.assertNotIn("liability", settlement.line_ids.mapped("kind"))

    def test_g1_4_own_rework_is_not_paid(self):
        """G1.2, G1.4: a rework waits for its diagnosis; the repairer's own fault is not paid."""
        again = self.station_order(machine=self.order_.lot_id)
        liabilities = again.fault_ids.liability_ids
        self.assertEqual(liabilities.mapped("state"), ["draft", "draft"])
        settlement = self.build()
        self.assertNotIn(again, settlement.line_ids.order_id)
        self.assertTrue(again.to_settle)
        liabilities.write({"cause": "repairer", "partner_id": self.station.id, "amount": 150})
        self.as_("supervisor", liabilities).action_decide()
        self.build()
        mine = settlement.line_ids.filtered(lambda line: line.order_id == again)
        self.assertEqual(mine.mapped("kind"), ["liability", "liability"])
        self.assertFalse(again.to_settle)

    def test_g1_3_parts_unaccounted_for(self):
        """G1.3: the addon that issues parts adds its lines by the hook, once."""
        settlements = self.env.registry["jinxing.settlement"]

        def unaccounted(model, partners, company, until):
            return [
                {
                    "partner": self.station,
                    "decision": None,
                    "vals": {
                        "kind": "unaccounted",
                        "name": "2 batteries",
                        "date": self.today,
                        "unit_amount": 680,
                        "quantity": 2,
                        "reference": "2026-11/battery",
                    },
                }
            ]

        self.patch(settlements, "_unaccounted_parts_lines", unaccounted)
        settlement = self.build()
        line = settlement.line_ids.filtered(lambda line: line.kind == "unaccounted")
        self.assertEqual(line.amount, -1360)
        with self.refused(IntegrityError):
            self.build()

    def test_g1_3_installation_by_a_station(self):
        """G1.1, G1.3: a machine put into operation is paid by the machine."""
        ticket = self.register(self.other_machine, kind="installation")
        ticket.action_create_dispatch_order()
        order = ticket.order_ids
        order.sudo().write(
            {
                "provider_id": self.station.id,
                "technician_id": self.station_man.id,
                "service_state": "closed",
                "state": "done",
                "signed_at": fields.Datetime.now(),
                "closed_at": fields.Datetime.now(),
                "to_settle": True,
            }
        )
        settlement = self.build()
        line = settlement.line_ids.filtered(lambda line: line.order_id == order)
        self.assertEqual((line.kind, line.amount), ("installation", 120))

    def test_g1_3_kilometres_by_the_fee_card_and_none_when_charged(self):
        """G1.3: without noted kilometres the fee card's count; what the customer pays does not."""
        order = self.station_order(km=0, close=False)
        housing = order.fault_ids.filtered(lambda f: f.component_id == self.housing)
        services = self.env["repair.service"].sudo()
        line = services.create(
            {"repair_id": order.id, "fault_id": housing.id, "fee_item_id": self.fee_travel.id}
        )
        self.as_("supervisor", order).action_close(5)
        settlement = self.build()
        travel = settlement.line_ids.filtered(
            lambda one: one.order_id == order and one.kind == "travel"
        )
        self.assertEqual(travel.quantity, 30)
        self.as_("supervisor", settlement).action_cancel()
        line.sudo().fault_id = order.fault_ids - housing
        settlement = self.build()
        travel = settlement.line_ids.filtered(
            lambda one: one.order_id == order and one.kind == "travel"
        )
        self.assertFalse(travel)

    def test_g1_3_line_by_line_with_coded_reasons(self):
        """G1.3: each line approved or refused, refused with a code; some codes need a note."""
        settlement = self.build()
        travel = settlement.line_ids.filtered(lambda line: line.kind == "travel")
        asked = self.as_("supervisor", travel).action_refuse()
        other = self.env.ref("jinxing_repair.refusal_other")
        with self.refused(UserError, "note"):
            self.as_("supervisor", travel).action_refuse(other.id)
        form = Form(
            self.env[asked["res_model"]]
            .with_user(self.users["supervisor"])
            .with_context(**asked["context"])
        )
        form.reason_id = other
        form.note = "42 km for a machine next door"
        form.save().action_confirm()
        self.assertEqual((travel.state, travel.reason_id), ("refused", other))
        with self.refused(UserError, "approve or refuse each line"):
            self.as_("supervisor", settlement).action_send()
        self.reviewed(settlement)
        self.assertEqual(settlement.amount_refused, 63.75)
        self.assertEqual(settlement.amount_total, 419)
        self.as_("supervisor", settlement).action_send()
        self.assertEqual(settlement.state, "sent")
        with self.refused(IntegrityError):
            travel.sudo().write({"reason_id": False})

    def test_g1_3_the_provider_disputes_and_is_answered(self):
        """G1.3: he disputes a line with his words; answered, he confirms; then it is approved."""
        settlement = self.reviewed(self.build())
        supervisor, provider = (
            self.as_("supervisor", settlement), self.as_("station_man", settlement)
        )
        line = settlement.line_ids[0]
        with self.refused(AccessError):
            self.as_("station_man", line).action_dispute("Before it was sent")
        supervisor.action_send()
        self.assertIn(self.station_man, settlement.message_ids.partner_ids)
        with self.refused(UserError, "why"):
            self.as_("station_man", line).action_dispute(" ")
        self.as_("station_man", line).action_dispute("It was eight hours")
        self.assertEqual((line.state, settlement.dispute_count), ("disputed", 1))
        self.assertEqual(settlement.activity_ids.user_id, self.users["supervisor"])
        for step in (provider.action_confirm, supervisor.action_approve):
            with self.refused(UserError, "disputed"):
                step()
        self.as_("supervisor", line).action_approve()
        self.assertFalse(settlement.activity_ids)
        with self.refused(UserError, "may dispute"):
            supervisor.action_approve()
        provider.action_confirm()
        with self.refused(UserError, "confirmed"):
            self.as_("station_man", line).action_dispute("After all")
        supervisor.action_approve()
        self.assertEqual(settlement.state, "approved")

    def test_g1_3_silence_counts_as_consent_after_the_time(self):
        """G1.3: when the policy's days have passed, it is approved without a confirmation."""
        settlement = self.reviewed(self.build())
        supervisor = self.as_("supervisor", settlement)
        supervisor.action_send()
        self.assertEqual((settlement.dispute_until - settlement.sent_at).days, 7)
        settlement.sudo().dispute_until = fields.Datetime.now() - timedelta(minutes=1)
        supervisor.action_approve()
        self.assertEqual(settlement.state, "approved")

    def test_g1_3_approved_it_becomes_one_bill(self):
        """G1.3: finance makes one vendor bill, sums by kind; a second is refused."""
        settlement = self.build()
        with self.refused(UserError, "not possible"):
            self.as_("finance", settlement).action_bill()
        self.approved_settlement(settlement)
        action = self.as_("finance", settlement).action_bill()
        bill = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(
            (bill.move_type, bill.state, bill.partner_id, bill.amount_untaxed),
            ("in_invoice", "draft", self.station, 482.75),
        )
        self.assertEqual((settlement.state, settlement.bill_id), ("billed", bill))
        with self.refused(UserError, "billed already"):
            self.as_("finance", settlement).action_bill()
        with self.refused(IntegrityError):
            self.env["account.move"].create(settlement._prepare_bill())
        with self.refused(UserError):
            self.as_("finance", bill).write({"settlement_id": False})
        bill.button_cancel()
        self.as_("finance", settlement).action_bill()
        self.assertNotEqual(settlement.bill_id, bill)

    def test_g1_4_more_deducted_than_paid_is_a_credit_note(self):
        """G1.4: when the liabilities exceed the work, the provider owes us."""
        self.liability(self.order_, amount=1000)
        settlement = self.approved_settlement(self.build())
        self.assertEqual(settlement.amount_total, -517.25)
        self.as_("finance", settlement).action_bill()
        self.assertEqual(
            (settlement.bill_id.move_type, settlement.bill_id.amount_untaxed),
            ("in_refund", 517.25),
        )

    def test_g1_3_what_is_billed_carries_the_purchase_tax(self):
        """G1.3: products that came before the chart of accounts get its tax with the first rate."""
        names = ("labour", "travel", "handling", "other")
        products = self.env["product.product"].browse(
            self.env.ref(f"jinxing_repair.product_settlement_{name}").id for name in names
        )
        tax = self.company.account_purchase_tax_id
        self.assertTrue(tax)
        products.supplier_taxes_id = False
        products[1].supplier_taxes_id = own = tax.copy({"name": "3% small-scale", "amount": 3})
        rates = self.env["jinxing.settlement.rate"].with_user(self.users["finance"])
        rates.create({"kind": "travel", "amount": 2, "date_from": "2021-01-01"})
        self.assertEqual((products - products[1]).supplier_taxes_id, tax)
        self.assertEqual(products[1].supplier_taxes_id, own, "finance's choice stays")

    def test_g1_3_only_claims_are_entered_by_hand(self):
        """G1.3: labour, deductions and states are not typed in; work is not typed over."""
        settlement = self.build()
        lines = self.as_("supervisor", settlement.line_ids)
        values = {"settlement_id": settlement.id, "name": "By hand", "unit_amount": 10}
        for vals in (
            {"kind": "labour"}, {"kind": "liability"}, {"kind": "other", "state": "approved"},
            {"kind": "exchange", "lot_id": self.machine.id},
            {"kind": "other", "service_id": 1},
        ):
            with self.refused(UserError):
                lines.create({**values, **vals})
        forged = lines.with_context(default_state="approved").create({**values, "kind": "other"})
        self.assertNotEqual(forged.state, "approved", "no context approves a line")
        forged.unlink()
        for vals in ({"unit_amount": 1}, {"state": "approved"}, {"quantity": 0}):
            with self.refused(UserError):
                lines[0].write(vals)
        with self.refused(UserError):
            lines[0].unlink()
        for role in ("clerk", "finance", "station_man"):
            with self.refused(AccessError):
                self.as_(role, settlement.line_ids).create({**values, "kind": "other"})

    def test_g1_3_cancelled_its_work_is_settled_anew(self):
        """G1.3: a cancelled settlement frees its orders; the next one takes them."""
        settlement = self.build()
        self.as_("supervisor", settlement).action_cancel()
        self.assertTrue(self.order_.to_settle)
        again = self.build()
        self.assertNotEqual(again, settlement)
        self.assertEqual(len(again.line_ids), 3)
        self.approved_settlement(again)
        with self.refused(UserError, "not possible"):
            self.as_("supervisor", again).action_cancel()

    def test_g1_3_who_may_do_what(self):
        """G1.3: supervisors make and approve, finance bills, clerks read, others see nothing."""
        for role in ("clerk", "finance", "technician", "parts_keeper"):
            with self.refused(AccessError):
                self.build(role=role)
        settlement = self.reviewed(self.build())
        for role in ("clerk", "finance"):
            seen = self.as_(role, settlement)
            self.assertEqual(seen.amount_claimed, 482.75)
            for step in (seen.action_send, seen.action_cancel, seen.line_ids[0].action_approve):
                with self.refused(AccessError):
                    step()
        for role in ("technician", "parts_keeper", "nobody", "farmer", "other_dealer"):
            with self.refused(AccessError):
                self.as_(role, settlement).read(["name"])
        with self.refused(AccessError):
            self.as_("station_man", settlement).read(["name"])
        self.as_("supervisor", settlement).action_send()
        self.assertEqual(self.as_("station_man", settlement).amount_claimed, 482.75)
        for role in ("other_dealer", "dealer", "farmer"):
            with self.refused(AccessError):
                self.as_(role, settlement).action_confirm()
            with self.refused(AccessError):
                self.as_(role, settlement.line_ids[0]).action_dispute("Mine")
        for role in ("clerk", "supervisor", "manager", "station_man"):
            with self.refused(AccessError):
                self.as_(role, settlement).action_bill()
        other = self.env["res.company"].create({"name": "Other factory"})
        user = self.users["supervisor"].copy(
            {"login": "r_sup_2", "company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        self.assertFalse(settlement.with_user(user).search([]))
        self.assertFalse(settlement.line_ids.with_user(user).search([]))
        self.assertFalse(self.rates.with_user(user).search([]))
        for vals in ({"state": "approved"}, {"amount_total": 1}, {"bill_id": False}):
            with self.refused(UserError):
                self.as_("supervisor", settlement).write(vals)
        with self.refused(UserError):
            self.as_("supervisor", settlement).create(
                {"partner_id": self.station.id, "date_from": self.today, "date_to": self.today}
            )

    def test_g1_3_the_month_must_have_begun(self):
        """G1.3: next month is not settled yet."""
        with self.refused(UserError, "not begun"):
            self.build(day=self.today + relativedelta(months=1))

    def test_g1_3_a_month_that_is_over_takes_nothing_later(self):
        """G1.3: what was closed after the month's end is not in it."""
        self.assertFalse(self.build(day=self.today - relativedelta(months=1)))

    def test_g1_3_the_form_makes_a_month(self):
        """G1.3: the wizard opens what it made, and says when there is nothing."""
        wizards = self.as_("supervisor", self.env["jinxing.settlement.make"])
        action = wizards.create({"day": self.today}).action_confirm()
        self.assertEqual(
            self.env["jinxing.settlement"].browse(action["res_id"]).partner_id, self.station
        )
        self.assertFalse(self.order_.to_settle)
        self.env["jinxing.settlement"].search([]).line_ids.order_id.flush_recordset()
        with self.refused(UserError, "nothing to settle"):
            wizards.create(
                {"day": date(2020, 1, 1)}
            ).action_confirm()

    def test_g1_3_rates_are_sane(self):
        """G1.3: no negative rate, no grade but for labour, percent for parts only, one a day."""
        rates = self.env["jinxing.settlement.rate"]
        for vals in (
            {"kind": "labour", "amount": -1},
            {"kind": "travel", "grade": "3", "amount": 1},
            {"kind": "travel", "basis": "percent", "amount": 1},
            {"kind": "labour", "amount": 1, "date_from": "2020-01-01"},
        ):
            with self.refused(IntegrityError):
                rates.create(vals)
        with self.refused(ValidationError, "100"):
            rates.create({"kind": "handling", "basis": "percent", "amount": 101})

    def test_g1_3_printed(self):
        """G1.3: the settlement prints with each line and its reason."""
        settlement = self.build()
        report = self.env["ir.actions.report"].with_user(self.users["supervisor"])
        html = report._render_qweb_html("jinxing_repair.report_settlement", settlement.ids)
        text = html[0].decode()
        for expected in (settlement.name, self.order_.name, self.station.name, "300.00"):
            self.assertIn(expected, text)

    def test_g1_3_fifty_orders_cost_the_queries_of_one(self):
        """G1.3: making a settlement asks the same of the database for one order and fifty."""
        orders = self.order_
        counts = []
        for more in (0, 49):
            orders |= self._copies(more)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            settlement = self.build()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(settlement.line_ids), 3 * len(orders))
            self.as_("supervisor", settlement).action_cancel()
        self.assertLessEqual(counts[1] - counts[0], 6, counts)

    def _copies(self, count):
        """Closed orders like the first, made in the base as they would stand there."""
        if not count:
            return self.order_.browse()
        first = self.order_
        self.env.flush_all()
        cr = self.env.cr

        def copy(table, ids, **changed):
            cr.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND column_name <> 'id'",
                [table],
            )
            columns = [name for (name,) in cr.fetchall()]
            shown = ", ".join(str(changed.get(c, f'"{c}"')) for c in columns)
            names = ", ".join(f'"{c}"' for c in columns)
            cr.execute(
                f"INSERT INTO {table} ({names})"
                f" SELECT {shown} FROM {table} WHERE id = ANY(%s) RETURNING id",
                [ids],
            )
            return [new for (new,) in cr.fetchall()]

        ids = []
        for number in range(count):
            (order_id,) = copy(
                "repair_order",
                first.ids,
                name=f"'COPY{number}'",
                sale_order_id="NULL",
                to_settle="TRUE",
            )
            faults = {
                fault.id: copy("jinxing_repair_fault", fault.ids, order_id=order_id)[0]
                for fault in first.fault_ids
            }
            for service in first.repair_service_ids:
                copy("repair_service", service.ids, repair_id=order_id, sale_line_id="NULL",
                     fault_id=faults[service.fault_id.id])
            for move in first.move_ids:
                copy("stock_move", move.ids, repair_id=order_id, sale_line_id="NULL",
                     fault_id=faults[move.fault_id.id])
            copy("jinxing_repair_visit", first.visit_ids.ids, order_id=order_id)
            ids.append(order_id)
        self.env.invalidate_all()
        first.sudo().to_settle = True
        return first.browse(ids)
