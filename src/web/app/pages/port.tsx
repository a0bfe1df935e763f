// One port: whose turn, by when, what to tell the customer; then everything that explains it.


import { ActionBar } from "../act/bar";
import { pathTo } from "../api";
import { useData } from "../data";
import { zone } from "../live";
import { Facts, Left, Range, rangeText, Section, Standing, State, valueOf, Waiting, When } from "../parts";
import { linkTo } from "../route";
import { dateText, dayText } from "../time";
import { counterpartOf, isOurs, tellCustomer, turnName } from "../turn";
import type { Deadline, Line, Port, Why, WhyDeadline } from "../types";
import { useWords } from "../words";
import type { Words } from "../words/shape";
import { MachinePart } from "./machine";
import { MoneyPart } from "./money";
import { ResiduePart } from "./residue";
import { TimelinePart } from "./timeline";

export function PortPage({ id }: { id: string }) {
    const port = useData<Port>(pathTo("ports", id));
    if (!port.value) return <><h1>{id}</h1><Waiting data={port} /></>;
    const known = port.value;
    return <article>
        <Head port={known} />
        <ActionBar key={known.id} port={known} />
        <div class="columns">
            <div>
                <Lines port={known} />
                <WhyPart port={known} />
                {known.role === "port_in" ? <MoneyPart port={known} /> : <ResiduePart port={known} />}
                <TimelinePart id={known.id} machine={known.role} />
            </div>
            <div>
                <FactsPart port={known} />
                <MachinePart port={known} />
            </div>
        </div>
    </article>;
}

/** What set a deadline, with both its times when they differ. */
function Trigger({ trigger }: { trigger: NonNullable<WhyDeadline["trigger"]> }) {
    const words = useWords();
    return <>{trigger.kind} <span class="quiet">{trigger.source}</span>, <When at={trigger.happened_at} offset />
        {trigger.learned_at !== trigger.happened_at && <>, {words.port.learned.toLowerCase()} <When at={trigger.learned_at} offset /></>}</>;
}

/** The deadline that comes first. */
const firstDeadline = (port: Port): Deadline | undefined =>
    [...port.deadlines].sort((one, other) => Date.parse(one.due) - Date.parse(other.due))[0];

function Head({ port }: { port: Port }) {
    const words = useWords();
    const first = firstDeadline(port);
    const other = counterpartOf(port);
    return <header class="head">
        <div class="title">
            <h1>{port.id}</h1>
            <State state={port.state} settled={port.settled} />
            <span class="quiet">{words.role[port.role]} {port.role === "port_in" ? words.port.from : words.port.to} {other} · {port.customer.name}</span>
        </div>
        <div class="answers">
            {first ? <>
                <div class={isOurs(first.owner, port) ? "ours" : ""}><h2>{words.port.turn}</h2><p class="big">{turnName(words, first.owner, port)}</p></div>
                <div><h2>{words.port.by}</h2><p class="big"><When at={first.due} offset /></p>
                    <p><Left due={first.due} workingLeft={first.working_left_ms} state={port.state} long /></p></div>
                <div><h2>{words.port.then}</h2><p>{first.on_expiry}</p></div>
            </> : <div><h2>{words.port.turn}</h2><p>{words.port.nobodysTurn}</p></div>}
            <Tell port={port} words={words} />
        </div>
    </header>;
}

function Tell({ port, words }: { port: Port; words: Words }) {
    const parts = tellCustomer(words, port, zone());
    return <div class="tell"><h2>{words.port.tell}</h2>{parts.map(({ about, sentence }) => <p key={sentence}>
        {parts.length > 1 && <span class="range">{about.map(rangeText).join(", ")}: </span>}{sentence}</p>)}</div>;
}

function FactsPart({ port }: { port: Port }) {
    const words = useWords(), text = words.port;
    const address = port.customer.address;
    const street = address && [address.street, address.house_number, address.box].filter(Boolean).join(" ");
    const town = address && [address.postcode, address.city].filter(Boolean).join(" ");
    return <Section title={text.facts} id="facts"><Facts facts={[
        [text.customer, <>{port.customer.name}{street && <><br />{street}</>}{town && <><br />{town}</>}</>],
        [text.order, port.order_id],
        [text.dossier, port.dossier],
        [text.contract, port.contract_id && <a href={linkTo("contracts", port.contract_id)}>{port.contract_id}</a>],
        [text.claim, port.claim_id && <a href={linkTo("claims", port.claim_id)}>{port.claim_id}</a>],
        [text.account, port.donor_account],
        [text.holder, port.block_holder],
        [text.requested, <When at={port.requested_at} />],
        [text.wish, port.wish.at ? <When at={port.wish.at} /> : text.asap],
        [text.note, port.note],
    ]} /></Section>;
}

