// What is late or will be next, as GET /v1/radar says it: by working time left and money at risk, counterparts in trouble first.

import { useState } from "preact/hooks";

import { useData } from "../data";
import { Mark, money, Waiting, When } from "../parts";
import { linkTo, linkToThing } from "../route";
import { workingText } from "../time";
import type { RadarAnswer, RadarDeadline, RadarTrouble } from "../types";
import { own } from "../live";
import { urgencyOf } from "../turn";
import { useWords } from "../words";

const distances = ["4wh", "1wd", "10wd"] as const;

export function Radar() {
    const words = useWords(), text = words.radar;
    const [within, look] = useState<typeof distances[number]>("10wd");
    const radar = useData<RadarAnswer>(`/v1/radar?within=${within}&limit=500`);
    const known = radar.value;
    return <>
        <div class="title"><h1>{text.title}</h1>
            <div class="chips" role="group" aria-label={text.within}>{distances.map((distance) =>
                <button key={distance} type="button" class="chip" aria-pressed={within === distance} onClick={() => look(distance)}>{text.distances[distance]}</button>)}</div></div>
        <p class="quiet">{text.what}</p>
        {!known ? <Waiting data={radar} /> : <>
            <p class="sums" role="status">{text.sums(known.late, known.troubles, money(known.per_day), money(known.owed))}</p>
            {known.items.length === 0 ? <p class="empty">{text.empty}</p> : <table class="rows">
                <thead><tr><th scope="col">{text.columns.left}</th><th scope="col" class="middle">{text.columns.due}</th><th scope="col">{text.columns.of}</th>
                    <th scope="col">{text.columns.who}</th><th scope="col" class="wide">{text.columns.then}</th><th scope="col" class="sum middle">{text.columns.money}</th></tr></thead>
                <tbody>{known.items.map((item) => item.kind === "counterpart" ? <TroubleRow key={item.operator + item.trouble} item={item} /> : <DeadlineRow key={item.subject + item.due} item={item} />)}</tbody></table>}
            {known.total > known.items.length && <p class="quiet">{words.board.more(known.items.length, known.total)}</p>}
        </>}
    </>;
}

function TroubleRow({ item }: { item: RadarTrouble }) {
    const text = useWords().radar;
    return <tr class="trouble-row">
        <td><span class="left late"><Mark urgency="late" />{text.trouble}</span></td>
        <td class="middle">{item.since && <>{text.since} <When at={item.since} /></>}</td>
        <td><a class="row" href={linkTo("operators")}>{item.operator}</a><span class="narrow quiet"><br />{item.sentence}</span></td>
        <td>{item.operator}</td><td class="wide">{item.sentence}</td><td class="middle" />
    </tr>;
}

function DeadlineRow({ item }: { item: RadarDeadline }) {
    const words = useWords(), text = words.radar;
    const late = item.severity === "late";
    const urgency = late ? "late" : urgencyOf(item.left_ms, item.working_left_ms, item.state);
    const then = late ? item.waits_for : item.on_expiry;
    const who = item.must_move === own() ? words.turn.us : (words.turn as Record<string, string>)[item.must_move] ?? item.must_move;
    return <tr>
        <td><span class={`left ${urgency}`}><Mark urgency={urgency} label={late ? "" : urgency === "none" ? "" : words.left.urgency[urgency]} />
            {late ? text.lateBy(workingText(item.working_left_ms)) : workingText(item.working_left_ms)}</span></td>
        <td class="middle">{late && <>{text.since} </>}<When at={late ? item.late_since : item.due} /></td>
        <td><a class="row" href={item.port ? linkTo("ports", item.port) : linkToThing("delivery", item.subject)}>{item.subject}</a>
            {item.with && <span class="quiet"> {item.with}</span>}<span class="narrow quiet"><br />{then}</span></td>
        <td>{who}</td>
        <td class="wide">{then}</td>
        <td class="sum middle">{item.per_day && item.per_day.cents > 0 && <div>{words.money.perDay(money(item.per_day))}</div>}
            {item.owed && item.owed.cents > 0 && <div class="bad">{text.owed(money(item.owed))}</div>}
            {item.recourse && <div class="quiet">{words.port.recourse}</div>}</td>
    </tr>;
}
