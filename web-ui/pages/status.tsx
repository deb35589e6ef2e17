import type { JSX } from "preact";
import { Doors } from "../parts/doors.tsx";
import { FindingList } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { LanMap } from "../parts/map.tsx";
import { MarkChip, MarkIcon } from "../parts/mark.tsx";
import { Resolved } from "../parts/resolved.tsx";
import { formatDate, formatTime } from "../time.ts";
import type { CameraRow, StatusPage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: StatusPage;
}

/** More than this many points of one camera are told on its own page. */
const POINTS_SHOWN = 4;
/** So few calm cameras that they are shown at once. */
const CALM_SHOWN = 3;

export function Status({ frame, words, page }: Props): JSX.Element {
  const { headline } = page;
  return (
    <>
      <section class={`headline ${headline.mark}`} data-posture={headline.id}>
        <h1>
          <MarkIcon mark={headline.mark} />
          <span>{headline.title}</span>
        </h1>
        <p>{headline.sentence}</p>
        {headline.stoppedSince && (
          <p class="stopped">
            {words.common.stoppedSince}: {formatTime(headline.stoppedSince, frame.now, words.time)}
          </p>
        )}
        <NextAct frame={frame} words={words} page={page} />
      </section>
      <Summary frame={frame} words={words} page={page} />
      <div class="wide">
        {page.map && <LanMap map={page.map} words={words} />}
        {page.rows && page.rows.length > 0 && <Cameras frame={frame} words={words} rows={page.rows} />}
      </div>
      {page.elsewhere.length > 0 && (
        <section>
          <h2>{words.status.elsewhereHeading}</h2>
          <div class="card">
            <FindingList frame={frame} words={words} findings={page.elsewhere} />
          </div>
        </section>
      )}
      <Resolved frame={frame} words={words} links={page.resolved} />
      <aside class="box">
        <h2>{words.status.cannotKnowTitle}</h2>
        <p>{words.status.cannotKnow(frame.place ?? words.common.thisPlace)}</p>
        <p>
          <b>{words.about.passwords}</b> {words.about.passwordsText}
        </p>
      </aside>
    </>
  );
}

/** What leads on from the headline, the most useful first. */
function NextAct({ frame, words, page }: Props): JSX.Element | null {
  if (frame.role === "open") {
    return page.headline.id === "self" ? null : <Way href="/claim" label={words.status.details} />;
  }
  const scan = !frame.scanning && page.headline.id !== "waiting";
  return (
    <div class="acts">
      {page.headline.id === "waiting" && <Way href="/consent" label={words.consent.title} />}
      {page.first && <Way href={`/findings/${page.first}`} label={words.status.whatToDo} />}
      {scan && (
        <form class="act" method="post" action="/scan">
          <button class={page.first ? "quiet" : ""} type="submit">
            {words.status.checkNow}
          </button>
        </form>
      )}
    </div>
  );
}

function Way({ href, label }: { href: string; label: string }): JSX.Element {
  return (
    <p class="act">
      <a class="button" href={href}>
        {label}
      </a>
    </p>
  );
}

