from odoo import api, models
from odoo.exceptions import AccessError

#: Lines left empty on a form that is filled in by hand on site.
EMPTY_FAULTS = 3
EMPTY_LINES = 3


class ReportDispatchOrder(models.AbstractModel):
    """The dispatch order on paper (派工单): what was asked, done, paid and found good (S8.1-S8.9).

    Printed before the visit it is a form to be filled in by hand, after it the record of it.
    """

    _name = "report.jinxing_repair.report_dispatch_order"
    _description = "Printed Dispatch Order"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the form shows.

        :raises AccessError: the reader may not print one of the orders
        :raises UserError: one of them is no dispatch order
        """
        orders = self.env["repair.order"].browse(docids)
        orders._ensure_printable()
        internal = self.env.user._is_internal()
        return {
            "doc_model": "repair.order",
            # sudo: names, parts and prices of orders the reader may print, as just checked
            "docs": orders.sudo(),
            # the factory's marks are not for the providers
            "shows_assessment": internal,
            "language": self.env["jinxing.warranty.card"]._print_language(orders[:1].company_id),
            "empty_faults": range(EMPTY_FAULTS),
            "empty_lines": range(EMPTY_LINES),
        }


class ReportRegistration(models.AbstractModel):
    """The registration form on paper (售后服务登记表), for our own people (S8.1, O21)."""

    _name = "report.jinxing_repair.report_registration"
    _description = "Printed Registration"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the form shows.

        :raises AccessError: the reader may not read one of the registrations, or is not of us
        """
        tickets = self.env["helpdesk.ticket"].browse(docids)
        tickets.check_access("read")
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("Registrations are printed by the service department."))
        return {
            "doc_model": "helpdesk.ticket",
            # sudo: machine, card and orders of registrations the reader may read
            "docs": tickets.sudo(),
            "language": self.env["jinxing.warranty.card"]._print_language(tickets[:1].company_id),
        }
