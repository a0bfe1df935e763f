// A value that views follow.

import { useEffect, useState } from "preact/hooks";

export class Cell<Value> {
    private readonly followers = new Set<() => void>();
    constructor(private held: Value) {}

    get value(): Value {
        return this.held;
    }
    set(next: Value): void {
        if (Object.is(next, this.held)) return;
        this.held = next;
        for (const tell of [...this.followers]) tell();
    }
    follow(tell: () => void): () => void {
        this.followers.add(tell);
        return () => void this.followers.delete(tell);
    }
}

/** The value of a cell; the view is drawn again when it changes. */
export function useCell<Value>(cell: Cell<Value>): Value {
    const [, redraw] = useState(0);
    useEffect(() => {
        const follow = cell.follow(() => redraw((count) => count + 1));
        redraw((count) => count + 1); // what changed between drawing and following
        return follow;
    }, [cell]);
    return cell.value;
}

/** Something kept in this browser tab (or, for ever, in the browser); a browser that keeps nothing is served as well. */
export function kept(storage: "sessionStorage" | "localStorage", name: string) {
    return {
        read(): string | null {
            try {
                return globalThis[storage].getItem(name);
            } catch {
                return null;
            }
        },
        write(value: string | null): void {
            try {
                if (value === null) globalThis[storage].removeItem(name);
                else globalThis[storage].setItem(name, value);
            } catch {
                // Private windows may refuse; the page then forgets when it is closed.
            }
        },
    };
}
