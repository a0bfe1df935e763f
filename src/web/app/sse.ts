// Reads server-sent events from a fetch: EventSource cannot send a token.

export interface StreamEvent { id: string; type: string; data: string }

/** Takes pieces of text as they come and calls back for each whole event. */
export class EventReader {
    private rest = "";
    private id = "";
    private type = "";
    private data: string[] = [];
    constructor(private readonly onEvent: (event: StreamEvent) => void) {}

    take(piece: string): void {
        const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
        this.rest = lines.pop() ?? "";
        for (const line of lines) this.line(line);
    }

    private line(line: string): void {
        if (line === "") return this.finish();
        const colon = line.indexOf(":");
        if (colon === 0) return; // a comment: the heartbeat
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (name === "id") this.id = value;
        else if (name === "event") this.type = value;
        else if (name === "data") this.data.push(value);
    }

    private finish(): void {
        if (this.data.length > 0) this.onEvent({ id: this.id, type: this.type, data: this.data.join("\n") });
        this.data = [];
        this.type = "";
    }
}
