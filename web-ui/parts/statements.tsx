import type { JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import { formatLocalDay, formatStamp } from "../time.ts";
import type { MeasuredRow, StatementRow, WordsBesideFacts } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { MarkIcon } from "./mark.tsx";

interface Props extends PartProps {
  readonly facts: WordsBesideFacts;
}

/** What was said on one side, what was measured on the other, each with its date; which of them is right is not said. */
export function SaidAndMeasured({ frame, words, facts }: Props): JSX.Element {
  const { statements } = words;
  return (
    <div class="beside">
      <div class="said">
        <h3>{statements.said}</h3>
        {facts.statements.length === 0 && <p>{statements.none}</p>}
        <ul class="rows">
          {facts.statements.map((row) => (
            <Said key={row.id} frame={frame} words={words} row={row} />
          ))}
        </ul>
      </div>
      <div class="measured">
        <h3>{statements.measured}</h3>
        {facts.measured.length === 0 && <p>{statements.notMeasured}</p>}
        <ul class="rows">
          {facts.measured.map((row) => (
            <Measured
              key={`${row.kind} ${"finding" in row ? row.finding : ""}`}
              frame={frame}
              words={words}
              row={row}
            />
          ))}
        </ul>
      </div>
      {facts.statements.length > 0 && <p class="differ">{statements.differ}</p>}
    </div>
  );
}

function Said({ frame, words, row }: PartProps & { row: StatementRow }): JSX.Element {
  const { statements } = words;
  return (
    <li>
      <blockquote>
        <bdi>{row.text}</bdi>
      </blockquote>
      <small>{statements.by(row.company, formatLocalDay(row.saidOn, words.time))}</small>
      {frame.mayDecide && (
        <form method="post" action={`/statements/${row.id}/remove`}>
          <button class="quiet" type="submit" aria-label={statements.removeWhat(row.company)}>
            {statements.remove}
          </button>
        </form>
      )}
    </li>
  );
}

function Measured({ words, row }: PartProps & { row: MeasuredRow }): JSX.Element {
  return (
    <li class={row.mark}>
      <MarkIcon mark={row.mark} />
      <span>
        {"checks" in row ? (
          row.checks.map((check) => words.checks[check]).join(words.statements.between)
        ) : (
          <a href={`/findings/${row.finding}`}>{row.title}</a>
        )}
        <small>{noteOf(row, formatStamp(row.at, words.time), words)}</small>
      </span>
    </li>
  );
}

function noteOf(row: MeasuredRow, at: string, { statements, finding, marks }: Words): string {
  switch (row.kind) {
    case "confirmed":
      return statements.confirmed(at);
    case "resolved":
      return finding.resolved(at);
    case "unsettled":
      return statements.unsettled(at);
    case "waiting":
      return marks.waiting;
    case "nothing":
      return statements.nothing(at);
  }
}

/** `camera` = key of the camera that it is about; null = the place as a whole. */
export function StatementForm({
  words,
  camera,
  today,
}: PartProps & { camera: string | null; today: string }): JSX.Element {
  const { statements } = words;
  return (
    <details id="say">
      <summary>{statements.add}</summary>
      <form method="post" action="/statements">
        {camera !== null && <input type="hidden" name="camera" value={camera} />}
        <label>
          {statements.company}
          <input name="company" required maxLength={60} autocomplete="off" />
        </label>
        <label>
          {statements.text}
          <textarea name="text" required maxLength={200} rows={4} aria-describedby="text-help" />
        </label>
        <p id="text-help">{statements.textHelp}</p>
        <label>
          {statements.saidOn}
          <input name="saidOn" type="date" required max={today} />
        </label>
        <button type="submit">{statements.save}</button>
      </form>
    </details>
  );
}
