import { App as OwlApp, whenReady } from "@odoo/owl";
import { getTemplate } from "@web/core/templates";
import { App } from "./app";
import { boot } from "./boot";
import { _t } from "./i18n";
import { JobStore } from "./job_store";

async function keepPage() {
    if (!("serviceWorker" in navigator)) {
        return; // no https: the page works, but not without network from the start
    }
    await navigator.serviceWorker.register("/my/jobs/service-worker.js", { scope: "/my/jobs" });
    const registration = await navigator.serviceWorker.ready;
    const assets = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")]
        .map((node) => new URL(node.src || node.href).pathname);
    registration.active.postMessage({
        type: "keep", user: boot.user.id, assets, shell: "/my/jobs",
    });
    navigator.storage?.persist?.();
}

whenReady(async () => {
    const store = new JobStore();
    await store.start();
    const root = document.getElementById("onsite");
    root.replaceChildren();
    const app = new OwlApp(App, {
        env: { store },
        getTemplate,
        translateFn: _t,
        translatableAttributes: ["alt", "aria-label", "label", "placeholder", "title"],
    });
    await app.mount(root);
    odoo.onsite = store; // for tests and for looking into a phone's troubles
    keepPage().catch((error) => console.warn("not kept on the phone:", error));
});
