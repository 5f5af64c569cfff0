/** The server was not reached, or could not answer for now: send it again later. */
export class NetworkError extends Error {}
/** The login has ended: what is kept waits until he logs in again. */
export class SessionError extends Error {}
/** The server refuses the call as such; sending it again changes nothing. */
export class ServerError extends Error {}

const SESSION_EXPIRED = 100;
let number = 0;

/** Call a JSON route by POST and return its result. */
export async function rpc(url, params = {}, timeout = 30000) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout);
    let answer;
    try {
        const response = await fetch(url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            credentials: "same-origin",
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: ++number, params }),
            signal: abort.signal,
        });
        if (response.status >= 400 && response.status < 500 && response.status !== 429) {
            throw new ServerError(`${response.status}`);
        }
        if (!response.ok) {
            throw new NetworkError(`${response.status}`);
        }
        answer = await response.json();
    } catch (error) {
        if (error instanceof ServerError) {
            throw error;
        }
        // No network, a proxy's page instead of an answer, or too slow.
        throw new NetworkError(error.message);
    } finally {
        clearTimeout(timer);
    }
    if (answer.error) {
        if (answer.error.code === SESSION_EXPIRED) {
            throw new SessionError(answer.error.message);
        }
        throw new ServerError(answer.error.data?.message || answer.error.message);
    }
    return answer.result;
}
