// How the counterparts are: what waits for them, what went wrong, as far as the daemon knows.

import { pathTo } from "../api";
import { useData } from "../data";
import { Facts, Waiting, When } from "../parts";
import { spanText } from "../time";
import type { Operator, OperatorHealth, Page } from "../types";
import { useWords } from "../words";

export function Operators() {
    const words = useWords(), text = words.operators;
    const operators = useData<Page<Operator>>("/v1/operators");
    if (!operators.value) return <><h1>{text.title}</h1><Waiting data={operators} /></>;
    const others = operators.value.items.filter((one) => !one.own);
    return <>
        <h1>{text.title}</h1>
        {others.length === 0 && <p class="empty">{text.empty}</p>}
        <div class="cards">{others.map((one) => <Health key={one.code} code={one.code} />)}</div>
    </>;
}

/** Whether anything in it asks for a person. */
export function isIll(health: OperatorHealth): boolean {
    return Boolean(health.trouble) || Boolean(health.failing_since) || health.stream === "broken";
}

function Health({ code }: { code: string }) {
    const words = useWords(), text = words.operators;
    const health = useData<OperatorHealth>(pathTo("operators", code, "health"));
    const known = health.value;
    const ill = known && isIll(known);
    const name = (member: string) => (text.members as Record<string, string>)[member] ?? member.replaceAll("_", " ");
    return <section class={`card ${ill ? "ill" : ""}`} aria-labelledby={`operator-${code}`}>
        <h2 id={`operator-${code}`}>{code} {known && <span class={ill ? "bad" : "well"}>{ill ? `▲ ${text.ill}` : `● ${text.well}`}</span>}</h2>
        {known ? <Facts facts={Object.entries(known).filter(([member]) => member !== "code")
            .map(([member, value]) => [name(member), <Value value={value} span={member.endsWith("_ms")} />])} /> : <Waiting data={health} />}
    </section>;
}

/** A member as it is: a moment as a moment, milliseconds as a span, a list or an object by its parts. */
function Value({ value, span = false }: { value: unknown; span?: boolean }) {
    const words = useWords();
    if (span && typeof value === "number") return <>{value < 0 && "−"}{Math.abs(value) < 1000 ? `${Math.abs(value)} ms` : spanText(value)}</>;
    if (typeof value === "string" && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value)) return <When at={value} offset />;
    if (typeof value === "boolean") return <>{value ? words.claims.yes : words.claims.no}</>;
    if (Array.isArray(value)) return value.length === 0 ? <>{words.none}</> : <>{value.map((one, index) => <div key={index}><Value value={one} /></div>)}</>;
    if (value !== null && typeof value === "object")
        return <>{Object.entries(value).map(([member, one]) => <div key={member}><span class="quiet">{member.replaceAll("_", " ")}</span> <Value value={one} /></div>)}</>;
    return <>{String(value)}</>;
}
