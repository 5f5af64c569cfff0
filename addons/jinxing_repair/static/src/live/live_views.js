import { onWillUnmount } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";

/** How often the board asks anew, in milliseconds: a deadline passes without any message. */
const PERIOD = 30000;

/**
 * Let a board follow what happens: reload now and then, and at once when the clock speaks.
 *
 * Nothing is reloaded while somebody edits or has selected rows, nor in a hidden tab.
 */
function useLiveReload(controller) {
    const bus = useService("bus_service");
    const reload = async () => {
        const root = controller.model.root;
        const busy = root.editedRecord || (root.selection || []).length;
        if (!document.hidden && !busy) {
            await root.load();
            controller.render(true);
        }
    };
    const timer = setInterval(reload, PERIOD);
    bus.subscribe("simple_notification", reload);
    onWillUnmount(() => {
        clearInterval(timer);
        bus.unsubscribe("simple_notification", reload);
    });
    useBus(controller.env.bus, "JINXING:RELOAD", reload);
}

export class LiveListController extends ListController {
    setup() {
        super.setup();
        useLiveReload(this);
    }
}

export class LiveKanbanController extends KanbanController {
    setup() {
        super.setup();
        useLiveReload(this);
    }
}

registry.category("views").add("jinxing_live_list", {
    ...listView,
    Controller: LiveListController,
});
registry.category("views").add("jinxing_live_kanban", {
    ...kanbanView,
    Controller: LiveKanbanController,
});
