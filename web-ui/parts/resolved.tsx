import type { JSX } from "preact";
import { formatTime } from "../time.ts";
import type { ResolvedLink } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { MarkChip } from "./mark.tsx";

/** What was mended within the last 30 days; nothing at all when there is none. */
export function Resolved({
  frame,
  words,
  links,
}: PartProps & { links: readonly ResolvedLink[] }): JSX.Element | null {
  if (links.length === 0) return null;
  return (
    <section>
      <h2>{words.finding.resolvedTitle}</h2>
      <ul class="findings card">
        {links.map((link) => (
          <li key={link.id}>
            <a href={`/findings/${link.id}`}>{link.title}</a>
            <MarkChip
              mark="none"
              words={words}
              word={words.finding.resolved(formatTime(link.resolvedAt, frame.now, words.time))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
