import type { ComponentChildren, JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import type { PartProps } from "./frame.tsx";

/** What is on the screen above a sheet: how to print it, and the ways to its other forms. */
export function PrintBar({ words, children }: PartProps & { children?: ComponentChildren }): JSX.Element {
  return (
    <div class="screen print-bar">
      <button type="button" data-print>
        {words.report.print}
      </button>
      <p>{words.report.printHow}</p>
      {children}
    </div>
  );
}

export interface HeadItem {
  readonly label: string;
  readonly value: string;
}

/** Title of a sheet and what it is about; the first item is the largest. */
export function PaperHead({ title, items }: { title: string; items: readonly HeadItem[] }): JSX.Element {
  return (
    <div class="paper-head">
      <h1>{title}</h1>
      <dl>
        {items.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Room for both sides to sign, and for the day of the next check. */
export function Signatures({ words, title }: { words: Words; title: string }): JSX.Element {
  const { report } = words;
  return (
    <section class="signing">
      <div class="signing-head">
        <h2>{title}</h2>
        <p>
          {report.nextVisit} <span class="hand">{report.blankDate}</span>
        </p>
      </div>
      <div class="sides">
        <Side words={words} side={report.siteSide} name={report.name} />
        <Side words={words} side={report.contractorSide} name={report.company} />
      </div>
    </section>
  );
}

function Side({ words, side, name }: { words: Words; side: string; name: string }): JSX.Element {
  const { report } = words;
  return (
    <div class="side">
      <h3>{side}</h3>
      <p class="blank">{name}</p>
      <p class="blank">
        {report.signature}
        <span>
          {report.date} <span class="hand">{report.blankDate}</span>
        </span>
      </p>
    </div>
  );
}
