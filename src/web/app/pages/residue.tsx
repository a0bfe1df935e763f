// What a port-out takes, what stays with us, what ends.

import { pathTo } from "../api";
import { useData } from "../data";
import { Range, Section, Waiting } from "../parts";
import type { Port, Residue } from "../types";
import { useWords } from "../words";

export function ResiduePart({ port }: { port: Port }) {
    const words = useWords();
    const residue = useData<Residue>(pathTo("ports", port.id, "residue"));
    return <Section title={words.port.residue} id="residue">
        {residue.value ? [residue.value, ...residue.value.others ?? []].map((one) => <OfContract key={one.contract} residue={one} />) : <Waiting data={residue} />}
    </Section>;
}

function OfContract({ residue }: { residue: Residue }) {
    const words = useWords();
    const fate = (name: string) => <span class={name === "unstated" ? "bad" : ""}>{(words.port.fates as Record<string, string>)[name] ?? name}</span>;
    const services = residue.services ?? (residue.related_services ?? []).map((name) => ({ name, fate: "", why: "" }));
    return <>
        <p>{residue.sentence}</p>
        <table><tbody>
            {residue.numbers.map((one) => <tr key={one.first}><td><Range first={one.first} last={one.last} /></td><td>{fate(one.fate)}</td><td class="quiet">{one.why}</td></tr>)}
            {services.map((one) => <tr key={one.name}><td>{one.name}</td><td>{fate(one.fate)}</td><td class="quiet">{one.why}</td></tr>)}
        </tbody></table>
        {residue.licence_after && <p class={residue.licence_after.in_order ? "quiet" : "bad"}>{residue.licence_after.sentence}</p>}
    </>;
}