// ---------------------------------------------------------------------------------------------------------------- lines

function Lines({ port }: { port: Port }) {
    const words = useWords(), columns = words.port.lineColumns;
    return <Section title={words.port.lines} id="lines"><table>
        <thead><tr><th scope="col">{columns.line}</th><th scope="col">{columns.numbers}</th><th scope="col">{columns.state}</th>
            <th scope="col" class="middle">{columns.since}</th><th scope="col">{columns.moment}</th></tr></thead>
        <tbody>{port.lines.map((line) => <LineRow key={line.no} line={line} words={words} deadline={port.deadlines.find((one) => one.line === line.no)} />)}</tbody>
    </table></Section>;
}

function LineRow({ line, words, deadline }: { line: Line; words: Words; deadline: Deadline | undefined }) {
    const notes = line.grounds.length > 0 || line.note;
    return <>
        <tr class={notes ? "has-more" : ""}>
            <td>{line.no}</td>
            <td><Range first={line.first} last={line.last} count={line.count} /></td>
            <td><State state={line.state} />{deadline && <><br /><Left due={deadline.due} workingLeft={deadline.working_left_ms} state={line.state} /></>}</td>
            <td class="middle"><When at={line.since} /></td>
            <td><Moments line={line} words={words} /></td>
        </tr>
        {notes && <tr class="more"><td /><td colSpan={4}>
            {line.grounds.map((ground) => <p key={ground.code}><b>{ground.code}</b> {ground.meaning} {ground.fix}{" "}
                <span class="quiet">{ground.restarts_clock === undefined ? "" : ground.restarts_clock ? words.port.restarts : words.port.continues}</span></p>)}
            {line.note && <p>{words.port.note}: {line.note}</p>}
        </td></tr>}
    </>;
}

function Moments({ line, words }: { line: Line; words: Words }) {
    const text = words.port;
    const moments: [string, string | undefined][] = line.effective_at
        ? [[text.effective, line.effective_at]]
        : [[text.agreed, line.agreed_at], [text.postponed, line.postponed_until], [text.announced, line.announced_at],
            [text.possible, line.agreed_at ? undefined : line.first_possible_at], [text.planned, line.planned_at]];
    return <>{moments.filter(([, at]) => at).map(([name, at]) => <div key={name}><span class="quiet">{name}</span> <When at={at} /></div>)}</>;
}

// ------------------------------------------------------------------------------------------------------------------ why

function WhyPart({ port }: { port: Port }) {
    const words = useWords();
    const why = useData<Why>(pathTo("ports", port.id, "why"));
    return <Section title={words.port.why} id="why">
        {!why.value ? <Waiting data={why} /> : why.value.deadlines.length === 0 ? <p class="quiet">{words.port.noDeadlines}</p>
            : why.value.deadlines.map((one) => <Reason key={one.line} why={one} words={words} port={port} />)}
    </Section>;
}

function Reason({ why, words, port }: { why: WhyDeadline; words: Words; port: Port }) {
    const line = port.lines.find((one) => one.no === why.line);
    const text = words.port, rule = why.rule;
    return <div class="reason">
        <h3>{line ? <Range first={line.first} last={line.last} /> : `${words.kinds.line} ${why.line}`}: {dateText(why.due, zone())}</h3>
        <p>{why.sentence}</p>
        <Facts facts={[
            [text.setBy, why.trigger && <Trigger trigger={why.trigger} />],
            [text.turn, turnName(words, why.owner, port)],
            [text.then, why.on_expiry],
            [text.rule, rule ? <><code>{rule.id}</code> {rule.title}: {valueOf(words, rule)}. {rule.text}</> : text.agreedRule],
            [text.standing, rule && <Standing standing={rule.standing} />],
            [text.source, rule?.source],
            [text.arithmetic, why.steps && why.steps.length > 0 && <ol>{why.steps.map((step) => <li key={step}>{step}</li>)}</ol>],
            [text.skipped, why.skipped && why.skipped.length > 0 && why.skipped.map((one) => `${dayText(one.day)} (${one.reason})`).join(", ")],
        ]} />
    </div>;
}
