import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const TILE = "button[data-tile='jinxing_base.jinxing_bulletin_action']";

/** A clerk opens the application, a tile, and a bulletin. */
registry.category("web_tour.tours").add("jinxing_base_home", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "the application",
            trigger: ".o_app[data-menu-xmlid='jinxing_base.menu_root']",
            run: "click",
        },
        { trigger: `section[data-room=information] ${TILE}`, run: "click" },
        { content: "the list behind it", trigger: ".o_list_view .o_data_row:contains(Sharpen)" },
        { trigger: ".o_menu_sections [data-menu-xmlid='jinxing_base.menu_home']", run: "click" },
        {
            trigger: "section[data-room=information] a:contains(Sharpen knives)",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=name]" },
    ],
});