function Summary({ frame, words, page }: Props): JSX.Element {
  const when = (iso: string | null): string =>
    iso === null ? words.common.never : formatTime(iso, frame.now, words.time);
  return (
    <section class="summary">
      {(page.headline.id === "stale" || page.headline.stoppedSince) && page.lastCheck && (
        <p class="notice stopped">{words.status.asOf(when(page.lastCheck))}</p>
      )}
      <p class="counts">
        <b>
          {page.counts.length > 0 || page.lastCheck
            ? words.common.cameras(page.cameras)
            : words.status.notYet}
        </b>
        {page.counts.map(({ mark, count }) => (
          <MarkChip key={mark} mark={mark} words={words} word={`${words.marks[mark]} ${count}`} />
        ))}
      </p>
      {page.unsettled > 0 && <p>{words.status.openQuestions(page.unsettled)}</p>}
      {page.exceptions > 0 && <p>{words.status.accepted(page.exceptions)}</p>}
      <dl class="times">
        <div>
          <dt>{words.common.lastCheck}</dt>
          <dd>{when(page.lastCheck)}</dd>
        </div>
        {page.nextCheck && (
          <div>
            <dt>{words.common.nextCheck}</dt>
            <dd>{when(page.nextCheck)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** What needs somebody first; cameras without anything to do are folded to a line each. */
function Cameras({ frame, words, rows }: PartProps & { rows: readonly CameraRow[] }): JSX.Element {
  const isCalm = (row: CameraRow): boolean => row.mark === "none" && row.accepted === 0;
  const calm = rows.filter(isCalm);
  return (
    <section class="cameras">
      <h2>{words.status.camerasHeading}</h2>
      <ul class="cards">
        {rows
          .filter((row) => !isCalm(row))
          .map((row) => (
            <Camera key={row.key} frame={frame} words={words} row={row} />
          ))}
      </ul>
      {calm.length > 0 && (
        <details class="calm" id="calm" open={calm.length <= CALM_SHOWN}>
          <summary>
            <span class="sign none">
              <MarkIcon mark="none" />
            </span>{" "}
            {words.picture.calm(calm.length)}
          </summary>
          <ul class="cards">
            {calm.map((row) => (
              <Camera key={row.key} frame={frame} words={words} row={row} />
            ))}
          </ul>
        </details>
      )}
      <p class="act buttons">
        <a class="button quiet" href="/outside">
          {words.outside.title}
        </a>
        <a class="button quiet" href="/timeline">
          {words.picture.timeline}
        </a>
      </p>
    </section>
  );
}

function Camera({ frame, words, row }: PartProps & { row: CameraRow }): JSX.Element {
  return (
    <li class={`card edge ${row.mark}`}>
      <h3>
        <a href={`/cameras/${row.key}`}>
          <bdi>{row.name}</bdi>
        </a>
        {row.findings.length === 0 && <MarkChip mark={row.mark} words={words} />}
      </h3>
      {row.maker && (
        <p class="maker">
          <bdi>{row.maker}</bdi>
        </p>
      )}
      <Doors doors={row.doors} words={words} />
      <Points frame={frame} words={words} row={row} />
      <Rest words={words} row={row} />
    </li>
  );
}

/** The findings of one camera, short: its name stands above them, and the worst comes first. */
function Points({ words, row }: PartProps & { row: CameraRow }): JSX.Element | null {
  if (row.findings.length === 0) return null;
  const more = row.findings.length - POINTS_SHOWN;
  const shown = more > 1 ? row.findings.slice(0, POINTS_SHOWN) : row.findings;
  return (
    <ul class="points">
      {shown.map(({ id, check, mark, where }) => (
        <li key={id}>
          <a class="point" href={`/findings/${id}`}>
            <span class={`sign ${mark}`}>
              <MarkIcon mark={mark} />
              <span class="only-read">{words.marks[mark]}: </span>
            </span>
            <span>{where ? words.picture.at(words.checks[check], where) : words.checks[check]}</span>
          </a>
        </li>
      ))}
      {shown.length < row.findings.length && (
        <li>
          <a class="point" href={`/cameras/${row.key}`}>
            {words.status.more(more)}
          </a>
        </li>
      )}
    </ul>
  );
}

/** What is neither found nor fine: never left out, never in the way. */
function Rest({ words, row }: { words: PartProps["words"]; row: CameraRow }): JSX.Element | null {
  const { status, marks } = words;
  const parts = [
    row.since !== null && status.since(formatDate(row.since, words.time)),
    row.unknown > 0 && status.unsettled(row.unknown, marks.unknown),
    row.waiting > 0 && status.unsettled(row.waiting, marks.waiting),
    row.accepted > 0 && status.accepted(row.accepted),
  ].filter((text) => typeof text === "string");
  return parts.length > 0 ? <p class="rest">{parts.join(" · ")}</p> : null;
}
