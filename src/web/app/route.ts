// Where the reader is: kept behind the # of the address, so that every view has a link of its own.

import { segment } from "./api";
import { Cell } from "./cell";

export interface Place {
    /** ["ports", "PI-000001"]; empty for the board. */
    parts: string[];
    query: URLSearchParams;
}

function placeOf(hash: string): Place {
    const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
    return { parts: path.split("/").filter((part) => part !== "").map(decode), query: new URLSearchParams(query) };
}

function decode(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return part; // typed by hand, with a stray %
    }
}

export const place = new Cell<Place>(placeOf(globalThis.location?.hash ?? ""));

export function followAddress(): void {
    window.addEventListener("hashchange", () => place.set(placeOf(location.hash)));
}

export const linkTo = (...parts: string[]) => "#/" + parts.map(segment).join("/");
export const goTo = (...parts: string[]) => void (location.hash = linkTo(...parts));

/** The link to anything that the API knows by kind and id. */
export function linkToThing(kind: string, id: string): string {
    const rooms: Record<string, string> = { port: "ports", line: "ports", number: "numbers", contract: "contracts", claim: "claims" };
    return rooms[kind] ? linkTo(rooms[kind], kind === "line" ? id.split("/")[0]! : id) : linkTo("find", id);
}
