// Every port that is not finished, the most urgent first, ours before theirs.

import type { VNode } from "preact";

import { useCell } from "../cell";
import { useData } from "../data";
import { own } from "../live";
import { Left, money, State, Trouble, Waiting } from "../parts";
import { linkTo, place } from "../route";
import { byUrgency, counterpartOf, isOurs, turnName } from "../turn";
import type { Page, PortSummary } from "../types";
import { stateName, useWords } from "../words";
import type { Words } from "../words/shape";

const shownMost = 200;

export function Board() {
    const words = useWords();
    const { query } = useCell(place);
    const state = query.get("state") ?? "", withDone = query.get("done") === "1";
    const open = useData<Page<PortSummary>>(`/v1/ports?open=true&limit=${shownMost}`);
    const all = useData<Page<PortSummary>>(withDone ? `/v1/ports?limit=${shownMost}` : undefined);
    if (!open.value) return <><h1>{words.board.title}</h1><Waiting data={open} /></>;

    const ports = [...open.value.items].sort(byUrgency);
    const fits = ports.filter((port) => state === "" || port.state === state);
    const ours = fits.filter((port) => isOurs(port.owner, port)), theirs = fits.filter((port) => !isOurs(port.owner, port));
    const done = (all.value?.items ?? []).filter((port) => port.settled);
    const total = open.value.total ?? ports.length;
    return <>
        <div class="title"><h1>{words.board.title}</h1><States words={words} ports={ports} chosen={state} /></div>
        {open.problem && <Trouble problem={open.problem} />}
        {fits.length === 0 && <p class="empty">{words.board.empty}</p>}
        {fits.length + done.length > 0 && <Table words={words} label={words.board.title} groups={[[words.board.ours(own()), ours], [words.board.theirs, theirs], [words.board.done, done]]} />}
        {total > ports.length && <p class="quiet">{words.board.more(ports.length, total)}</p>}
        <p><label class="check"><input type="checkbox" checked={withDone} onChange={(event) => showDone(event.currentTarget.checked)} /> {words.board.showDone}</label></p>
        {withDone && !all.value && <Waiting data={all} />}
    </>;
}

function showDone(yes: boolean): void {
    const query = new URLSearchParams(place.value.query);
    if (yes) query.set("done", "1");
    else query.delete("done");
    location.hash = `#/?${query}`;
}

/** How many ports are in each state; choosing one shows only these. */
function States({ words, ports, chosen }: { words: Words; ports: PortSummary[]; chosen: string }) {
    const counts = new Map<string, number>();
    for (const port of ports) counts.set(port.state, (counts.get(port.state) ?? 0) + 1);
    if (chosen && !counts.has(chosen)) counts.set(chosen, 0);
    const chip = (state: string, name: string, count: number) =>
        <a key={state} class="chip" href={state ? `#/?state=${state}` : "#/"} aria-current={state === chosen ? "true" : undefined}>{name} <b>{count}</b></a>;
    return <nav class="chips" aria-label={words.board.states}>
        {chip("", words.board.allStates, ports.length)}
        {[...counts].map(([state, count]) => chip(state, stateName(words, state), count))}
    </nav>;
}

function Table({ words, label, groups }: { words: Words; label: string; groups: [string, PortSummary[]][] }) {
    const columns = words.board.columns;
    return <table class="rows" aria-label={label}>
        <thead><tr>
            <th scope="col">{columns.left}</th><th scope="col">{columns.port}</th><th scope="col" class="wide">{columns.with}</th>
            <th scope="col" class="wide">{columns.customer}</th><th scope="col">{columns.state}</th>
            <th scope="col" class="middle">{columns.turn}</th><th scope="col" class="middle sum">{columns.money}</th>
        </tr></thead>
        {groups.filter(([, ports]) => ports.length > 0).map(([title, ports]) => <tbody key={title}>
            <tr class="group"><th colSpan={7} scope="rowgroup">{title} <span class="quiet">{ports.length}</span></th></tr>
            {ports.map((port) => <Row key={port.id} words={words} port={port} />)}
        </tbody>)}
    </table>;
}

/** Numbers may be broken between two of them, not within one. */
function Breaking({ text }: { text: string }) {
    return <>{text.split(/(\.\.| )/).map((part, index) =>
        part === ".." ? <>..<wbr /></> : part === " " ? " " : <span key={index} class="whole">{part}</span>)}</>;
}

function Row({ words, port }: { words: Words; port: PortSummary }): VNode {
    const risk = port.compensation;
    return <tr>
        <td>{port.settled ? <span class="quiet">–</span> : <Left due={port.next_due} workingLeft={port.working_left_ms} state={port.state} />}</td>
        <td>
            <a class="row" href={linkTo("ports", port.id)}>{port.id}</a> <span class="quiet">{words.direction[port.role]}{port.order_id && <> · <span class="whole">{port.order_id}</span></>}</span>
            <br /><span class="number"><Breaking text={port.numbers} /></span>
            <span class="narrow quiet"><br />{counterpartOf(port)}{port.customer && ` · ${port.customer}`}</span>
        </td>
        <td class="wide">{counterpartOf(port)}</td>
        <td class="wide">{port.customer}</td>
        <td><State state={port.state} settled={port.settled} /></td>
        <td class="middle">{port.owner && turnName(words, port.owner, port)}</td>
        <td class="middle sum">{risk && !port.settled && (risk.per_day?.cents ?? 0) > 0 && words.money.perDay(money(risk.per_day!))}
            {risk && risk.total.cents > 0 && (port.settled ? money(risk.total) : <><br /><b>{words.money.soFar(money(risk.total))}</b></>)}</td>
    </tr>;
}
