// What will be late next: every running deadline by working time left, with the money that hangs on it.

import { useState } from "preact/hooks";

import { useData } from "../data";
import { Left, money, Waiting, When } from "../parts";
import { linkToThing } from "../route";
import { turnName } from "../turn";
import type { Page, PortSummary, Timer } from "../types";
import { useWords } from "../words";

const hour = 3600_000;

export function Radar() {
    const words = useWords(), text = words.radar;
    const [within, look] = useState(0);
    const timers = useData<Page<Timer>>("/v1/timers?limit=500");
    const ports = useData<Page<PortSummary>>("/v1/ports?open=true&limit=500");
    if (!timers.value) return <><h1>{text.title}</h1><Waiting data={timers} /></>;
    const byId = new Map((ports.value?.items ?? []).map((port) => [port.id, port]));
    const shown = timers.value.items.filter((timer) => within === 0 || timer.working_left_ms < within * hour)
        .sort((one, other) => one.working_left_ms - other.working_left_ms || one.left_ms - other.left_ms);
    return <>
        <div class="title"><h1>{text.title}</h1>
            <div class="chips" role="group" aria-label={text.within}>{[4, 10, 0].map((hours) =>
                <button key={hours} type="button" class="chip" aria-pressed={within === hours} onClick={() => look(hours)}>{hours === 0 ? text.all : text.hours(hours)}</button>)}</div></div>
        <p class="quiet">{text.what}</p>
        {shown.length === 0 ? <p class="empty">{text.empty}</p> : <table class="rows">
            <thead><tr><th scope="col">{text.columns.left}</th><th scope="col" class="middle">{text.columns.due}</th><th scope="col">{text.columns.of}</th>
                <th scope="col">{text.columns.who}</th><th scope="col" class="wide">{text.columns.then}</th><th scope="col" class="sum middle">{text.columns.money}</th></tr></thead>
            <tbody>{shown.map((timer) => {
                const port = timer.subject.kind === "line" ? byId.get(timer.subject.id.split("/")[0]!) : undefined;
                const risk = port?.compensation?.per_day;
                return <tr key={timer.subject.kind + timer.subject.id + timer.timer}>
                    <td><Left due={timer.due} workingLeft={timer.working_left_ms} state={timer.state} /></td>
                    <td class="middle"><When at={timer.due} /></td>
                    <td><a class="row" href={linkToThing(timer.subject.kind, timer.subject.id)}>{timer.subject.id}</a>
                        {port && <span class="quiet"> {port.customer}</span>}<span class="narrow quiet"><br />{timer.on_expiry}</span></td>
                    <td>{turnName(words, timer.owner, port)}</td>
                    <td class="wide">{timer.on_expiry}</td>
                    <td class="sum middle">{risk && risk.cents > 0 && words.money.perDay(money(risk))}</td>
                </tr>;
            })}</tbody></table>}
    </>;
}
