"""Start Odoo so that tests meant for "at install" run when everything is loaded.

Run at their own time they would meet a database with our columns and a registry without our
models, which no user ever has.
"""

import odoo.cli
from odoo.tests import loader
from odoo.tests.tag_selector import TagsSelector


class Late(TagsSelector):
    """Chooses every test for the end, none for the time of installation."""

    def __init__(self, spec):
        super().__init__(spec)
        self.position = {"at_install": False, "post_install": True}.get(spec)

    def check(self, test):
        """Tell whether a test is chosen."""
        return super().check(test) if self.position is None else self.position


loader.TagsSelector = Late

if __name__ == "__main__":
    odoo.cli.main()
