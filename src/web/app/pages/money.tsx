// What is owed for delay, with its arithmetic, its law and who caused it.

import { pathTo } from "../api";
import { useData } from "../data";
import { money, Range, rangeText, Section, Standing, valueOf, Waiting, When } from "../parts";
import { linkTo } from "../route";
import { turnName } from "../turn";
import type { Caused, Compensation, CompensationLine, Port, Rule } from "../types";
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
    const delayed = owed.lines.filter((line) => (line.segments ?? []).length > 0);
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
        {delayed.length > 0 && <Causers lines={delayed} caused={owed.caused ?? []} words={words} port={port} />}
        <p class="quiet">
            {text.payer}: {turnName(words, owed.payer, port)}.{" "}
            {owed.claim_until && <>{text.claimUntil} <When at={owed.claim_until} />. </>}
            {owed.review_until && <>{text.reviewUntil} <When at={owed.review_until} />. </>}
            {owed.claim_id && <a href={linkTo("claims", owed.claim_id)}>{owed.claim_id}</a>}
        </p>
        <Rules rules={owed.rules} words={words} />
    </>;
}

/** Who the delay waited for, part by part, and what it comes to: the payer is always the recipient, the rest is recourse. */
function Causers({ lines, caused, words, port }: { lines: CompensationLine[]; caused: Caused[]; words: Words; port: Port | undefined }) {
    const text = words.port;
    return <><h3>{text.causers}</h3>
        {caused.length > 0 && <p>{caused.map((one) => <span key={one.causer} class="caused"><b>{turnName(words, one.causer, port)}</b> {money(one.amount)}
            {one.recourse && <span class="quiet"> ({text.recourse})</span>}</span>)}</p>}
        {lines.map((line) => <table key={line.line}><caption class="unseen">{text.causers}, {rangeText(line)}</caption><tbody>{line.segments!.map((one) => <tr key={one.from}>
            <td class="when"><When at={one.from} /> –<br /><When at={one.until} /></td>
            <td><b>{turnName(words, one.causer, port)}</b>{one.reason && <><br /><span class="quiet">{one.reason}</span></>}</td>
            <td class="sum">{one.amount && one.amount.cents > 0 && money(one.amount)}</td>
        </tr>)}</tbody></table>)}</>;
}

function Rules({ rules, words }: { rules: Rule[]; words: Words }) {
    return <details><summary>{words.port.rule}: {rules.length}</summary><ul class="rules">{rules.map((rule) => <li key={rule.id}>
        <code>{rule.id}</code> {valueOf(words, rule)} · <Standing standing={rule.standing} /> · {rule.source}
        <br /><span class="quiet">{rule.text}</span></li>)}</ul></details>;
}
