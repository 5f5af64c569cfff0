from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..rules import routing


def contact_kinds():
    """Return the kinds of contact as a selection (O20)."""
    return [
        ("repair", "Repair"),
        ("installation", "Installation"),
        ("consultation", "Consultation"),
        ("opinion", "Opinion"),
        ("complaint", "Complaint"),
        ("praise", "Praise"),
    ]


class JinxingContactRoute(models.Model):
    """A line of the routing table: which contacts go to which department (O21).

    The line that says most about a contact decides; an empty kind or subject stands for any.
    """

    _name = "jinxing.contact.route"
    _description = "Routing of Contacts"
    _order = "sequence, id"
    _rec_name = "team_id"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(contact_kinds(), help="Empty: any.")
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        "Subject",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: any.",
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team", "To the department", required=True, ondelete="restrict"
    )
    urgent = fields.Boolean(help="The supervisor is told at once.")
    answer_hours = fields.Float(
        "Answered within (hours)", help="0: as the policies say for all contacts."
    )
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    active = fields.Boolean(default=True)

    _hours_sane = models.Constraint(
        "CHECK(answer_hours >= 0)", "The hours to answer are not negative."
    )
    _one_line = models.UniqueIndex(
        "(COALESCE(kind, ''), COALESCE(category_id, 0), COALESCE(company_id, 0)) WHERE active",
        "There is a line for this kind and subject already.",
    )

    @api.constrains("team_id", "company_id")
    def _check_team(self):
        for line in self:
            team = line.team_id.company_id
            if team and team != line.company_id:
                raise ValidationError(
                    self.env._(
                        "%(team)s is a team of %(company)s; the line must be so too.",
                        team=line.team_id.name,
                        company=team.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("company_id")
    def _routes(self, company_id):
        """Return the routing table of a company for :func:`rules.routing.route`.

        Lines of the company itself come before those for all.
        """
        # sudo: a contact is routed whoever registers it
        lines = self.sudo().search([("company_id", "in", [company_id, False])])
        return tuple(
            routing.Route(
                key=line.id,
                department=line.team_id.name,
                kind=line.kind or "",
                subject=line.category_id.id or 0,
                urgent=line.urgent,
                answer_hours=line.answer_hours or None,
            )
            for line in lines.sorted(lambda line: not line.company_id)
        )

    @api.model
    @tools.ormcache()
    def _teams(self):
        """Return ``{line: team}`` by id."""
        # sudo: as above
        lines = self.sudo().with_context(active_test=False).search([])
        return {line.id: line.team_id.id for line in lines}
