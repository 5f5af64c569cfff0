// @odoo-module ignore
// What a technician's hands do on the page: look, tap, type, draw. Fed to the browser by the
// tests, and by the walk that makes the screenshots.
window.hands = {
    seconds: 40, // a busy machine is slow

    find(selector, text) {
        return [...document.querySelectorAll(selector)].find(
            (node) => node.getClientRects().length && (!text || node.innerText.includes(text))
        );
    },

    async until(condition, what) {
        const end = Date.now() + this.seconds * 1000;
        while (Date.now() < end) {
            const value = await condition();
            if (value) {
                return value;
            }
            await new Promise((resolve) => setTimeout(resolve, 40));
        }
        throw new Error(`waited in vain for ${what}: ${document.body.innerText.slice(0, 1500)}`);
    },

    see(selector, text) {
        return this.until(() => this.find(selector, text), `${selector} ${text || ""}`);
    },

    gone(selector, text) {
        return this.until(() => !this.find(selector, text), `no ${selector} ${text || ""}`);
    },

    /** Tap, and check that a thumb would hit it. */
    async tap(selector, text) {
        const node = await this.until(() => {
            const found = this.find(selector, text);
            return found && !found.disabled ? found : null;
        }, `${selector} ${text || ""} to tap`);
        const box = node.getBoundingClientRect();
        if (box.height < 44) {
            throw new Error(`${selector} is only ${box.height} px high`);
        }
        node.scrollIntoView({ block: "center" });
        node.click();
        await this.idle();
    },

    async type(selector, text) {
        const node = await this.see(selector);
        node.focus();
        node.value = text;
        node.dispatchEvent(new Event("input", { bubbles: true }));
        node.dispatchEvent(new Event("change", { bubbles: true }));
    },

    async choose(selector, text) {
        const option = await this.until(
            () => [...(this.find(selector)?.options || [])].find((o) => o.text.includes(text)),
            `${text} in ${selector}`,
        );
        await this.type(selector, option.value);
    },

    /** Draw a signature. */
    async draw(selector = ".jo-sign canvas") {
        const node = await this.see(selector);
        node.scrollIntoView({ block: "center" });
        const box = node.getBoundingClientRect();
        const at = (kind, x, y) => node.dispatchEvent(new PointerEvent(kind, {
            clientX: box.left + x, clientY: box.top + y, pointerId: 1, bubbles: true,
        }));
        at("pointerdown", 40, 100);
        for (let step = 0; step < 60; step++) {
            at("pointermove", 40 + step * 4, 95 + 40 * Math.sin(step / 4));
        }
        at("pointerup", 280, 100);
        await this.idle();
    },

    /** Wait until no change is on its way. */
    async idle() {
        await new Promise((resolve) => setTimeout(resolve, 30));
        await this.until(() => !window.odoo.onsite?.state.busy, "the page to be idle");
    },

    /** The state the page shows of the order. */
    state(name) {
        return this.see(`.jo-page[data-state=${name}]`);
    },
};
