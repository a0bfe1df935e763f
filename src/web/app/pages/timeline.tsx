// What happened, when we learned it, who said it.

import { useEffect, useState } from "preact/hooks";

import { ask, pathTo } from "../api";
import { useData, type Data } from "../data";
import { Section, Waiting, When } from "../parts";
import type { LogItem, Machine, Move, Timeline } from "../types";
import { stateName, useWords } from "../words";
import type { Words } from "../words/shape";

/** What the events of a machine mean, in the language of the page. */
function useMeanings(machine: string): Map<string, string> {
    const known = useData<Machine>(pathTo("machines", machine)).value;
    return new Map((known?.events ?? []).map((event) => [event.name, event.meaning]));
}

/** A long story comes in several pages: the first by itself, the rest behind it. */
function useWhole(path: string): Data<Timeline> {
    const first = useData<Timeline>(path);
    const [more, take] = useState<{ of: Timeline; items: LogItem[] }>();
    const begun = first.value;
    useEffect(() => {
        if (!begun?.next) return;
        const stop = new AbortController();
        void (async () => {
            const items: LogItem[] = [];
            for (let next: string | null | undefined = begun.next; next;) {
                const page: Timeline = await ask<Timeline>(`${path}?cursor=${encodeURIComponent(next)}`, stop.signal);
                items.push(...page.items);
                next = page.next;
            }
            take({ of: begun, items });
        })().catch(() => undefined); // the next change asks again
        return () => stop.abort();
    }, [begun]);
    return begun && more?.of === begun ? { ...first, value: { ...begun, items: [...begun.items, ...more.items] } } : first;
}

export function TimelinePart({ id, machine }: { id: string; machine: string }) {
    const words = useWords();
    const [oldestFirst, turnAround] = useState(false);
    const timeline = useWhole(pathTo("ports", id, "timeline"));
    const button = <button type="button" class="plain" onClick={() => turnAround(!oldestFirst)}>{oldestFirst ? words.port.latestFirst : words.port.oldestFirst}</button>;
    return <Section title={words.port.timeline} id="timeline" aside={button}>
        {timeline.value ? <History items={oldestFirst ? timeline.value.items : [...timeline.value.items].reverse()} about={id} machine={machine} /> : <Waiting data={timeline} />}
    </Section>;
}

/** Log rows as a list; moves of what is not `about` are counted, not shown one by one. */
export function History({ items, about, machine }: { items: LogItem[]; about: string; machine: string }) {
    const words = useWords(), meanings = useMeanings(machine);
    return <ol class="history">{items.map((item) => <Entry key={item.seq} item={item} about={about} words={words} meanings={meanings} />)}</ol>;
}

function Entry({ item, about, words, meanings }: { item: LogItem; about: string; words: Words; meanings: Map<string, string> }) {
    const moves = item.moves.filter((move) => move.subject === about || move.subject.startsWith(`${about}/`));
    const late = Date.parse(item.learned_at) - Date.parse(item.happened_at) > 1000;
    return <li>
        <div class="times"><When at={item.happened_at} />{late && <div class="quiet">{words.port.learned} <When at={item.learned_at} /></div>}</div>
        <div>
            <p><b>{item.kind}</b> <span class="quiet">{item.source}</span></p>
            {item.reason && <p class="reason-given">“{item.reason}”</p>}
            {moves.map((move, index) => <MoveText key={index} move={move.note === item.reason ? { ...move, note: "" } : move} words={words} meaning={meanings.get(move.event) ?? move.event.replaceAll("_", " ")} />)}
            {item.notes.filter((note) => note !== item.reason).map((note) => <p key={note} class="quiet">{note}</p>)}
            {item.refusals.map((refusal) => <p key={refusal.detail} class="bad">{refusal.ground} {refusal.detail}</p>)}
        </div>
    </li>;
}

function MoveText({ move, words, meaning }: { move: Move; words: Words; meaning: string }) {
    const line = move.subject.includes("/") ? `${words.kinds.line} ${move.subject.split("/")[1]}: ` : "";
    const effect = move.verdict === "moved" && move.from !== move.to ? <>{stateName(words, move.from)} → <b>{stateName(words, move.to)}</b></>
        : move.verdict === "refused" ? <b>{words.port.refusedEvent}</b>
            : move.verdict === "ignored" ? words.port.ignoredEvent : stateName(words, move.to);
    return <p>{line}{effect} <span class="quiet">{meaning}{move.note && ` · ${move.note}`}</span></p>;
}
