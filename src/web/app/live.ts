// The page follows the daemon: one stream of events; every event makes the views ask again for what they show.

import { access, ask, headersOf, Problem, Unreachable } from "./api";
import { Cell } from "./cell";
import { EventReader } from "./sse";
import type { Caller, Status } from "./types";

export interface Connection {
    state: "connecting" | "live" | "lost" | "caught up";
    /** Since when it is lost, by this computer's clock. */
    lostAt?: number;
    /** Events that came while it was lost. */
    missed?: number;
}

export const connection = new Cell<Connection>({ state: "connecting" });
export const status = new Cell<Status | undefined>(undefined);
export const caller = new Cell<Caller | undefined>(undefined);
/** Grows when something may have changed: views ask again. */
export const changes = new Cell(0);
/** Grows every second. */
export const seconds = new Cell(0);

const heartbeatPatience = 25_000; // the daemon's heart beats every 10 s
const refreshEvery = 30_000;      // working time runs down without events
/** A tab that nobody looks at gives its stream back after this time: browsers allow six to one daemon. */
const hiddenPatience = 20_000;
const pauses = [500, 1_000, 2_000, 4_000, 8_000];

let clockAt = 0, clockRead = 0; // the daemon's clock, and our own steady one when it was read
let lastId = "";
let attempts = 0;
let pending: number | undefined;
let resting = false;

/** The daemon's present moment; a manual clock stands still. */
export function now(): number {
    const known = status.value;
    if (!known) return Date.now();
    return known.clock.manual ? clockAt : clockAt + (performance.now() - clockRead);
}

export const zone = () => status.value?.rulebook.zone ?? "Europe/Brussels";
export const own = () => status.value?.operator ?? "";
/** Whether the caller may do what takes the role desk. */
export const mayAct = () => caller.value !== undefined && caller.value.role !== "reader";

async function readStatus(): Promise<Status> {
    const said = await ask<Status>("/v1/status");
    clockAt = Date.parse(said.clock.now);
    clockRead = performance.now();
    status.set(said);
    return said;
}

/** Several events of one commit make one round of questions. */
function somethingChanged(): void {
    if (pending !== undefined) return;
    pending = window.setTimeout(() => {
        pending = undefined;
        void refresh();
    }, 120);
}

/** Asks for everything again. */
export async function refresh(): Promise<void> {
    try {
        await readStatus();
    } catch (trouble) {
        if (!(trouble instanceof Problem || trouble instanceof Unreachable)) throw trouble;
    }
    changes.set(changes.value + 1);
}

async function follow(): Promise<void> {
    const said = await readStatus();
    caller.set(await ask<Caller>("/v1/caller").catch(() => undefined));
    const whole = lastId === "" ? String(said.head_seq) : lastId;
    const stop = new AbortController();
    let missing = connection.value.state === "lost" ? await countSince(whole) : 0;
    let silence = window.setTimeout(() => stop.abort(), heartbeatPatience);
    const endRest = restWhenHidden(stop);
    try {
        const response = await fetch("/v1/events", {
            headers: { ...headersOf(), Accept: "text/event-stream", "Last-Event-ID": whole },
            signal: stop.signal, cache: "no-store",
        });
        if (response.status === 401) access.set("token refused");
        if (!response.ok || !response.body) throw new Unreachable(`the stream answered ${response.status}`);
        lastId = whole;
        opened(missing);
        missing = 0;
        const events = new EventReader((event) => {
            if (event.id) lastId = event.id;
            somethingChanged();
        });
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
            const { done, value } = await reader.read();
            if (done) break;
            window.clearTimeout(silence);
            silence = window.setTimeout(() => stop.abort(), heartbeatPatience);
            events.take(value);
        }
    } finally {
        window.clearTimeout(silence);
        endRest();
        stop.abort();
    }
}

/** Ends the stream of a tab that has been out of sight for a while. */
function restWhenHidden(stream: AbortController): () => void {
    let patience: number | undefined;
    const look = () => {
        window.clearTimeout(patience);
        if (document.hidden)
            patience = window.setTimeout(() => {
                resting = true;
                stream.abort();
            }, hiddenPatience);
    };
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
        window.clearTimeout(patience);
        document.removeEventListener("visibilitychange", look);
    };
}

const untilSeen = () => new Promise<void>((done) => {
    const look = () => {
        if (document.hidden) return;
        document.removeEventListener("visibilitychange", look);
        done();
    };
    document.addEventListener("visibilitychange", look);
    look();
});

/** How many events came after the one last seen; more than a page of them are not counted further. */
async function countSince(id: string): Promise<number> {
    const page = await ask<{ items: unknown[] }>(`/v1/events?after=${encodeURIComponent(id)}&limit=500`).catch(() => undefined);
    return page?.items.length ?? 0;
}

function opened(missed: number): void {
    attempts = 0;
    const wasLost = connection.value.state === "lost";
    connection.set(wasLost ? { state: "caught up", missed } : { state: "live" });
    changes.set(changes.value + 1);
    if (wasLost)
        window.setTimeout(() => connection.value.state === "caught up" && connection.set({ state: "live" }), 6_000);
}

function lost(): void {
    if (connection.value.state !== "lost") connection.set({ state: "lost", lostAt: Date.now() });
}

/** Follows until the page is closed. */
export async function stayConnected(): Promise<never> {
    window.setInterval(() => seconds.set(seconds.value + 1), 1_000);
    window.setInterval(() => {
        if (!document.hidden && connection.value.state !== "lost" && !status.value?.clock.manual && access.value === "open") void refresh();
    }, refreshEvery);
    for (;;) {
        try {
            await follow();
        } catch (trouble) {
            if (!resting && !(trouble instanceof Problem && trouble.status === 401)) lost();
        }
        if (resting) {
            await untilSeen();
            resting = false;
        } else if (access.value === "open") {
            lost();
            await pause(pauses[Math.min(attempts++, pauses.length - 1)]!);
        } else {
            await untilTokenGiven();
        }
    }
}

const pause = (ms: number) => new Promise<void>((done) => {
    const timer = window.setTimeout(finish, ms);
    function finish() {
        window.clearTimeout(timer);
        window.removeEventListener("online", finish);
        done();
    }
    window.addEventListener("online", finish);
});

const untilTokenGiven = () => new Promise<void>((done) => {
    const stop = access.follow(() => {
        if (access.value !== "open") return;
        stop();
        done();
    });
});
