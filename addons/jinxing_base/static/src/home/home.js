import { Component, onWillStart, useState } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "jinxing.home";

/** The first screen of a role: service, parts, information, training (G3.3). */
export class Home extends Component {
    static template = "jinxing_base.Home";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.titles = {
            service: _t("Service"),
            parts: _t("Parts"),
            information: _t("Information"),
            training: _t("Training"),
        };
        this.state = useState({ home: null });
        onWillStart(async () => {
            this.state.home = await this.orm.call(MODEL, "get_home", []);
        });
    }

    async open(key) {
        return this.action.doAction(await this.orm.call(MODEL, "open_tile", [key]));
    }

    due() {
        return this.action.doAction("jinxing_base.action_first_screen");
    }

    read(bulletin) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "jinxing.bulletin",
            res_id: bulletin.id,
            views: [[false, "form"]],
        });
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }
}

registry.category("actions").add("jinxing_base.home", Home);
