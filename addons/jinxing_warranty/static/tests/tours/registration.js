import { registry } from "@web/core/registry";

const PHOTO =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEElEQVR4nGP4z4AVMgxFGQAw/z/BVFvZ7QAAAABJRU5ErkJggg==";

function choosePhoto() {
    const bytes = Uint8Array.from(atob(PHOTO), (char) => char.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "invoice.png", { type: "image/png" }));
    const input = document.querySelector("input[name=photo]");
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A dealer registers a sale: first wrong, then right. */
registry.category("web_tour.tours").add("jinxing_warranty_registration", {
    url: "/my/machines",
    steps: () => [
        {
            content: "open the form",
            trigger: "a.jx_register",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "send it empty",
            trigger: ".jx_register_form button.btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "every field is marked", trigger: "#serial_error" },
        { trigger: "#phone_error" },
        { trigger: "#photo_error" },
        { content: "serial number", trigger: "#serial", run: "edit TOUR0001" },
        { content: "model", trigger: "#model", run: "selectByLabel Combine A" },
        { content: "engine", trigger: "#engine", run: "edit TOURENG1" },
        { content: "invoice", trigger: "#invoice", run: "edit 25117308" },
        {
            content: "invoice day",
            trigger: "#invoice_date",
            run() {
                this.anchor.value = this.anchor.max;
            },
        },
        { content: "owner", trigger: "#owner", run: "edit 王秀英" },
        { content: "a phone that is none", trigger: "#phone", run: "edit 12" },
        { content: "address", trigger: "#address", run: "edit 阆中市江南镇" },
        { content: "photo", trigger: "#photo", run: choosePhoto },
        {
            trigger: ".jx_register_form button.btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "only the phone and the photo are asked for", trigger: "#phone_error" },
        { trigger: ".jx_register_form:not(:has(#serial_error))" },
        { trigger: "#serial:value(TOUR0001)" },
        { trigger: "#phone", run: "edit 159-8321-0987" },
        { trigger: "#photo", run: choosePhoto },
        {
            trigger: ".jx_register_form button.btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "it waits for activation", trigger: ".alert-success" },
        { trigger: ".badge.text-bg-info" },
    ],
});
