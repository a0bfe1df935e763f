// What is owed for delay, with its arithmetic, its law and who caused it.

import { pathTo } from "../api";
import { useData } from "../data";
import { money, Range, Section, Standing, Waiting, When } from "../parts";
import { linkTo } from "../route";
import { turnName } from "../turn";
import type { Compensation, Port, Rule, Segment } from "../types";
import { useWords } from "../words";
import type { Words } from "../words/shape";

export function MoneyPart({ port }: { port: Port }) {
    const words = useWords();
    const owed = useData<Compensation>(pathTo("ports", port.id, "compensation"));
    return <Section title={words.port.money} id="money">
        {owed.value ? <Owed owed={owed.value} port={port} /> : <Waiting data={owed} />}
    </Section>;
}

/** Also on the page of a claim, which has no port at hand. */
export function Owed({ owed, port }: { owed: Compensation; port?: Port }) {
    const words = useWords(), text = words.port, columns = text.moneyColumns;
    const segments = [...(owed.segments ?? []), ...owed.lines.flatMap((line) => (line.segments ?? []).map((one) => ({ ...one, line: line.line })))];
    return <>
        <table>
            <thead><tr><th scope="col">{columns.line}</th><th scope="col">{columns.numbers}</th><th scope="col" class="sum">{columns.days}</th>
                <th scope="col" class="sum wide">{columns.rate}</th><th scope="col" class="sum">{columns.amount}</th><th scope="col" class="middle">{columns.status}</th></tr></thead>
            <tbody>{owed.lines.map((line) => <tr key={line.line}>
                <td>{line.line}</td><td><Range first={line.first} last={line.last} count={line.count} /></td><td class="sum">{line.days}</td>
                <td class="sum wide">{money(line.rate)}</td><td class="sum">{money(line.amount)}</td><td class="middle">{line.final ? text.final : text.running}</td>
            </tr>)}</tbody>
            <tfoot><tr><th scope="row" colSpan={3}>{words.total}</th><td class="wide" /><td class="sum"><b>{money(owed.total)}</b></td><td class="middle" /></tr></tfoot>
        </table>
        {owed.lines.map((line) => <p key={line.line} class="arithmetic">{line.sentence}</p>)}
        {segments.length > 0 && <Causers segments={segments} words={words} port={port} />}
        <p class="quiet">
            {text.payer}: {turnName(words, owed.payer, port)}.{" "}
            {owed.claim_until && <>{text.claimUntil} <When at={owed.claim_until} />. </>}
            {owed.review_until && <>{text.reviewUntil} <When at={owed.review_until} />. </>}
            {owed.claim_id && <a href={linkTo("claims", owed.claim_id)}>{owed.claim_id}</a>}
        </p>
        <Rules rules={owed.rules} words={words} />
    </>;
}

function Causers({ segments, words, port }: { segments: (Segment & { line?: number })[]; words: Words; port: Port | undefined }) {
    return <><h3>{words.port.causers}</h3><ul class="segments">{segments.map((one, index) => <li key={index}>
        <b>{turnName(words, one.causer, port)}</b> <When at={one.from} /> – <When at={one.until} />
        {(one.reason ?? one.sentence) && <span class="quiet"> {one.reason ?? one.sentence}</span>}
    </li>)}</ul></>;
}

function Rules({ rules, words }: { rules: Rule[]; words: Words }) {
    return <details><summary>{words.port.rule}: {rules.length}</summary><ul class="rules">{rules.map((rule) => <li key={rule.id}>
        <code>{rule.id}</code> {rule.value} {rule.unit !== "text" && rule.unit.replaceAll("_", " ")} · <Standing standing={rule.standing} /> · {rule.source}
        <br /><span class="quiet">{rule.text}</span></li>)}</ul></details>;
}
