// The state machine of a port, drawn from the table that runs, with the present state lit.

import { useMemo } from "preact/hooks";

import { pathTo } from "../api";
import { useData } from "../data";
import { box, curve, layOut, twoLines, type Edge, type Layout } from "../layout";
import { Section, Waiting } from "../parts";
import type { Machine, Port, Timeline } from "../types";
import { stateName, useWords } from "../words";
import type { Words } from "../words/shape";

export function MachinePart({ port }: { port: Port }) {
    const words = useWords();
    const machine = useData<Machine>(pathTo("machines", port.role));
    const timeline = useData<Timeline>(pathTo("ports", port.id, "timeline"));
    const taken = (timeline.value?.items ?? []).flatMap((item) => item.moves)
        .filter((move) => move.machine === port.role && move.verdict === "moved");
    const present = new Set(port.lines.map((line) => line.state));
    return <Section title={words.port.machine} id="machine">
        {machine.value ? <>
            <Diagram machine={machine.value} present={present} taken={taken} words={words} />
            {!port.settled && <Ways machine={machine.value} present={present} words={words} />}
        </> : <Waiting data={machine} />}
    </Section>;
}

function Diagram({ machine, present, taken, words }: { machine: Machine; present: Set<string>; taken: Edge[]; words: Words }) {
    const layout = useMemo(() => layOut(machine), [machine.name, machine.rows.length]);
    const visited = new Set(taken.flatMap((move) => [move.from, move.to]));
    const wasTaken = (edge: Edge) => taken.some((move) => move.from === edge.from && move.to === edge.to);
    const label = `${words.port.machineOf(machine.name)}. ${words.port.present}: ${[...present].map((state) => stateName(words, state)).join(", ")}.`;
    const kind = (edge: Edge) => wasTaken(edge) ? 2 : present.has(edge.from) ? 1 : 0;
    const edges = [...layout.edges].sort((one, other) => kind(one) - kind(other));
    return <>
        <svg class="machine" viewBox={`0 0 ${layout.width} ${layout.height}`} role="img" aria-label={label}>
            {edges.map((edge) => <Line key={`${edge.from} ${edge.to}`} edge={edge} layout={layout} kind={["", "next", "taken"][kind(edge)]!} />)}
            {machine.states.map((state) => {
                const spot = layout.spots.get(state.name);
                if (!spot) return null;
                const mark = present.has(state.name) ? "present" : visited.has(state.name) ? "visited" : "";
                const sign = mark === "present" ? "▸ " : mark === "visited" ? "✓ " : "";
                const lines = twoLines(sign + stateName(words, state.name));
                return <g key={state.name} class={`node ${mark} ${state.kind}`} transform={`translate(${spot.x} ${spot.y})`}>
                    <title>{state.meaning}</title>
                    <rect width={box.width} height={box.height} rx={state.kind === "settled" ? 16 : 4} />
                    {lines.map((text, index) => <text key={text} x={box.width / 2} y={box.height / 2 + (index - (lines.length - 1) / 2) * 12 + 4}>{text}</text>)}
                </g>;
            })}
        </svg>
        <p class="quiet legend">▸ {words.port.present} · ✓ {words.port.visited} · – – {words.port.possible_next}</p>
    </>;
}

function Line({ edge, layout, kind }: { edge: Edge; layout: Layout; kind: string }) {
    const from = layout.spots.get(edge.from), to = layout.spots.get(edge.to);
    return from && to ? <path class={`edge ${kind}`} d={curve(from, to)} /> : null;
}

/** The same in words: what may happen in the present states, and where that leads. */
function Ways({ machine, present, words }: { machine: Machine; present: Set<string>; words: Words }) {
    const meaning = new Map(machine.events.map((event) => [event.name, event.meaning]));
    const rows = machine.rows.filter((row) => present.has(row.in) && !row.stays && row.go_to !== row.in);
    const ways = [...new Map(rows.map((row) => [`${row.on} ${row.go_to}`, row])).values()];
    return <details><summary>{words.port.fromHere}: {ways.length}</summary><ul class="ways">{ways.map((row) =>
        <li key={`${row.on} ${row.go_to}`}>{meaning.get(row.on) ?? row.on} → <b>{stateName(words, row.go_to)}</b></li>)}</ul></details>;
}
