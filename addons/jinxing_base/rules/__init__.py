"""Plain Python core of the handbook: no Odoo, no database, no clock of its own."""
