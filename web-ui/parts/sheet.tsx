import { Fragment, type JSX } from "preact";
import { formatDate, formatStamp } from "../time.ts";
import type { ReportSheet, SheetAct, SheetConsent, SheetPoint, SheetRow } from "../view-model/index.ts";
import type { PartProps } from "./frame.tsx";
import { MarkChip, MarkIcon } from "./mark.tsx";
import { PaperHead, Signatures } from "./paper.tsx";

interface Props extends PartProps {
  readonly sheet: ReportSheet;
}

/** Beginning of the hash, in groups that are easy to read out. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12).replace(/(.{4})(?=.)/g, "$1-");
}

/** Page 1: for the wall, the file and both signatures. No address, no model. */
export function Sheet({ frame, words, sheet }: Props): JSX.Element {
  const { report, common } = words;
  const { headline, checkedAt, rows } = sheet;
  const sum = (what: "hidden" | "unsettled"): number => rows.reduce((n, row) => n + row[what], 0);
  const [hidden, unsettled] = [sum("hidden"), sum("unsettled")];
  return (
    <article class="sheet">
      <PaperHead
        title={report.title}
        items={[
          { label: report.place, value: sheet.place ?? common.thisPlace },
          { label: report.checkedAt, value: checkedAt ? formatStamp(checkedAt, words.time) : common.never },
        ]}
      />
      <section class={`band ${headline.mark}`}>
        <h2>
          <MarkIcon mark={headline.mark} />
          <span>{headline.title}</span>
        </h2>
        <p>{headline.sentence}</p>
        {headline.stoppedSince && (
          <p class="stopped">
            {common.stoppedSince}: {formatStamp(headline.stoppedSince, words.time)}
          </p>
        )}
        {sheet.unfinished && <p class="stopped">{report.unfinished}</p>}
      </section>
      <Rows frame={frame} words={words} sheet={sheet} />
      {hidden + unsettled > 0 && (
        <p>
          {hidden > 0 && report.hidden(hidden)} {unsettled > 0 && report.unsettled(unsettled)}
        </p>
      )}
      <div class="notes">
        <section>
          <h2>{words.status.cannotKnowTitle}</h2>
          <p>{words.status.cannotKnow(sheet.place ?? common.thisPlace)}</p>
        </section>
        <Consents frame={frame} words={words} sheet={sheet} />
      </div>
      <p class="guides">
        <b>{words.report.guidesTitle}</b> {report.guides.join(" / ")} {report.noProof}
      </p>
      <Signatures words={words} title={report.signTitle} />
      <p class="paper-foot">
        <span>
          {report.number} <bdi>{sheet.reportId}</bdi>
        </span>
        <span>
          {words.product.name} {frame.version}
        </span>
        <span>
          {report.hash} {shortHash(sheet.hash)}
        </span>
      </p>
    </article>
  );
}

