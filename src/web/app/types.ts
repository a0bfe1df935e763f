// What the Business API answers, as far as the page reads it (schemas/openapi.yaml). Members that newer daemons add are
// optional here.

export interface Money { cents: number; currency: string; text: string }
export interface Page<Item> { items: Item[]; next: string | null; total?: number }

export type Role = "reader" | "desk" | "system" | "admin";
export interface Caller { name: string; role: Role }

export interface Status {
    operator: string;
    version: string;
    clock: { now: string; local: string; manual: boolean };
    rulebook: { name: string; version: string; zone?: string };
    head_seq: number;
    accepting: boolean;
    trouble?: string;
    outbox: number;
    ports: Record<string, number>;
}

export type PortRole = "port_in" | "port_out";
export interface ShortCompensation { total: Money; final: boolean; per_day?: Money }

export interface PortSummary {
    id: string;
    role: PortRole;
    state: string;
    settled: boolean;
    order_id?: string;
    dossier?: string;
    donor: string;
    recipient: string;
    customer?: string;
    numbers: string;
    count: number;
    next_due?: string;
    left_ms?: number;
    working_left_ms?: number;
    owner?: string;
    compensation?: ShortCompensation;
    requested_at: string;
    version: number;
}

export interface Ground { code: string; meaning: string; field?: string; fix?: string; restarts_clock?: boolean }

export interface Line {
    no: number;
    first: string;
    last: string;
    count: number;
    state: string;
    since: string;
    planned_at?: string;
    answered_at?: string;
    announced_at?: string;
    first_possible_at?: string;
    postponed_until?: string;
    agreed_at?: string;
    effective_at?: string;
    grounds: Ground[];
    note?: string;
    waits_for?: string;
}

export interface Deadline {
    line: number;
    timer: string;
    due: string;
    rule: string;
    standing?: string;
    source?: string;
    owner: string;
    on_expiry: string;
    from: string;
    left_ms?: number;
    working_left_ms?: number;
}

export interface LegalNext { line: number; event: string; verb: string; meaning: string }

export interface Customer {
    kind: "natural" | "legal";
    name: string;
    customer_id?: string;
    address?: { street?: string; house_number?: string; box?: string; postcode?: string; city?: string };
}

export interface Port {
    id: string;
    role: PortRole;
    state: string;
    settled: boolean;
    dossier?: string;
    order_id?: string;
    donor: string;
    recipient: string;
    block_holder?: string;
    network: string;
    class: string;
    contract_id?: string;
    customer: Customer;
    donor_account?: string;
    wish: { mode: string; at?: string };
    requested_at: string;
    rulebook: string;
    note?: string;
    lines: Line[];
    deadlines: Deadline[];
    legal_next: LegalNext[];
    compensation?: ShortCompensation;
    claim_id?: string;
    version: number;
}

export interface Rule {
    id: string;
    title: string;
    value: string;
    unit: string;
    standing: string;
    source: string;
    text: string;
    valid_from?: string;
    valid_until?: string;
}

export interface WhyDeadline {
    line: number;
    timer: string;
    state: string;
    owner: string;
    waits_for: string;
    due: string;
    on_expiry: string;
    sentence: string;
    rule?: Rule;
    from?: string;
    skipped?: { day: string; reason: string }[];
    steps?: string[];
    /** What set the deadline. */
    trigger?: { seq: number; kind: string; source: string; happened_at: string; learned_at: string };
}
export interface Why { port: string; now: string; deadlines: WhyDeadline[] }

export interface Segment { from: string; until: string; causer: string; reason?: string; recourse?: boolean; days?: number; amount?: Money }
/** What one party's parts of the delay come to. */
export interface Caused { causer: string; number_days: number; amount: Money; recourse: boolean }
export interface CompensationLine {
    line: number;
    first: string;
    last: string;
    planned_at?: string;
    starts_at?: string;
    until?: string;
    final: boolean;
    days: number;
    count: number;
    rate: Money;
    amount: Money;
    sentence: string;
    segments?: Segment[];
}
export interface Compensation {
    port: string;
    payer: string;
    lines: CompensationLine[];
    caused?: Caused[];
    total: Money;
    claim_until?: string;
    review_until?: string;
    rules: Rule[];
    claim_id?: string;
    claim_state?: string;
}

