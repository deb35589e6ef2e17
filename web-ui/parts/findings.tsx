import type { JSX } from "preact";
import { formatDate } from "../time.ts";
import type { Fact, FindingLink } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { MarkChip } from "./mark.tsx";

export function FindingList({
  words,
  findings,
}: PartProps & { findings: readonly FindingLink[] }): JSX.Element {
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li key={finding.id}>
          <a href={`/findings/${finding.id}`}>
            <MarkChip mark={finding.mark} words={words} /> <b>{finding.title}</b>
          </a>
          <small>{words.status.since(formatDate(finding.since, words.time))}</small>
          {finding.where ? (
            <small>{finding.where}</small>
          ) : (
            finding.subject && (
              <small>
                <bdi>{finding.subject}</bdi>
              </small>
            )
          )}
        </li>
      ))}
    </ul>
  );
}

/** Label and values for whoever mends it; the values may come from the network and are only ever text. */
export function Facts({ facts }: { facts: readonly Fact[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          {fact.values.map((value) => (
            <dd key={value}>
              <bdi>{value}</bdi>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