function Rows({ frame, words, sheet }: Props): JSX.Element {
  const { columns } = words.report;
  return (
    <table class="rows">
      <thead>
        <tr>
          {Object.values(columns).map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      {sheet.rows.map((row) => (
        <tbody key={`${row.place} ${row.number} ${row.name}`}>
          <Row frame={frame} words={words} row={row} />
        </tbody>
      ))}
    </table>
  );
}

function Row({ frame, words, row }: PartProps & { row: SheetRow }): JSX.Element {
  const { report } = words;
  const lines = Math.max(
    1,
    row.points.reduce((sum, { acts }) => sum + Math.max(1, acts.length), 0),
  );
  const first = (
    <th scope="row" rowSpan={lines}>
      {row.place === "elsewhere" ? report.elsewhere : <bdi>{row.name ?? report.unnamed(row.number)}</bdi>}
      {row.manager && <small>{report.managers[row.manager]}</small>}
    </th>
  );
  if (row.points.length === 0) {
    return (
      <tr>
        {first}
        <td>
          <Label text={report.columns.result} />
          <MarkChip mark={row.mark} words={words} />
        </td>
        <td class="empty">—</td>
        <td class="empty">—</td>
        <td class="empty">—</td>
        <td class="empty">—</td>
      </tr>
    );
  }
  return (
    <>
      {row.points.map((point, index) => (
        <Point
          key={`${point.check} ${point.accepted?.by}`}
          frame={frame}
          words={words}
          point={point}
          first={index === 0 ? first : null}
        />
      ))}
    </>
  );
}

/** As many lines as it has steps; what is said of all of them spans the lines. */
function Point({
  frame,
  words,
  point,
  first,
}: PartProps & { point: SheetPoint; first: JSX.Element | null }): JSX.Element {
  const { report } = words;
  const lines = Math.max(1, point.acts.length);
  const accepted = point.accepted && {
    text: report.accepted,
    who: <bdi>{point.accepted.by}</bdi>,
  };
  const steps = accepted ? [accepted] : point.acts.map((act) => stepOf(act, frame, words));
  return (
    <>
      {steps.map((step, index) => (
        <tr key={step.text}>
          {index === 0 && (
            <>
              {first}
              <td rowSpan={lines}>
                <Label text={report.columns.result} />
                <MarkChip mark={point.mark} words={words} />
                <span class="check">
                  {point.check ? words.checks[point.check] : point.gaps > 0 && report.gaps(point.gaps)}
                </span>
              </td>
              <td rowSpan={lines} class="day">
                <Label text={report.columns.since} />
                {point.since ? formatDate(point.since, words.time) : "—"}
              </td>
            </>
          )}
          <td>
            <Label text={report.columns.act} />
            {step.text}
          </td>
          <td>
            <Label text={report.columns.who} />
            {step.who}
          </td>
          {index === 0 && (
            <td rowSpan={lines} class="day">
              <Label text={report.columns.due} />
              <Due frame={frame} words={words} point={point} />
            </td>
          )}
        </tr>
      ))}
    </>
  );
}

function stepOf(
  act: SheetAct,
  { language }: PartProps["frame"],
  { actors }: PartProps["words"],
): { readonly text: string; readonly who: JSX.Element } {
  const who = act.actors.map((actor) => <div key={actor}>{actors[actor]}</div>);
  return { text: act.text[language], who: <Fragment>{who}</Fragment> };
}

function Due({ words, point }: PartProps & { point: SheetPoint }): JSX.Element {
  const { due, accepted } = point;
  if (accepted) return <>{formatDate(accepted.until, words.time)}</>;
  if (due === "now") return <b>{words.report.now}</b>;
  if (due === null) return <span class="by-hand">{words.report.byHand}</span>;
  return (
    <>
      {formatDate(due.on, words.time)}
      {due.overdue && <b class="overdue"> {words.report.overdue}</b>}
    </>
  );
}

/** The title of the column, where the table is too narrow for columns. */
function Label({ text }: { text: string }): JSX.Element {
  return <span class="label">{text}</span>;
}

function Consents({ words, sheet }: Props): JSX.Element {
  const { consent } = words;
  return (
    <section>
      <h2>{consent.records}</h2>
      {sheet.consents.length === 0 && <p>{consent.none}</p>}
      {sheet.consents.map((one) => (
        <Consent key={`${one.person} ${one.from}`} words={words} one={one} more={sheet.moreConsents} />
      ))}
    </section>
  );
}

function Consent({
  words,
  one,
  more,
}: {
  words: PartProps["words"];
  one: SheetConsent;
  more: number;
}): JSX.Element {
  const { consent, report, time, common } = words;
  const range = one.cameras === null ? report.allCameras : common.cameras(one.cameras);
  return (
    <p>
      <bdi>{`${one.person} / ${one.role}`}</bdi> {more > 0 && report.moreConsents(more)}
      <br />
      {formatDate(one.from, time)} – {formatDate(one.until, time)}
      <br />
      {range}: {one.tries ? consent.levelTry : consent.levelAsk}
    </p>
  );
}