export interface Residue {
    port: string;
    contract?: string;
    numbers: { first: string; last: string; fate: string; why: string }[];
    related_services?: string[];
    services?: { name: string; fate: string; why?: string }[];
    /** Nothing is unstated: the donor may accept. */
    complete?: boolean;
    ends_wholly: boolean;
    licence_after?: { in_order: boolean; sentence: string };
    sentence: string;
    /** Further contracts that numbers of the port are of. */
    others?: Residue[];
}

export interface Move {
    subject: string;
    machine: string;
    event: string;
    from: string;
    to: string;
    verdict: "moved" | "refused" | "ignored";
    actions: string[];
    note: string;
}
export interface LogItem {
    seq: number;
    learned_at: string;
    happened_at: string;
    source: string;
    kind: string;
    reason?: string;
    moves: Move[];
    notes: string[];
    refusals: Refusal[];
}
export interface Timeline { port: string; items: LogItem[]; next: string | null }

export interface Refusal { code: string; detail: string; pointer?: string; next?: string; ground?: string }

export interface NumberView {
    number: string;
    state: string;
    since?: string;
    serving?: string;
    block_holder?: string;
    contract_id?: string;
    last_contract?: string;
    contract_ended_at?: string;
    portable_until?: string;
    ageing_until?: string;
    plan?: { kind: string; zone?: string; zone_name?: string; portable: boolean };
    live_port?: { port: string; line: number };
    ports: string[];
    history: LogItem[];
}

export interface Contract {
    id: string;
    state: string;
    since: string;
    customer: Customer;
    product?: string;
    network: string;
    end_users?: number;
    numbers: { first: string; last: string }[];
    original_numbers?: { first: string; last: string }[];
    ports?: string[];
    terminates_at?: string;
    version: number;
}

export interface Claim {
    id: string;
    port: string;
    state: string;
    since: string;
    filed_at?: string;
    filed_by?: string;
    channel?: string;
    by_titular: boolean;
    amount?: Money;
    port_done_at?: string;
    claim_until?: string;
    review_until?: string;
    decision_reason?: string;
    /** What is due, or why nothing is, for the claimant. */
    answer?: string;
    paid_at?: string;
    paid_by?: string;
    compensation?: Compensation;
    version: number;
}

export interface RadarDeadline {
    kind: "deadline";
    severity: "late" | "soon";
    subject: string;
    must_move: string;
    port?: string;
    with?: string;
    per_day?: Money;
    owed?: Money;
    recourse?: boolean;
    late_since?: string;
    due: string;
    left_ms: number;
    working_left_ms: number;
    state: string;
    waits_for: string;
    on_expiry: string;
}
export interface RadarTrouble { kind: "counterpart"; operator: string; trouble: string; since?: string; sentence: string; next: string }
/** Troubles first, then deadlines, the most urgent first. */
export interface RadarAnswer { late: number; troubles: number; per_day: Money; owed: Money; items: (RadarDeadline | RadarTrouble)[]; total: number }

export interface Operator { code: string; own: boolean }
/** Members depend on the daemon's version; the page shows the ones it knows and lists the rest as they are. */
export type OperatorHealth = { code: string } & Record<string, unknown>;

export interface Machine {
    name: string;
    initial: string;
    states: { name: string; kind: string; owner: string; deadline: string; meaning: string }[];
    events: { name: string; meaning: string; otherwise: string }[];
    rows: { in: string; on: string; when: string; go_to: string; stays: boolean; actions: string[] }[];
}

export interface Found { items: { kind: string; id: string }[] }
