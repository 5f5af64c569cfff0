import { useEnv } from "@odoo/owl";
import { _t } from "./i18n";

/**
 * Let a component change an order. Returns true when the change is done or safe on the phone;
 * what stands against it is shown and gives false, so that a form stays open.
 */
export function useActing() {
    const { store } = useEnv();
    return async (job, operation, values, options) => {
        if (store.state.busy) {
            return false;
        }
        store.state.busy = operation;
        let result;
        try {
            result = await store.change(job.id, operation, values, options);
        } finally {
            store.state.busy = "";
        }
        if (result.status === "refused") {
            store.state.problem = result.message;
            return false;
        }
        if (result.status === "waiting") {
            store.say(_t("Saved on the phone. It is sent as soon as there is network."));
        } else if (result.status !== "done") {
            store.state.outboxOpen = true;
        }
        return true;
    };
}
