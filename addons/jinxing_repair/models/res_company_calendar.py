from odoo import api, models, tools


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env.registry.clear_cache()
        return result

    @tools.ormcache("self.id")
    def _known_work_calendar(self):
        """Return :meth:`_work_calendar`, remembered until a calendar or a holiday changes."""
        return self._work_calendar()


class ForgetCalendar(models.AbstractModel):
    """For what the working days of a company are made of: a change makes them reckoned anew."""

    _name = "jinxing.calendar.part"
    _description = "Part of a Calendar"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "jinxing.calendar.part"]


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "jinxing.calendar.part"]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "jinxing.calendar.part"]
