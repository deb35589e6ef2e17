import { setImmediate as turn } from "node:timers/promises";

/** Hands `items` over in slices, with room for other work after each: none of them may take longer than some milliseconds. */
export async function inTurns<T>(items: readonly T[], take: (item: T) => void, slice = 25): Promise<void> {
  for (let at = 0; at < items.length; at += slice) {
    for (const item of items.slice(at, at + slice)) take(item);
    await turn();
  }
}
