// Keys that move around. Never while something is being typed.

import { goTo } from "./route";

const rooms: Record<string, string[]> = { b: [], r: ["radar"], c: ["claims"], o: ["operators"] };

function isTyping(target: EventTarget | null): boolean {
    const at = target instanceof HTMLElement ? target : undefined;
    return at !== undefined && (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName));
}

/** Moves the focus to the next (1) or previous (-1) row of the view. */
function moveRow(step: 1 | -1): void {
    const rows = [...document.querySelectorAll<HTMLElement>("main a.row")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    rows[next]?.focus();
}

/** What was looked for last is there, marked, so that typing replaces it. */
function search(): void {
    const field = document.querySelector<HTMLInputElement>("#search");
    field?.focus();
    field?.select();
}

export function listenToKeys(openHelp: () => void): () => void {
    let after = "";
    const listen = (event: KeyboardEvent) => {
        if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
        const first = after;
        after = "";
        const room = first === "g" ? rooms[event.key] : undefined;
        if (room) goTo(...room);
        else if (event.key === "g") after = "g";
        else if (event.key === "/") search();
        else if (event.key === "j") moveRow(1);
        else if (event.key === "k") moveRow(-1);
        else if (event.key === "?") openHelp();
        else if (event.key === "a") document.querySelector<HTMLElement>("main .acts button")?.focus();
        else return;
        event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
}
