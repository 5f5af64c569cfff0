from odoo import fields, models
from odoo.tools import SQL


class JinxingAppraisalReport(models.Model):
    """What feeds a technician's appraisal, one line per event (N2-N4, N8, S8.9, R15, R16).

    Confirmed conduct and praise, satisfaction said in follow-ups, assessed orders, and penalties
    that were approved; summed up by technician and period.
    """

    _name = "jinxing.appraisal.report"
    _description = "Appraisal of Technicians"
    _auto = False
    _order = "moment desc, id desc"
    _rec_name = "technician_id"

    technician_id = fields.Many2one("res.partner", readonly=True)
    moment = fields.Datetime("Date", readonly=True)
    kind = fields.Selection(
        [
            ("incident", "Incident"), ("praise", "Praise"), ("follow_up", "Follow-up"),
            ("order", "Dispatch order"), ("penalty", "Penalty"),
        ],
        readonly=True,
    )
    clause_id = fields.Many2one("jinxing.clause", readonly=True)
    order_id = fields.Many2one("repair.order", "Dispatch order", readonly=True)
    ticket_id = fields.Many2one("helpdesk.ticket", "Contact", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    incidents = fields.Integer(readonly=True)
    praises = fields.Integer("Praise", readonly=True)
    penalties = fields.Integer(readonly=True)
    orders = fields.Integer("Dispatch orders", readonly=True)
    satisfaction = fields.Float(readonly=True, aggregator="avg", digits=(3, 2))
    quality_score = fields.Float(readonly=True, aggregator="avg", digits=(5, 2))
    in_time = fields.Float("Called and there in time (%)", readonly=True, aggregator="avg")
    rework = fields.Float("Rework in 30 days (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        # Four kinds of events: their ids are told apart by the remainder.
        return SQL(
            """
            SELECT c.id * 4 AS id, c.partner_id AS technician_id, c.date::timestamp AS moment,
                   c.kind::varchar AS kind, c.clause_id, c.order_id, c.ticket_id, c.company_id,
                   CASE WHEN c.kind = 'incident' THEN 1 ELSE 0 END AS incidents,
                   CASE WHEN c.kind = 'praise' THEN 1 ELSE 0 END AS praises,
                   0 AS penalties, 0 AS orders, NULL::numeric AS satisfaction,
                   NULL::numeric AS quality_score, NULL::numeric AS in_time,
                   NULL::numeric AS rework
              FROM jinxing_conduct c
             WHERE c.state = 'confirmed'
            UNION ALL
            SELECT f.id * 4 + 1, f.technician_id, f.done_at, 'follow_up', NULL, f.order_id,
                   f.ticket_id, f.company_id, 0, 0, 0, 0, f.satisfaction::numeric, NULL, NULL, NULL
              FROM jinxing_follow_up f
             WHERE f.state = 'done' AND f.satisfaction > 0 AND f.technician_id IS NOT NULL
            UNION ALL
            SELECT o.id * 4 + 2, o.technician_id, o.closed_at, 'order', NULL, o.id, o.ticket_id,
                   o.company_id, 0, 0, 0, 1, NULL, NULLIF(o.quality_score, 0)::numeric,
                   CASE WHEN o.contact_deadline IS NULL AND o.arrival_deadline IS NULL THEN NULL
                        WHEN o.contact_late IS TRUE OR o.arrival_late IS TRUE THEN 0
                        ELSE 100.0 END,
                   CASE WHEN EXISTS (SELECT FROM repair_order r WHERE r.rework_of_id = o.id)
                        THEN 100.0 ELSE 0 END
              FROM repair_order o
             WHERE o.service_state = 'closed' AND o.technician_id IS NOT NULL
            UNION ALL
            SELECT p.id * 4 + 3, COALESCE(e.work_contact_id, p.partner_id), p.date::timestamp,
                   'penalty', p.clause_id, p.order_id, p.ticket_id, p.company_id,
                   0, 0, 1, 0, NULL, NULL, NULL, NULL
              FROM jinxing_penalty p
              LEFT JOIN hr_employee e ON e.id = p.employee_id
              JOIN res_partner t ON t.id = COALESCE(e.work_contact_id, p.partner_id)
             WHERE p.state = 'approved' AND t.is_technician IS TRUE
            """
        )
