// Questions to the daemon that served the page, and changes asked of it.

import { Cell, kept } from "./cell";
import type { Refusal } from "./types";
import { language } from "./words/language";

/** The daemon says no, with every reason at once (RFC 9457). */
export class Problem extends Error {
    constructor(readonly status: number, readonly title: string, detail: string, readonly problems: Refusal[]) {
        super(detail);
    }
}

/** The daemon could not be reached: nothing is known of what it did. */
export class Unreachable extends Error {}

const tokenStore = kept("sessionStorage", "npod.token");

/** Whether the daemon wants a token, and whether the one that it was given is no longer good. */
export const access = new Cell<"open" | "token wanted" | "token refused">("open");

export function giveToken(token: string): void {
    tokenStore.write(token.trim() || null);
    access.set("open");
}

export function headersOf(): Record<string, string> {
    const token = tokenStore.read();
    const headers: Record<string, string> = { "Accept-Language": language.value };
    if (token) headers.Authorization = `Bearer ${token}`;
    return headers;
}

async function send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
        response = await fetch(path, { ...init, cache: "no-store", credentials: "same-origin", redirect: "error" });
    } catch (trouble) {
        if (init.signal?.aborted) throw trouble;
        throw new Unreachable(String(trouble));
    }
    if (response.status === 401) access.set(tokenStore.read() ? "token refused" : "token wanted");
    return response;
}

async function problemOf(response: Response): Promise<Problem> {
    const said = await response.json().catch(() => ({})) as { title?: string; detail?: string; problems?: Refusal[] };
    return new Problem(response.status, said.title ?? "", said.detail ?? response.statusText, said.problems ?? []);
}

/** Throws Problem or Unreachable. */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    const response = await send(path, { headers: headersOf(), signal });
    if (!response.ok) throw await problemOf(response);
    return await response.json() as Answer;
}

export interface Change {
    path: string;
    body: unknown;
    /** The same key for the same body: asked again after a lost answer, it is done once. */
    key: string;
    /** What the person saw; if the thing has changed since, nothing is done. */
    version?: number | undefined;
}

/** Does it, or with `dryRun` only shows what it would do. Throws Problem or Unreachable. */
export async function change<Answer>({ path, body, key, version }: Change, dryRun: boolean): Promise<Answer> {
    const headers = headersOf();
    headers["Content-Type"] = "application/json";
    headers["Idempotency-Key"] = key;
    if (version !== undefined) headers["If-Match"] = `"v${version}"`;
    if (dryRun) headers["Dry-Run"] = "true";
    const response = await send(path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw await problemOf(response);
    return await response.json() as Answer;
}

/** A key that nobody used before. */
export function newKey(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return "web-" + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** "/v1/ports/PI-000001/why" of ("ports", "PI-000001", "why"). */
export const pathTo = (...parts: string[]) => "/v1/" + parts.map(segment).join("/");

/** One segment of a path; the plus of a number may stay as it is. */
export const segment = (part: string) => encodeURIComponent(part).replace(/%2B/g, "+");
