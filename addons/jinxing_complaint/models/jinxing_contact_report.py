from odoo import fields, models
from odoo.tools import SQL

from .jinxing_complaint_log import complaint_steps
from .jinxing_contact_route import contact_kinds


class JinxingContactReport(models.Model):
    """Contacts as figures: how many, answered in time, how long open (O21, M26)."""

    _name = "jinxing.contact.report"
    _description = "Contacts in Figures"
    _auto = False
    _order = "called_at desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", "Contact", readonly=True)
    called_at = fields.Datetime("Called", readonly=True)
    kind = fields.Selection(contact_kinds(), readonly=True)
    category_id = fields.Many2one("helpdesk.ticket.category", "Subject", readonly=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", "Department", readonly=True)
    product_id = fields.Many2one("product.product", "Model", readonly=True)
    component_id = fields.Many2one("jinxing.component", readonly=True)
    cause_id = fields.Many2one("jinxing.complaint.cause", readonly=True)
    complaint_step = fields.Selection(complaint_steps(), "Step", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    emergency = fields.Boolean(readonly=True)
    answer_hours = fields.Float("Hours to the answer", readonly=True, aggregator="avg")
    in_time = fields.Float("Answered in time (%)", readonly=True, aggregator="avg")
    open_days = fields.Float("Days open", readonly=True, aggregator="avg")
    step_days = fields.Float("Days in this step", readonly=True, aggregator="avg")
    hotline = fields.Boolean("By the hotline", readonly=True)
    unanswered = fields.Integer("Nobody has answered", readonly=True)
    satisfaction = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT t.id, t.id AS ticket_id, t.called_at, t.kind, t.category_id, t.channel_id,
                   t.team_id, t.product_id, t.component_id, t.cause_id, t.complaint_step,
                   t.company_id, t.emergency,
                   EXTRACT(EPOCH FROM t.answered_at - t.called_at) / 3600.0 AS answer_hours,
                   CASE WHEN t.answered_at IS NOT NULL
                             OR t.answer_deadline < now() AT TIME ZONE 'UTC'
                        THEN CASE WHEN t.answered_at <= t.answer_deadline THEN 100.0 ELSE 0 END
                   END AS in_time,
                   EXTRACT(EPOCH FROM COALESCE(t.closed_date, now() AT TIME ZONE 'UTC')
                           - t.called_at) / 86400.0 AS open_days,
                   EXTRACT(EPOCH FROM COALESCE(t.closed_date, now() AT TIME ZONE 'UTC')
                           - t.step_since) / 86400.0 AS step_days,
                   COALESCE(c.is_hotline, FALSE) AS hotline,
                   CASE WHEN t.answered_at IS NULL AND t.closed_date IS NULL
                        THEN 1 ELSE 0 END AS unanswered,
                   NULLIF(t.satisfaction, '')::numeric AS satisfaction
              FROM helpdesk_ticket t
              LEFT JOIN helpdesk_ticket_channel c ON c.id = t.channel_id
             WHERE t.active IS TRUE
            """
        )


class JinxingServiceReport(models.Model):
    """Dispatch orders as figures: in time, fixed at the first visit, rework (S8.2, S8.11, G1.2).

    What lies in other tables is asked row by row of the period: no figure of a month reads the
    visits, parts or follow-ups of all years.
    """

    _name = "jinxing.service.report"
    _description = "Service in Figures"
    _auto = False
    _order = "called_at desc"
    _rec_name = "order_id"

    order_id = fields.Many2one("repair.order", "Dispatch order", readonly=True)
    called_at = fields.Datetime("Called", readonly=True)
    closed_at = fields.Datetime("Closed", readonly=True)
    technician_id = fields.Many2one("res.partner", readonly=True)
    provider_id = fields.Many2one("res.partner", readonly=True)
    product_id = fields.Many2one("product.product", "Model", readonly=True)
    region_id = fields.Many2one("jinxing.region", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    contact_in_time = fields.Float("Called in 10 minutes (%)", readonly=True, aggregator="avg")
    arrival_in_time = fields.Float("There in 24 hours (%)", readonly=True, aggregator="avg")
    first_time_fix = fields.Float("Fixed at the first visit (%)", readonly=True, aggregator="avg")
    rework = fields.Float("Rework in 30 days (%)", readonly=True, aggregator="avg")
    quality_score = fields.Float(readonly=True, aggregator="avg")
    satisfaction = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT o.id, o.id AS order_id, o.called_at, o.closed_at, o.technician_id,
                   o.provider_id, o.product_id, o.region_id, o.company_id,
                   CASE WHEN o.contact_deadline IS NOT NULL
                         AND (o.contacted_at IS NOT NULL
                              OR o.contact_deadline < now() AT TIME ZONE 'UTC')
                        THEN CASE WHEN o.contacted_at <= o.contact_deadline
                                  THEN 100.0 ELSE 0 END
                   END AS contact_in_time,
                   CASE WHEN o.arrival_deadline IS NOT NULL
                         AND (o.arrived_at IS NOT NULL
                              OR o.arrival_deadline < now() AT TIME ZONE 'UTC')
                        THEN CASE WHEN o.arrived_at <= o.arrival_deadline
                                  THEN 100.0 ELSE 0 END
                   END AS arrival_in_time,
                   CASE WHEN o.signed_at IS NOT NULL
                        THEN CASE WHEN (SELECT COUNT(*) FROM jinxing_repair_visit v
                                         WHERE v.order_id = o.id
                                           AND v.arrived_at IS NOT NULL) <= 1
                                  THEN 100.0 ELSE 0 END
                   END AS first_time_fix,
                   CASE WHEN o.signed_at IS NOT NULL
                        THEN CASE WHEN EXISTS (SELECT FROM repair_order r
                                                WHERE r.rework_of_id = o.id)
                                  THEN 100.0 ELSE 0 END
                   END AS rework,
                   NULLIF(o.quality_score, 0)::numeric AS quality_score,
                   (SELECT NULLIF(f.satisfaction, 0)::numeric FROM jinxing_follow_up f
                     WHERE f.order_id = o.id AND f.state = 'done') AS satisfaction
              FROM repair_order o
             WHERE o.service_kind IS NOT NULL AND o.service_state != 'cancelled'
            """
        )


class JinxingCauseReport(models.Model):
    """Faults as figures: causes by component and model, what the cover cost (M26, G4)."""

    _name = "jinxing.cause.report"
    _description = "Faults and Warranty Cost in Figures"
    _auto = False
    _order = "fault_date desc"
    _rec_name = "fault_id"

    fault_id = fields.Many2one("jinxing.repair.fault", readonly=True)
    order_id = fields.Many2one("repair.order", "Dispatch order", readonly=True)
    fault_date = fields.Date("Day of the fault", readonly=True)
    component_id = fields.Many2one("jinxing.component", readonly=True)
    category_id = fields.Many2one("jinxing.fault.category", readonly=True)
    product_id = fields.Many2one("product.product", "Model", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Machine", readonly=True)
    provider_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    cover = fields.Selection(
        [("free", "Free"), ("chargeable", "Chargeable")], readonly=True
    )
    months_in_service = fields.Integer("Month in service", readonly=True, aggregator="avg")
    parts_cost = fields.Float("Parts", readonly=True)
    labour_cost = fields.Float("Labour and travel", readonly=True)
    warranty_cost = fields.Float("Cost of warranty", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT f.id, f.id AS fault_id, f.order_id, f.fault_date, f.component_id,
                   f.category_id, o.product_id, f.lot_id, o.provider_id, f.company_id, f.cover,
                   CASE WHEN c.invoice_date IS NOT NULL THEN
                        (DATE_PART('year', AGE(f.fault_date, c.invoice_date)) * 12
                         + DATE_PART('month', AGE(f.fault_date, c.invoice_date)))::int + 1
                   END AS months_in_service,
                   %(parts)s AS parts_cost,
                   %(labour)s AS labour_cost,
                   CASE WHEN f.cover = 'free' THEN %(parts)s + %(labour)s ELSE 0
                   END AS warranty_cost
              FROM jinxing_repair_fault f
              JOIN repair_order o ON o.id = f.order_id
              LEFT JOIN jinxing_warranty_card c ON c.id = o.card_id
            """,
            parts=SQL(
                """
                COALESCE((
                    SELECT SUM(COALESCE(NULLIF(m.value, 0),
                           m.quantity * (pp.standard_price ->> m.company_id::text)::numeric, 0))
                      FROM stock_move m
                      JOIN product_product pp ON pp.id = m.product_id
                     WHERE m.fault_id = f.id AND m.state = 'done'
                       AND m.repair_line_type = 'add'), 0)
                """
            ),
            labour=SQL(
                """
                COALESCE((
                    SELECT SUM(s.price_unit * s.product_uom_qty)
                      FROM repair_service s WHERE s.fault_id = f.id), 0)
                """
            ),
        )


# The rows of a period are found by their day, whatever else there is (M26).


class RepairOrder(models.Model):
    _inherit = "repair.order"

    _figures_index = models.Index("(company_id, called_at) WHERE service_kind IS NOT NULL")


class JinxingRepairFault(models.Model):
    _inherit = "jinxing.repair.fault"

    _figures_index = models.Index("(company_id, fault_date)")


class JinxingFollowUp(models.Model):
    _inherit = "jinxing.follow.up"

    _figures_index = models.Index("(company_id, done_at) WHERE state = 'done'")
