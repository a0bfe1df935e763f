// Where the states of a machine stand on paper: in layers from the initial state down, what is settled at the bottom.

import type { Machine } from "./types";

export interface Edge { from: string; to: string }
export interface Spot { name: string; x: number; y: number }
export interface Layout { width: number; height: number; spots: Map<string, Spot>; edges: Edge[] }

export const box = { width: 106, height: 32, gapX: 12, gapY: 30, across: 3 };

/** The moves from one state to another, each once. */
export function edgesOf(machine: Machine): Edge[] {
    const seen = new Map<string, Edge>();
    for (const row of machine.rows)
        if (!row.stays && row.in !== row.go_to && row.go_to) seen.set(`${row.in} ${row.go_to}`, { from: row.in, to: row.go_to });
    return [...seen.values()];
}

/** The layer of each waiting state: how many moves lead to it from the initial one, at least. */
function depths(states: string[], edges: Edge[], initial: string): Map<string, number> {
    const depth = new Map([[initial, 0]]);
    for (let layer = [initial], at = 1; layer.length > 0; ++at) {
        const next = edges.filter((edge) => layer.includes(edge.from) && states.includes(edge.to) && !depth.has(edge.to));
        layer = [...new Set(next.map((edge) => edge.to))];
        for (const name of layer) depth.set(name, at);
    }
    return depth;
}

/** Layers wider than the paper are broken; the order within one follows the middle of what leads to it. */
function rowsOf(machine: Machine, edges: Edge[]): string[][] {
    const settled = machine.states.filter((state) => state.kind === "settled").map((state) => state.name);
    const waiting = machine.states.filter((state) => state.kind !== "settled").map((state) => state.name);
    const depth = depths(waiting, edges, machine.initial);
    const layers: string[][] = [];
    for (const name of waiting) (layers[depth.get(name) ?? 0] ??= []).push(name);
    layers.push(settled);
    const column = new Map<string, number>();
    return layers.filter((layer) => layer?.length > 0).flatMap((layer) => {
        const middle = (name: string) => {
            const above = edges.filter((edge) => edge.to === name && column.has(edge.from)).map((edge) => column.get(edge.from)!);
            return above.length > 0 ? above.reduce((sum, at) => sum + at, 0) / above.length : box.across / 2;
        };
        const sorted = [...layer].sort((one, other) => middle(one) - middle(other));
        const rows: string[][] = [];
        for (let at = 0; at < sorted.length; at += box.across) rows.push(sorted.slice(at, at + box.across));
        for (const row of rows) row.forEach((name, index) => column.set(name, index + (box.across - row.length) / 2));
        return rows;
    });
}

export function layOut(machine: Machine): Layout {
    const edges = edgesOf(machine), rows = rowsOf(machine, edges);
    const width = box.across * (box.width + box.gapX) + box.gapX;
    const spots = new Map<string, Spot>();
    rows.forEach((row, layer) => {
        const used = row.length * (box.width + box.gapX) - box.gapX;
        row.forEach((name, index) => spots.set(name, {
            name, x: (width - used) / 2 + index * (box.width + box.gapX), y: 8 + layer * (box.height + box.gapY),
        }));
    });
    return { width, height: 16 + rows.length * (box.height + box.gapY) - box.gapY, spots, edges };
}

/** The line of an edge: down from below to above; up or sideways along the flank. */
export function curve(from: Spot, to: Spot): string {
    const middle = (spot: Spot) => spot.x + box.width / 2;
    if (to.y > from.y) {
        const [x1, y1, x2, y2] = [middle(from), from.y + box.height, middle(to), to.y];
        const bend = Math.min(40, (y2 - y1) * 0.6);
        return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
    }
    const right = to.x >= from.x;
    const x1 = right ? from.x + box.width : from.x, x2 = right === (to.y < from.y) ? to.x + box.width : to.x;
    const [y1, y2] = [from.y + box.height / 2, to.y + box.height / 2];
    const out = to.y === from.y ? 0 : right ? 14 : -14;
    return `M${x1} ${y1}C${x1 + out} ${y1} ${x2 + out} ${y2} ${x2} ${y2}`;
}

/** A name in at most two lines that fit into a box. */
export function twoLines(name: string): string[] {
    if (name.length <= 15) return [name];
    const middle = name.length / 2;
    const spaces = [...name.matchAll(/ /g)].map((found) => found.index!);
    const cut = spaces.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))[0];
    return cut === undefined ? [name] : [name.slice(0, cut), name.slice(cut + 1)];
}
