import { registry } from "@web/core/registry";

/** The owner scans the code with his phone: cover, a fault, the repairs. */
registry.category("web_tour.tours").add("jinxing_warranty_public_page", {
    steps: () => [
        { content: "the cover of each class", trigger: ".jx_cover_ok" },
        {
            content: "nothing is wider than the phone",
            trigger: "a[href^='tel:']",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("the page scrolls sideways");
                }
            },
        },
        { content: "report without a phone", trigger: "#fault", run: "edit 割台不动了" },
        { trigger: "#name", run: "edit 欧阳修远" },
        { trigger: ".jx_fault_form button", run: "click", expectUnloadPage: true },
        { content: "it is asked for, the rest is kept", trigger: "#number.is-invalid" },
        { trigger: "#fault:value(割台不动了)" },
        { trigger: "#number", run: "edit 15900001111" },
        { trigger: ".jx_fault_form button", run: "click", expectUnloadPage: true },
        { content: "thanks", trigger: ".alert-success" },
        { content: "the wrong card", trigger: "#card", run: "edit JS-0000" },
        { trigger: "#last4", run: "edit 1111" },
        { trigger: ".jx_history_form button", run: "click", expectUnloadPage: true },
        { content: "is refused", trigger: ".alert-danger" },
        { content: "the right one", trigger: "#card", run: "edit JS-TOUR" },
        { trigger: "#last4", run: "edit 1111" },
        { trigger: ".jx_history_form button", run: "click", expectUnloadPage: true },
        { content: "opens the history", trigger: "#wrap:not(:has(.jx_history_form))" },
    ],
});
