/* eslint-env serviceworker */
/* eslint-disable no-restricted-globals */
// Keeps the technician's page for places without network. Scope: /my/jobs.
//
// Any page of the scope is the same shell, so that the last one loaded serves for all; the data
// it starts from is in the browser's database. Nothing of another user is kept.

const PAGES = "jinxing-onsite-pages";
const ASSETS = "jinxing-onsite-assets";
const SHELL = "/my/jobs";
const USER = "/my/jobs/user";
const WAIT = 8000; // a network that takes longer is taken for none

const isAsset = (path) => path.startsWith("/web/assets/") || /^\/[\w]+\/static\//.test(path);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
    const request = event.request;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate") {
        if (/^\/my\/jobs(\/\d+)?\/?$/.test(url.pathname)) {
            event.respondWith(page(request));
        }
    } else if (isAsset(url.pathname)) {
        event.respondWith(asset(request));
    }
});

async function page(request) {
    const kept = await (await caches.open(PAGES)).match(SHELL);
    try {
        const answer = await inTime(fetch(request), kept ? WAIT : 60000);
        if (answer.status >= 500 && kept) {
            return kept;
        }
        const isPage = (answer.headers.get("Content-Type") || "").startsWith("text/html");
        if (answer.ok && !answer.redirected && isPage) {
            const copy = answer.clone();
            const cache = await caches.open(PAGES);
            await cache.put(SHELL, copy);
        }
        return answer;
    } catch (error) {
        if (kept) {
            return kept;
        }
        throw error;
    }
}

function inTime(promise, milliseconds) {
    return Promise.race([
        promise,
        new Promise((_resolve, reject) => {
            setTimeout(() => reject(new Error("too slow")), milliseconds);
        }),
    ]);
}

async function asset(request) {
    const cache = await caches.open(ASSETS);
    const kept = await cache.match(request);
    if (kept) {
        return kept;
    }
    const answer = await fetch(request);
    if (answer.ok) {
        await cache.put(request, answer.clone());
    }
    return answer;
}

// The page tells who uses it and which files it stands on.
self.addEventListener("message", (event) => {
    if (event.data?.type === "keep") {
        event.waitUntil(keep(event.data));
    } else if (event.data?.type === "forget") {
        event.waitUntil(caches.delete(PAGES));
    }
});

async function keep({ user, assets, shell }) {
    const pages = await caches.open(PAGES);
    const known = await pages.match(USER);
    if (known && (await known.text()) !== String(user)) {
        await pages.delete(SHELL);
    }
    await pages.put(USER, new Response(String(user)));
    const files = await caches.open(ASSETS);
    const wanted = new Set(assets.map((path) => new URL(path, self.location.origin).href));
    for (const request of await files.keys()) {
        if (!wanted.has(request.url)) {
            await files.delete(request);
        }
    }
    for (const url of wanted) {
        if (!(await files.match(url))) {
            const answer = await fetch(url);
            if (answer.ok) {
                await files.put(url, answer);
            }
        }
    }
    if (shell && !(await pages.match(SHELL))) {
        // The first page was loaded before this worker was there.
        const answer = await fetch(shell, { credentials: "same-origin" });
        if (answer.ok && !answer.redirected) {
            await pages.put(SHELL, answer);
        }
    }
}
